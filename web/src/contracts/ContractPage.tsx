/* A contract: where it stands, what it is worth, how it ends, its lines, and what is under it. */
import { Button, Tabs } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { fieldNamed, type MetaType, useMeta, useType } from '@/api/meta';
import { type Row, rowOf, textOf } from '@/api/records';
import { useMay } from '@/api/session';
import { IconPlus } from '@/parts/icons';
import { Missed } from '@/parts/Missed';
import { Page, Section } from '@/parts/Page';
import { type Ask, Asked, Bars, Empty, Failed, isLost, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { relationsOf } from '@/records/arrange';
import { Actions } from '@/records/Actions';
import { Fields } from '@/records/Fields';
import { History } from '@/records/History';
import { Facts, useRecord, useTab } from '@/records/RecordPage';
import { RelatedList } from '@/records/Related';
import { StatusPath } from '@/records/StatusPath';
import { day, dayOf, daysBetween, duration } from '@/text/format';
import { t, tn } from '@/text/t';
import { humanize, lower, nameOf, pluralOf } from '@/text/words';
import css from './ContractPage.module.css';
import { Life } from './Life';
import { LinePanel } from './LinePanel';
import { type Lines, useLines } from './lines';
import { LineTree } from './LineTree';
import { OperationDialog } from './OperationDialog';
import { OperationsMenu, SelectionBar } from './Operations';
import { type Offer, offersOf, operations } from './operations';
import { Clauses, Contacts } from './People';
import { amountOf, moneyOf, roughly } from './price';
import { Covers, Entitlements } from './Rights';
import { Moments, Story, useStory } from './Story';
import { distance, noticeDay, type Story as Told } from './story';

const terms = ['reference', 'description', 'term', 'time_zone', 'currency', 'proration', 'discount_percent', 'discount_mode', 'payment_terms', 'auto_renew', 'notice_days', 'renew_days_before',
  'renewal_term', 'renewal_proposal', 'renewal_basis', 'uplift_percent', 'uplift_per', 'approval', 'approver_id', 'keep_draft', 'template_id'];

export default function ContractPage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <Contract type={type} row={row} />}</Asked>;
}

function Highlight({ title, main, children }: { title: string; main: ReactNode; children?: ReactNode }) {
  return (
    <section aria-label={title} className={css.highlight}>
      <h2 className={css.label}>{title}</h2>
      <p className={css.main_value}>{main}</p>
      {children}
    </section>
  );
}

/* How long it still runs, in the words that one would say. */
function Term({ row, today }: { row: Row; today: string }) {
  const start = textOf(row, 'starts_on');
  const end = textOf(row, 'ends_on');
  const words = start > today ? tn('ent.starts_in', daysBetween(today, start)) : !end ? t('ent.open_end')
    : end < today ? tn('ent.ended', daysBetween(end, today)) : tn('ent.days_left', daysBetween(today, end) + 1);
  return (
    <Highlight title={t('ent.term')} main={words}>
      <p className="muted">{day(start)} – {end ? day(end) : t('ent.open_end')}{row.term ? ` · ${duration(textOf(row, 'term'))}` : ''}</p>
    </Highlight>
  );
}

function Worth({ row }: { row: Row }) {
  const tcv = amountOf(row, 'tcv');
  const arr = amountOf(row, 'arr');
  const mrr = amountOf(row, 'mrr');
  const once = amountOf(row, 'one_time');
  const main = tcv ?? arr;
  const parts = [tcv && arr && t('value.a_year', { amount: roughly(arr) }), mrr && t('value.a_month', { amount: roughly(mrr) }), once && Number(once.amount) !== 0 && t('value.once', { amount: roughly(once) })];
  return (
    <Highlight title={t(tcv || !arr ? 'value.tcv' : 'value.arr')} main={main ? <span title={moneyOf(main)}>{roughly(main)}</span> : <span className="muted" title={t('price.no_total')}>–</span>}>
      <p className="muted">{main ? parts.filter(Boolean).join(' · ') : t('price.no_total')}</p>
    </Highlight>
  );
}

