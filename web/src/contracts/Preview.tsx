/* What an operation would do: what it costs, what one should know, and every record that changes. */
import { Fragment } from 'react';
import { fieldNamed, type MetaField, useMeta } from '@/api/meta';
import { Problem } from '@/api/problem';
import { type Json, type Row, useRow } from '@/api/records';
import { IconAlertTriangle, IconCircleX } from '@/parts/icons';
import { Bars } from '@/parts/States';
import { isEmpty, useLabel, valueText } from '@/parts/Value';
import { why } from '@/parts/why';
import { day, instant } from '@/text/format';
import { number, t, tn } from '@/text/t';
import { fieldWord, humanize, nameOf } from '@/text/words';
import type { Change, Plan } from './operations';
import css from './Preview.module.css';
import { type Amount, moneyOf } from './price';

const most = 200; /* changes that are drawn */
const quiet = new Set(['version', 'object', 'account_id', 'number', 'name', 'line_type', 'line_action', 'root_id', 'starts_at', 'ends_at', 'activated_at', 'metadata', 'currency', 'renewal_root_id', 'stage',
  'state', 'period', 'pricing_method', 'proration', 'line_count', 'renewable', 'count_quantity', 'ramp', 'ramp_increase', 'per_parent', 'renewal_basis', 'discount_mode', 'uplift_per', 'renewal_proposal', 'extra_rows']);

function signed(amount: Amount): string {
  return `${Number(amount.amount) > 0 ? '+' : ''}${moneyOf(amount)}`.replace('-', '−');
}

function textOfRows(rows: Record<string, Json>[]): string {
  return rows.map((row) => {
    const until = row.ends_at ?? row.ends_on;
    const from = row.starts_at ?? row.starts_on;
    const when = (value: Json | undefined) => (typeof value !== 'string' ? t('lines.until_resumed') : value.includes('T') ? instant(value) : day(value));
    return from !== undefined ? `${when(from)} – ${when(until)}` : Object.values(row).filter((value) => typeof value === 'string').join(' ');
  }).join(', ');
}

function textOf(field: MetaField | undefined, name: string, value: Json, names: Map<string, string>, label: (row: Row) => string): string {
  if (isEmpty(value)) return t('preview.nothing');
  if (typeof value === 'string' && names.has(value)) return names.get(value)!;
  if (typeof value === 'string' && value.startsWith('new:')) return t('preview.new');
  if (Array.isArray(value) && value.every((one) => one !== null && typeof one === 'object')) return textOfRows(value as Record<string, Json>[]);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return instant(value);
  return field ? valueText(field, { object: '', id: '', [name]: value }, label) : String(value);
}

/* What of a change is worth reading. */
function fieldsOf(change: Change): [string, { from: Json; to: Json }][] {
  const added = change.action === 'add';
  return Object.entries(change.fields).filter(([name, { to }]) => !quiet.has(name) && !name.endsWith('_from_id') && (!added || name !== 'contract_id') && (!added || (!isEmpty(to) && to !== false)));
}

function costs(change: Change): boolean {
  return change.price_before?.amount !== change.price_after?.amount;
}

/* A value; a record that is none of the contract's is asked for by itself, and kept. */
function Shown({ field, name, value, names }: { field: MetaField | undefined; name: string; value: Json; names: Map<string, string> }) {
  const label = useLabel();
  const other = field?.kind === 'id' && field.target_plural && typeof value === 'string' && !names.has(value) && !value.startsWith('new:') ? value : null;
  const { data } = useRow(field?.target_plural ?? '', other);
  return <>{data ? label(data) : textOf(field, name, value, names, label)}</>;
}

function Fields({ change, names }: { change: Change; names: Map<string, string> }) {
  const meta = useMeta();
  const type = meta.type(change.type);
  const added = change.action === 'add';
  const shown = fieldsOf(change);
  return (
    <dl className={css.fields}>
      {shown.slice(0, added ? 6 : 12).map(([name, { from, to }]) => {
        const field = type && fieldNamed(type, name);
        return (
          <Fragment key={name}>
            <dt>{field?.label ?? fieldWord(name)}</dt>
            <dd>{!added && <><s><Shown field={field} name={name} value={from} names={names} /></s> <span aria-hidden>→</span> </>}<Shown field={field} name={name} value={to} names={names} /></dd>
          </Fragment>
        );
      })}
    </dl>
  );
}

