/* A case: what was said and done, what covers it, whose it is, and which clock runs. */
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { fieldNamed, type MetaType } from '@/api/meta';
import { type Row, rowOf, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { IconCheck } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { MissedPart } from '@/parts/Missed';
import { Page, Section } from '@/parts/Page';
import { Asked, isLost, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { Value } from '@/parts/Value';
import { Actions } from '@/records/Actions';
import { Facts, useRecord } from '@/records/RecordPage';
import { minutes, span } from '@/text/format';
import { t } from '@/text/t';
import { humanize, pluralOf } from '@/text/words';
import css from './CasePage.module.css';
import { Clocks } from './Clocks';
import { Composer } from './Composer';
import { Cover } from './Cover';
import { Properties } from './Properties';
import { ResolveDialog } from './ResolveDialog';
import { Timeline } from './Timeline';

export default function CasePage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <Case type={type} row={row} />}</Asked>;
}

export function Age({ row }: { row: Row }) {
  const end = row.resolved_at ?? row.cancelled_at;
  const seconds = ((end ? Date.parse(String(end)) : Date.now()) - Date.parse(textOf(row, 'created_at'))) / 1000;
  return <span className="muted num">{t(row.state === 'open' ? 'case.age' : 'case.closed_after', { age: span(seconds) })}</span>;
}

function Customer({ type, row }: { type: MetaType; row: Row }) {
  const account = rowOf(row, 'account');
  const contact = rowOf(row, 'contact');
  const about = ['asset_id', 'product_id', 'channel'].flatMap((name) => fieldNamed(type, name) ?? []).filter((field) => row[field.name] !== null);
  return (
    <Section title={t('case.customer')}>
      <div className={css.customer}>
        {account && <p><Link className={css.strong} to={`/accounts/${account.id}`}>{textOf(account, 'name')}</Link>{account.tier && <span className={css.tier}>{textOf(account, 'tier')}</span>}</p>}
        {contact && (
          <p>
            <Link to={`/contacts/${contact.id}`}>{textOf(contact, 'name')}</Link>
            {contact.phone && <> · <a className="num" href={`tel:${textOf(contact, 'phone')}`}>{textOf(contact, 'phone')}</a></>}
            {contact.email && <><br /><a href={`mailto:${textOf(contact, 'email')}`}>{textOf(contact, 'email')}</a></>}
          </p>
        )}
        {about.map((field) => <p key={field.name}><span className="muted">{field.label} </span>{field.name === 'channel' ? humanize(textOf(row, 'channel')) : <Value field={field} row={row} />}</p>)}
      </div>
    </Section>
  );
}

function Spent({ id }: { id: string }) {
  const may = useMay();
  const asked = usePage('case_activities', { case_id: id, limit: '100', expand: 'user', sort: '-created_at' }, may('case_activity.read'));
  const { data } = asked;
  const all = (data?.data ?? []).reduce((sum, one) => sum + Number(one.minutes ?? 0), 0);
  const billable = (data?.data ?? []).reduce((sum, one) => sum + Number(one.billable_minutes ?? 0), 0);
  if (isLost(asked)) return <MissedPart title={t('case.time')} of={[asked]} />;
  if (all === 0) return null;
  return <Section title={t('case.time')}><p className="num">{t('case.time_total', { minutes: minutes(all), billable: minutes(billable) })}</p></Section>;
}

function Case({ type, row }: { type: MetaType; row: Row }) {
  const may = useMay();
  const [resolving, setResolving] = useState(false);
  const composer = useRef<HTMLTextAreaElement>(null);
  const canResolve = row.state === 'open' && may('case.resolve');
  useKeys({ r: () => { if (canResolve) setResolving(true); }, c: () => composer.current?.focus() });
  return (
    <Page
      title={`${textOf(row, 'number')} ${textOf(row, 'title')}`}
      heading={<h1>{textOf(row, 'title')}</h1>}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }, { to: `/${type.plural}/${row.id}`, text: textOf(row, 'number') }]}
      actions={<>
        {canResolve && <Button leftSection={<IconCheck size={16} />} onClick={() => setResolving(true)}>{t('case.resolve')}</Button>}
        <Actions type={type} row={row} primary={row.state === 'resolved' ? 'reopen' : row.state === 'cancelled' ? 'reactivate' : ''} hidden={['resolve']} />
      </>}
    >
      <div className={css.line}>
        <Status strong word={textOf(row, 'state')} />
        <Status strong word={textOf(row, 'priority')} />
        <Status strong word={textOf(row, 'coverage')} />
        {textOf(row, 'status') && row.state === 'open' && <Status strong word={textOf(row, 'status')} />}
        <Age row={row} />
      </div>
      <div className={css.body}>
        <div className={css.main}>
          {textOf(row, 'description') && <p className={css.description}>{textOf(row, 'description')}</p>}
          {textOf(row, 'resolution') && row.state === 'resolved' && (
            <div className={css.solved}><h2>{t('case.resolution')}</h2><p>{textOf(row, 'resolution')}</p></div>
          )}
          {row.state === 'open' && <Composer key={row.id} row={row} box={composer} />}
          <Timeline id={row.id} />
        </div>
        <aside className={css.aside}>
          <Clocks id={row.id} />
          <Cover row={row} />
          <Customer type={type} row={row} />
          <Section title={t('case.properties')}><Properties type={type} row={row} /></Section>
          <Spent id={row.id} />
          <Facts type={type} row={row} />
        </aside>
      </div>
      {resolving && <ResolveDialog row={row} onClose={() => setResolving(false)} />}
    </Page>
  );
}