function Renewal({ row, today }: { row: Row; today: string }) {
  const notice = noticeDay(row);
  const over = ['cancelled', 'expired'].includes(textOf(row, 'state'));
  const main = !row.ends_on ? t('renewal.open') : row.auto_renew === true ? t('renewal.auto') : over ? t('renewal.over') : t('renewal.manual');
  const how = [
    row.auto_renew === true && row.renewal_proposal !== 'direct' && t('renewal.as', { what: lower(humanize(textOf(row, 'renewal_proposal'))) }),
    row.renewal_term && t('renewal.for', { term: duration(textOf(row, 'renewal_term')) }),
    row.uplift_percent && t('renewal.uplift', { percent: textOf(row, 'uplift_percent') }),
  ].filter(Boolean).join(' · ');
  const days = notice ? daysBetween(today, notice) : null;
  return (
    <Highlight title={t('renewal.title')} main={main}>
      {notice && !over && days !== null && (days < 0
        ? <p className="muted">{t('renewal.notice_over', { date: day(notice) })}</p>
        : <p data-soon={days <= 30 || undefined} className={css.notice}>{t('renewal.notice', { date: day(notice) })} · {distance(notice, today)}</p>)}
      {how && <p className="muted">{how}</p>}
    </Highlight>
  );
}

function Customer({ row }: { row: Row }) {
  const account = rowOf(row, 'account');
  const who = rowOf(row, 'administrator');
  return (
    <Highlight title={t('desk.customer')} main={account ? <Link to={`/accounts/${account.id}`}>{textOf(account, 'name')}</Link> : '–'}>
      <p className="muted">{[textOf(account, 'tier'), textOf(account, 'country'), who && textOf(who, 'name')].filter(Boolean).join(' · ')}</p>
    </Highlight>
  );
}

function NoLines({ contract }: { contract: Row }) {
  const type = useType('contract_line');
  const may = useMay();
  return (
    <Empty title={t('lines.none')} hint={t('lines.none_hint')}>
      {contract.state === 'draft' && type.creatable && may(type.permissions.create) && (
        <Button component={Link} to={`/contract_lines/new?contract_id=${contract.id}`} leftSection={<IconPlus size={16} />}>{t('list.new', { name: lower(nameOf(type)) })}</Button>
      )}
    </Empty>
  );
}

const none = new Set<string>();

function Overview({ row, lines, story, asked, line, onLine, offers, selected, onSelect, onStart }: {
  row: Row;
  lines: Lines;
  story: Told;
  asked: Ask[];
  line: string | null;
  onLine: (id: string | null) => void;
  offers: Offer[];
  selected: Set<string>;
  onSelect: (ids: Set<string>) => void;
  onStart: (offer: Offer) => void;
}) {
  const selectable = offers.some((offer) => offer.operation.takes !== 'none');
  return (
    <div className={css.body}>
      <div className={css.main}>
        <Section title={t('lines.title')}>
          {lines.error && lines.rows.length === 0 ? <Failed error={lines.error} again={lines.again} /> : lines.loading ? <Bars count={8} /> : lines.rows.length === 0 ? <NoLines contract={row} />
            : <>
              {selected.size > 0 && <SelectionBar count={selected.size} offers={offers} onStart={onStart} onClear={() => onSelect(none)} />}
              <LineTree contract={row} lines={lines} selected={selected} onSelect={selectable ? onSelect : null} chosen={line} onChoose={onLine} />
            </>}
        </Section>
        <Covers contract={row} lines={lines.byId} />
      </div>
      {line !== null ? <LinePanel key={line} id={line} onClose={() => onLine(null)} /> : (
        <aside>
          {(story.ahead.length > 0 || asked.some(isLost)) && <Section title={t('life.ahead')}><Missed of={asked} /><Moments moments={story.ahead.slice(0, 5)} label={t('life.ahead')} /></Section>}
          <Entitlements contract={row} />
          <Contacts contract={row} />
        </aside>
      )}
    </div>
  );
}