/* The word for what happens to it: that of its line, else what is done to the record. */
function Word({ change }: { change: Change }) {
  const told = change.action === 'add' || 'line_type' in change.fields || 'line_action' in change.fields;
  const words = told ? [change.line_type, change.line_action].filter((word) => word && word !== 'no_change') : [];
  const tone = told && (change.line_action === 'disconnect' || change.line_type === 'cancel') ? 'bad' : change.action === 'add' ? 'ok' : 'plain';
  return <span className={css.word} data-tone={tone}>{humanize(words.length > 0 ? words.join(' · ') : change.action)}</span>;
}

function One({ change, names }: { change: Change; names: Map<string, string> }) {
  return (
    <li>
      <p className={css.line}>
        <b>{change.name || nameOf({ name: change.type })}</b>
        <span className="muted num">{change.number ?? ''}</span>
        <Word change={change} />
        {costs(change) && (change.price_before || change.price_after) && (
          <span className={css.price}>{change.price_before && <s>{moneyOf(change.price_before)}</s>} {change.price_after ? moneyOf(change.price_after) : '–'}</span>
        )}
      </p>
      <Fields change={change} names={names} />
    </li>
  );
}

const order = ['contract', 'contract_line', 'entitlement', 'contract_coverage'];

export function PlanView({ plan, names }: { plan: Plan; names: Map<string, string> }) {
  const groups = order.map((type) => ({ type, changes: plan.changes.filter((change) => change.type === type && (change.action === 'add' || costs(change) || fieldsOf(change).length > 0)) })).filter((group) => group.changes.length > 0);
  const delta = plan.price_delta;
  let left = most;
  return (
    <>
      <div className={css.cost}>
        <p className={css.delta} data-sign={delta ? Math.sign(Number(delta.amount)) : 0}>{delta && Number(delta.amount) !== 0 ? signed(delta) : t('preview.no_delta')}</p>
        <p className="muted">
          {plan.price_before && plan.price_after && plan.price_before.amount !== plan.price_after.amount && <>{t('preview.worth', { from: moneyOf(plan.price_before), to: moneyOf(plan.price_after) })} · </>}
          {plan.effective_on && t('preview.from', { date: day(plan.effective_on) })}
        </p>
      </div>
      {plan.warnings.length > 0 && <ul className={css.warnings}>{plan.warnings.map((one, i) => <li key={i}><IconAlertTriangle size={15} aria-hidden />{one.text}</li>)}</ul>}
      {groups.length === 0 && <p className="muted">{t('preview.no_changes')}</p>}
      {groups.map(({ type, changes }) => {
        const drawn = changes.slice(0, Math.max(0, left));
        left -= drawn.length;
        return (
          <section key={type}>
            <h3>{t(`preview.${type}` as 'preview.contract')} <span className="num">{number(changes.length)}</span></h3>
            <ul className={css.changes}>{drawn.map((change) => <One key={change.id} change={change} names={names} />)}</ul>
            {changes.length > drawn.length && <p className="muted">{tn('preview.more', changes.length - drawn.length)}</p>}
          </section>
        );
      })}
    </>
  );
}

/* Why not, where the server refuses: each reason at its field in the form, all of them here. */
function Refused({ problem }: { problem: Problem }) {
  const missing = problem.issues.length > 0 && problem.issues.every((issue) => issue.code === 'required');
  if (missing) return <p className="muted">{t('preview.fill_in')}</p>;
  return (
    <div className={css.refused} role="alert">
      <p><IconCircleX size={16} aria-hidden /><b>{t('preview.refused')}</b></p>
      {problem.issues.length === 0 ? <p>{problem.message}</p> : <ul>{problem.issues.slice(0, 8).map((issue, i) => <li key={i}>{issue.detail}</li>)}</ul>}
    </div>
  );
}

export function Preview({ complete, plan, error, fetching, changed, names }: { complete: boolean; plan: Plan | undefined; error: unknown; fetching: boolean; changed: boolean; names: Map<string, string> }) {
  return (
    <section className={css.preview} aria-label={t('preview.title')} aria-busy={fetching} data-stale={(fetching && plan !== undefined) || undefined}>
      <h2>{t('preview.title')}</h2>
      {changed && <ul className={css.warnings} role="alert"><li><IconAlertTriangle size={15} aria-hidden />{t('preview.changed')}</li></ul>}
      {!complete ? <p className="muted">{t('preview.fill_in')}</p> : error instanceof Problem ? <Refused problem={error} /> : error ? <p>{why(error)}</p> : plan ? <PlanView plan={plan} names={names} /> : <Bars count={5} />}
    </section>
  );
}
