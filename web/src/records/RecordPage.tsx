/* The record of any type: what it is, where it stands, what belongs to it, what happened. */
import { Tabs } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { fieldNamed, type MetaType, useMeta } from '@/api/meta';
import { type Row, textOf, useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { Page, Section } from '@/parts/Page';
import { Asked, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { useLabel } from '@/parts/Value';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import { Actions } from './Actions';
import { highlightsOf, isHub, relationsOf, stateFieldOf } from './arrange';
import { Fields, Highlights } from './Fields';
import { History } from './History';
import css from './RecordPage.module.css';
import { Related } from './Related';
import { StatusPath } from './StatusPath';

/* What `expand` is asked for: every reference of the type, at most what the server takes. */
export function expandAll(type: MetaType): Record<string, string> {
  const names = type.fields
    .filter((field) => field.kind === 'id' && field.rule !== 'key' && field.target_plural !== null)
    .map((field) => field.name.replace(/_id$/, ''));
  return { actions: 'true', ...(names.length > 0 && { expand: names.slice(0, 20).join(',') }) };
}

export function useRecord(type: MetaType, id: string) {
  return useRow(type.plural!, id, expandAll(type));
}

/* A tab of the page, kept in its address. */
export function useTab(first: string): [string, (tab: string | null) => void] {
  const [address, setAddress] = useSearchParams();
  return [address.get('tab') ?? first, (tab) => setAddress(tab === first || tab === null ? {} : { tab }, { replace: true })];
}

export function RecordPage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <Record type={type} row={row} />}</Asked>;
}

export function Details({ type, row, columns, empty }: { type: MetaType; row: Row; columns?: 1 | 2; empty?: boolean }) {
  const fields = type.fields.filter((field) => field.show !== 'side' && field.show !== 'none' && field.rule !== 'write');
  const plain = fields.filter((field) => field.kind !== 'children' && field.name !== type.label_field);
  const rows = fields.filter((field) => field.kind === 'children' && Array.isArray(row[field.name]) && (row[field.name] as unknown[]).length > 0);
  return (
    <>
      <Fields type={type} row={row} fields={plain} columns={columns} empty={empty} />
      {rows.map((field) => (
        <div key={field.name} className={css.children}>
          <Section title={field.label}>
            {(row[field.name] as Row[]).map((child, i) => (
              <Fields key={child.id ?? i} type={type} row={child} fields={(field.child ?? []).filter((one) => one.rule !== 'key')} empty={false} columns={columns} />
            ))}
          </Section>
        </div>
      ))}
    </>
  );
}

export function Facts({ type, row }: { type: MetaType; row: Row }) {
  return (
    <Section title={t('record.facts')}>
      <Fields type={type} row={row} columns={1} empty={false} fields={type.fields.filter((field) => field.show === 'side' && field.name !== 'version')} />
    </Section>
  );
}

function Record({ type, row }: { type: MetaType; row: Row }) {
  const meta = useMeta();
  const may = useMay();
  const label = useLabel();
  const [tab, setTab] = useTab(isHub(type) ? 'related' : 'details');
  const state = stateFieldOf(type);
  const hasRelated = relationsOf(meta, type).some((one) => may(one.type.permissions.read));
  const number = type.label_field === 'number' ? '' : textOf(row, 'number');
  return (
    <Page
      title={label(row)}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }]}
      beside={<>
        {number && <span className={css.number}>{number}</span>}
        {state && textOf(row, state.name) && <Status strong word={textOf(row, state.name)} />}
        {row.disabled === true && <Status strong word="cancelled" label={fieldNamed(type, 'disabled')?.label} />}
      </>}
      actions={<Actions type={type} row={row} />}
    >
      <Highlights row={row} fields={highlightsOf(type)} />
      {state && textOf(row, state.name) && <StatusPath field={state} value={textOf(row, state.name)} />}
      <Tabs value={tab} onChange={setTab} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          {isHub(type) && hasRelated && <Tabs.Tab value="related">{t('record.overview')}</Tabs.Tab>}
          <Tabs.Tab value="details">{t('record.details')}</Tabs.Tab>
          {!isHub(type) && hasRelated && <Tabs.Tab value="related">{t('record.related')}</Tabs.Tab>}
          {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="details">
          <div className={css.body}>
            <div><Details type={type} row={row} /></div>
            <aside><Facts type={type} row={row} /></aside>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="related"><Related type={type} row={row} /></Tabs.Panel>
        <Tabs.Panel value="history"><History type={type} id={row.id} /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
