/* A line beside the tree: what it is, how its price comes about, what is under it. */
import { ActionIcon, Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { fieldNamed, useType } from '@/api/meta';
import { type Row, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { Balance } from '@/entitlements/Balance';
import { IconTrendingUp, IconX } from '@/parts/icons';
import { Missed } from '@/parts/Missed';
import { Asked, Bars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { When } from '@/parts/Value';
import { Fields } from '@/records/Fields';
import { useRecord } from '@/records/RecordPage';
import { money } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import { CoverageList } from './Rights';
import css from './LinePanel.module.css';
import { amountOf, moneyOf, periodOf, Total } from './price';
import { Ramp } from './Ramp';

const shown = ['product_id', 'asset_id', 'location', 'starts_on', 'ends_on', 'ends_early', 'cancelled_at', 'proration', 'renewable', 'renewal_basis', 'uplift_percent', 'line_type', 'line_action', 'renewed_from_id', 'split_from_id', 'description'];

function childrenOf(row: Row, name: string): Row[] {
  return Array.isArray(row[name]) ? (row[name] as Row[]) : [];
}

/* "− 5 %", "+ €2.00", "= €90.00". */
function adjustmentText(one: Row, currency: string): string {
  const kind = textOf(one, 'type');
  const value = kind.endsWith('percent') ? t('price.percent', { value: textOf(one, 'value') }) : money(textOf(one, 'value'), currency);
  return `${kind.startsWith('markdown') ? '−' : kind.startsWith('markup') ? '+' : '='} ${value}`;
}

/* From the list price to the price of one, step by step. */
function Price({ row }: { row: Row }) {
  const list = amountOf(row, 'list_price');
  const agreed = amountOf(row, 'unit_price');
  const currency = (list ?? agreed)?.currency ?? 'EUR';
  return (
    <dl className={css.price}>
      {list && <div><dt>{t('price.list')}</dt><dd>{moneyOf(list)} <span className="muted">{periodOf(row)}</span></dd></div>}
      {!agreed && childrenOf(row, 'adjustments').map((one) => (
        <div key={one.id}><dt>{textOf(one, 'name') || humanize(textOf(one, 'type'))} <span className="muted">{t(one.source === 'automatic' ? 'price.by_rule' : 'price.by_hand')}</span></dt><dd>{adjustmentText(one, currency)}</dd></div>
      ))}
      {agreed && <div><dt>{t('price.agreed')}</dt><dd>{moneyOf(agreed)} <span className="muted">{periodOf(row)}</span></dd></div>}
      {row.derived_percent && <div><dt>{t('price.derived')}</dt><dd>{t('price.percent', { value: textOf(row, 'derived_percent') })}</dd></div>}
      <div data-sum><dt>{t('lines.month')}</dt><dd><Total of={row} name="mrr" /></dd></div>
      {row.pricing_method === 'one_time' && <div><dt>{t('value.one_time')}</dt><dd><Total of={row} name="one_time" /></dd></div>}
      <div><dt>{t('price.with_below')}</dt><dd><Total of={row} name="total_net" /></dd></div>
    </dl>
  );
}

function Under({ row }: { row: Row }) {
  const may = useMay();
  const coverage = usePage('contract_coverages', { contract_line_id: row.id, limit: '20', expand: 'asset,product' }, may('contract_coverage.read'));
  const entitlements = usePage('entitlements', { contract_line_id: row.id, limit: '20' }, may('entitlement.read'));
  return (
    <>
      <Missed of={[coverage]} what={t('rights.covers')} />
      <Missed of={[entitlements]} what={t('rights.entitlements')} />
      {(coverage.data?.data.length ?? 0) > 0 && <section><h3>{t('rights.covers')}</h3><CoverageList rows={coverage.data!.data} /></section>}
      {(entitlements.data?.data.length ?? 0) > 0 && (
        <section>
          <h3>{t('rights.entitlements')}</h3>
          {entitlements.data!.data.map((one) => <div key={one.id} className={css.right}><Link to={`/entitlements/${one.id}`}>{textOf(one, 'name')}</Link><Balance row={one} /></div>)}
        </section>
      )}
    </>
  );
}

const RampEditor = lazy(() => import('./RampEditor'));

/* Its steps may be changed as long as it lives; whether it has any, while it is a draft. */
function canRamp(row: Row): boolean {
  const state = textOf(row, 'state');
  if (row.pricing_method === 'one_time' || !row.starts_on || !row.ends_on || ['expired', 'cancelled'].includes(state)) return false;
  return state === 'draft' || row.ramp !== 'none';
}

function RampPart({ row }: { row: Row }) {
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const able = canRamp(row) && may('contract_line.update');
  if (row.ramp === 'none' && !able) return null;
  return (
    <section>
      <h3>{t('ramp.title')}</h3>
      {row.ramp !== 'none' && <Ramp line={row} />}
      {able && <Button size="xs" variant="default" mt={8} leftSection={<IconTrendingUp size={14} />} onClick={() => setEditing(true)}>{t(row.ramp === 'none' ? 'ramp.add' : 'ramp.edit')}</Button>}
      {editing && <Suspense fallback={null}><RampEditor line={row} onClose={() => setEditing(false)} /></Suspense>}
    </section>
  );
}

function Body({ row }: { row: Row }) {
  const type = useType('contract_line');
  const characteristics = childrenOf(row, 'characteristics');
  const suspensions = childrenOf(row, 'suspensions');
  return (
    <>
      <h2 className={css.name}>{textOf(row, 'name')}</h2>
      <p className={css.line}><span className="num">{textOf(row, 'number')}</span><Status word={textOf(row, 'state')} /></p>
      <section><h3>{t('price.title')}</h3><Price row={row} /></section>
      <RampPart row={row} />
      {suspensions.length > 0 && (
        <section>
          <h3>{t('lines.suspensions')}</h3>
          {suspensions.map((one) => <p key={one.id} className={css.small}><When at={textOf(one, 'starts_at')} /> – {one.ends_at ? <When at={textOf(one, 'ends_at')} /> : t('lines.until_resumed')} <span className="muted">{textOf(one, 'reason')}</span></p>)}
        </section>
      )}
      <Under row={row} />
      {characteristics.length > 0 && (
        <section>
          <h3>{t('lines.characteristics')}</h3>
          <dl className={css.price}>{characteristics.map((one) => <div key={one.id}><dt>{textOf(one, 'name')}</dt><dd>{textOf(one, 'value')}</dd></div>)}</dl>
        </section>
      )}
      <section><h3>{t('record.details')}</h3><Fields type={type} row={row} columns={1} empty={false} fields={shown.flatMap((name) => fieldNamed(type, name) ?? []).filter((field) => row[field.name] !== false)} /></section>
    </>
  );
}

export function LinePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const type = useType('contract_line');
  const found = useRecord(type, id);
  const row = found.data;
  return (
    <aside className={css.panel} aria-label={t('list.peek', { name: row ? textOf(row, 'name') : '' })}>
      <header className={css.head}>
        <Button component={Link} to={`/contract_lines/${id}`} size="xs" variant="default">{t('list.open_full')}</Button>
        <ActionIcon aria-label={t('list.close_peek')} onClick={onClose}><IconX size={16} /></ActionIcon>
      </header>
      <Asked of={found} wait={<Bars count={10} />}>{(one) => <Body row={one} />}</Asked>
    </aside>
  );
}
