/* An entitlement: how much is left, until when, what it covers, and how it came to that. */
import { Tabs } from '@mantine/core';
import { Link } from 'react-router';
import { fieldNamed, type MetaType, useMeta } from '@/api/meta';
import { type Row, rowOf, textOf } from '@/api/records';
import { useMay } from '@/api/session';
import { IconStar } from '@/parts/icons';
import { Page, Section } from '@/parts/Page';
import { Asked, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { relationsOf } from '@/records/arrange';
import { Actions } from '@/records/Actions';
import { Fields } from '@/records/Fields';
import { History } from '@/records/History';
import { Facts, useRecord, useTab } from '@/records/RecordPage';
import { RelatedList } from '@/records/Related';
import { StatusPath } from '@/records/StatusPath';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import { Balance } from './Balance';
import { Covers } from './Covers';
import css from './EntitlementPage.module.css';
import { Ledger } from './Ledger';
import { Term } from './Term';
import { Usage } from './Usage';

const counting = ['unit', 'unit_name', 'total', 'unlimited', 'restricted', 'charge_on', 'reset', 'roll_over', 'overage_price', 'contact_policy',
  'covers_descendants', 'kb_access', 'priority', 'time_zone', 'template_id', 'renewed_from_id', 'calendar_id', 'sla_policy_id'];

export default function EntitlementPage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <Entitlement type={type} row={row} />}</Asked>;
}

function Overview({ type, row }: { type: MetaType; row: Row }) {
  const counts = row.unit !== 'none';
  return (
    <div className={css.body}>
      <div>
        {counts && <Usage row={row} />}
        {counts && <Ledger row={row} />}
        {!counts && <Covers type={type} row={row} />}
      </div>
      <aside>
        {counts && <Covers type={type} row={row} />}
        <Section title={t('ent.policy')}>
          <Fields type={type} row={row} columns={1} empty={false} fields={counting.flatMap((name) => fieldNamed(type, name) ?? [])} />
        </Section>
        <Facts type={type} row={row} />
      </aside>
    </div>
  );
}

function Entitlement({ type, row }: { type: MetaType; row: Row }) {
  const meta = useMeta();
  const may = useMay();
  const [tab, setTab] = useTab('details');
  const account = rowOf(row, 'account');
  const state = fieldNamed(type, 'state');
  const relations = relationsOf(meta, type).filter((one) => may(one.type.permissions.read) && one.type.name !== 'term_posting');
  return (
    <Page
      title={textOf(row, 'name')}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }, ...(account ? [{ to: `/accounts/${account.id}`, text: textOf(account, 'name') }] : [])]}
      beside={<>
        <span className={css.number}>{textOf(row, 'number')}</span>
        <Status strong word={textOf(row, 'state')} />
        {row.is_default === true && <Status strong word="default" icon={IconStar} label={t('ent.is_default')} />}
      </>}
      actions={<Actions type={type} row={row} primary={row.state === 'draft' ? 'activate' : row.state === 'suspended' ? 'resume' : 'renew'} />}
    >
      <div className={css.top}>
        <section aria-label={t('ent.balance')}><h2 className={css.label}>{t('ent.balance')}</h2><Balance row={row} large /></section>
        <section aria-label={t('ent.term')}><h2 className={css.label}>{t('ent.term')}</h2><Term row={row} /></section>
        <section aria-label={t('desk.customer')}>
          <h2 className={css.label}>{t('desk.customer')}</h2>
          {account && <p className={css.account}><Link to={`/accounts/${account.id}`}>{textOf(account, 'name')}</Link></p>}
          <p className="muted">{[textOf(account, 'tier'), textOf(account, 'country')].filter(Boolean).join(' · ')}</p>
          <p><Link className="link" to={`/coverage?account_id=${textOf(row, 'account_id')}`}>{t('case.check')}</Link></p>
        </section>
      </div>
      {state && <StatusPath field={state} value={textOf(row, 'state')} />}
      <Tabs value={tab} onChange={setTab} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          <Tabs.Tab value="details">{t('record.overview')}</Tabs.Tab>
          <Tabs.Tab value="related">{t('record.related')}</Tabs.Tab>
          {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="details"><Overview type={type} row={row} /></Tabs.Panel>
        <Tabs.Panel value="related">{relations.map((one) => <RelatedList key={`${one.type.name}${one.field.name}`} relation={one} row={row} twice={relations.filter((other) => other.type === one.type).length > 1} />)}</Tabs.Panel>
        <Tabs.Panel value="history"><History type={type} id={row.id} /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