function Terms({ type, row }: { type: MetaType; row: Row }) {
  return (
    <div className={css.body}>
      <div className={css.main}>
        <Section title={t('contract.terms')}><Fields type={type} row={row} columns={1} empty={false} fields={terms.flatMap((name) => fieldNamed(type, name) ?? [])} /></Section>
        <Clauses contract={row} />
      </div>
      <aside><Facts type={type} row={row} /></aside>
    </div>
  );
}

const shownHere = new Set(['contract_line', 'contract_coverage', 'contract_link', 'contract_operation']);

function Contract({ type, row }: { type: MetaType; row: Row }) {
  const meta = useMeta();
  const may = useMay();
  const [tab, setTab] = useTab('details');
  const [address, setAddress] = useSearchParams();
  const lines = useLines(row.id);
  const { story, operations: history, asked } = useStory(row);
  const today = dayOf(new Date());
  const state = fieldNamed(type, 'state');
  const line = address.get('line');
  const [selected, setSelected] = useState<Set<string>>(none);
  const [started, setStarted] = useState<Offer | null>(null);
  const offers = offersOf(type, row, may);
  const relations = relationsOf(meta, type).filter((one) => may(one.type.permissions.read) && !shownHere.has(one.type.name));
  return (
    <Page
      title={textOf(row, 'name')}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }, ...(row.account ? [{ to: `/accounts/${textOf(row, 'account_id')}`, text: textOf(rowOf(row, 'account'), 'name') }] : [])]}
      beside={<>
        <span className={css.number}>{textOf(row, 'number')}</span>
        <Status strong word={textOf(row, 'state')} />
        {['in_review', 'rejected', 'draft'].includes(textOf(row, 'approval')) && <Status strong word={textOf(row, 'approval')} label={t('contract.approval', { state: lower(humanize(textOf(row, 'approval'))) })} />}
      </>}
      actions={<><OperationsMenu offers={offers} onStart={setStarted} /><Actions type={type} row={row} hidden={operations.map((one) => one.name)} /></>}
    >
      <div className={css.top}>
        <Term row={row} today={today} />
        <Worth row={row} />
        <Renewal row={row} today={today} />
        <Customer row={row} />
      </div>
      <Life contract={row} operations={history} />
      {state && <StatusPath field={state} value={textOf(row, 'state')} />}
      <Tabs value={tab} onChange={setTab} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          <Tabs.Tab value="details">{t('record.overview')}</Tabs.Tab>
          <Tabs.Tab value="life">{t('case.timeline')}</Tabs.Tab>
          <Tabs.Tab value="terms">{t('contract.terms')}</Tabs.Tab>
          {relations.length > 0 && <Tabs.Tab value="related">{t('record.related')}</Tabs.Tab>}
          {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="details">
          <Overview row={row} lines={lines} story={story} asked={asked} line={line} onLine={(id) => setAddress(id ? { line: id } : {}, { replace: true })}
            offers={offers} selected={selected} onSelect={setSelected} onStart={setStarted} />
        </Tabs.Panel>
        <Tabs.Panel value="life"><Story story={story} asked={asked} /></Tabs.Panel>
        <Tabs.Panel value="terms"><Terms type={type} row={row} /></Tabs.Panel>
        <Tabs.Panel value="related">{relations.map((one) => <RelatedList key={`${one.type.name}${one.field.name}`} relation={one} row={row} twice={relations.filter((other) => other.type === one.type).length > 1} />)}</Tabs.Panel>
        <Tabs.Panel value="history"><History type={type} id={row.id} /></Tabs.Panel>
      </Tabs>
      {started && <OperationDialog key={started.operation.name} offer={started} contract={row} byId={lines.byId} selected={selected} onClose={() => setStarted(null)} onDone={() => setSelected(none)} />}
    </Page>
  );
}
