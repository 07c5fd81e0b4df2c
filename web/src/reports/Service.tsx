/* For who answers for the service levels: what was in time, what was missed when, what nobody covers. */
import { Link } from 'react-router';
import { useMay } from '@/api/session';
import { day, instant, zoneName } from '@/text/format';
import { locale, number } from '@/text/t';
import { r, rn } from '@/text/reports';
import { humanize } from '@/text/words';
import { csvOf, type RowOf, useReport } from './ask';
import { Columns, Ranking } from './Chart';
import { type Column, Figure } from './Figure';
import type { Series } from './Marks';
import { beginOf, grouped, percent, yearTo } from './sums';

type Compliance = RowOf<'sla_compliance'>;
type Breaches = RowOf<'sla_breaches'>;
type Case = RowOf<'uncovered_cases'>;

export function percentText(value: number | string | null | undefined): string {
  return value === null || value === undefined ? '–' : `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(Number(value))} %`;
}

export function shortDay(date: string): string {
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/* The milestones of these states whose targets are in these days; only as they are now. */
function milestones(states: string, from: string, to: string, more: Record<string, string> = {}): string {
  const after = new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return `/milestones?${new URLSearchParams({ ...more, 'state[in]': states, 'target_at[gte]': beginOf(from, zoneName()), 'target_at[lt]': beginOf(after, zoneName()) })}`;
}

const outcomes = [
  { key: 'met', tone: 'ok', fill: 'solid', states: 'met' },
  { key: 'late', tone: 'warn', fill: 'lines', states: 'met_late' },
  { key: 'overdue', tone: 'bad', fill: 'dots', states: 'violated' },
  { key: 'open', tone: 'accent', fill: 'empty', states: 'running' },
] as const;

function Targets({ asOf }: { asOf: string | null }) {
  const params: Record<string, string> = asOf ? { as_of: asOf } : {};
  const asked = useReport('sla_compliance', params);
  const may = useMay();
  const rows = asked.data?.rows ?? [];
  const { from, to } = asked.data ?? {};
  const count = (key: 'met' | 'late' | 'overdue' | 'open') => rows.reduce((sum, row) => sum + (row[key] ?? 0), 0);
  const list = (states: string, more?: Record<string, string>) => (!asOf && from && to && may('milestone.read') ? milestones(states, from, to, more) : undefined);
  const linked = (row: Compliance, key: (typeof outcomes)[number]) => {
    const to = list(key.states, { kind: row.kind ?? '', name: row.name ?? '' });
    return to && row[key.key] ? <Link className="link" to={to}>{number(row[key.key] ?? 0)}</Link> : number(row[key.key] ?? 0);
  };
  const series: Series[] = outcomes.map((one) => ({ ...one, name: r(one.key), count: number(count(one.key)), to: list(one.states) }));
  const columns: Column<Compliance>[] = [
    { head: r('rule'), cell: (row) => row.name },
    { head: r('kind'), cell: (row) => humanize(row.kind ?? '') },
    ...outcomes.map((one) => ({ head: r(one.key), number: true, cell: (row: Compliance) => linked(row, one) })),
    { head: r('compliance'), number: true, cell: (row) => percentText(row.compliance) },
  ];
  const over = count('met') + count('late') + count('overdue');
  return (
    <Figure title={r('sla')} lead={from && to ? `${day(from)} – ${day(to)}` : r('sla_lead')} empty={r('sla_empty')} csv={csvOf('sla_compliance', params)} asked={asked} rows={rows} columns={columns}
      number={percentText(percent(count('met'), over))} says={r('sla_in_time')}>
      <Ranking title={r('sla')} series={series} bars={rows.map((row) => ({
        key: `${row.kind}/${row.name}`, name: row.name ?? '', text: percentText(row.compliance),
        values: { met: row.met ?? 0, late: row.late ?? 0, overdue: row.overdue ?? 0, open: row.open ?? 0 },
      }))} />
    </Figure>
  );
}

const kinds = [
  { key: 'resolution', tone: 'accent', fill: 'solid' },
  { key: 'first_response', tone: 'accent', fill: 'lines' },
  { key: 'next_response', tone: 'bad', fill: 'dots' },
  { key: 'custom', tone: 'quiet', fill: 'empty' },
] as const;

function Missed({ asOf }: { asOf: string | null }) {
  const params: Record<string, string> = { by: 'week', ...(asOf ? { as_of: asOf } : {}) };
  const asked = useReport('sla_breaches', params);
  const may = useMay();
  const all = asked.data?.rows ?? [];
  const rows = all.some((row) => row.due) ? all : [];
  const total = (key: 'breaches' | 'due' | (typeof kinds)[number]['key']) => all.reduce((sum, row) => sum + (row[key] ?? 0), 0);
  const link = (row: Breaches) => (!asOf && row.breaches && row.from && row.to && may('milestone.read')
    ? <Link className="link" to={milestones('met_late,violated', row.from, row.to)}>{number(row.breaches)}</Link> : number(row.breaches ?? 0));
  const shown = kinds.filter((kind) => kind.key !== 'custom' || total('custom') > 0);
  const columns: Column<Breaches>[] = [
    { head: r('period'), cell: (row) => `${shortDay(row.from ?? '')} – ${shortDay(row.to ?? '')}` },
    { head: r('due'), number: true, cell: (row) => number(row.due ?? 0) },
    { head: r('missed'), number: true, cell: link },
    ...shown.map((kind) => ({ head: r(kind.key), number: true, cell: (row: Breaches) => number(row[kind.key] ?? 0) })),
  ];
  return (
    <Figure title={r('breaches')} lead={r('breaches_lead')} empty={r('breaches_empty')} csv={csvOf('sla_breaches', params)} asked={asked} rows={rows} columns={columns}
      total={[r('total'), number(total('due')), number(total('breaches')), ...shown.map((kind) => number(total(kind.key)))]}
      number={number(total('breaches'))} says={rn('missed', total('breaches'), { due: number(total('due')) })}>
      <Columns title={r('breaches')} whole show={number} series={shown.map((kind) => ({ ...kind, name: r(kind.key), count: number(total(kind.key)) }))}
        groups={rows.map((row) => ({
          key: row.from ?? '', name: shortDay(row.from ?? ''), mark: row.breaches ? number(row.breaches) : '',
          hint: `${shortDay(row.from ?? '')} – ${shortDay(row.to ?? '')}: ${rn('missed', row.breaches ?? 0, { due: number(row.due ?? 0) })}`,
          values: { first_response: row.first_response ?? 0, next_response: row.next_response ?? 0, resolution: row.resolution ?? 0, custom: row.custom ?? 0 },
        }))} />
    </Figure>
  );
}

function Uncovered({ asOf }: { asOf: string | null }) {
  const params: Record<string, string> = { limit: '10000', ...(asOf ? { from: yearTo(asOf), to: asOf } : {}) };
  const asked = useReport('uncovered_cases', params);
  const rows = asked.data?.rows ?? [];
  const openOf = (some: Case[]) => some.filter((row) => row.state === 'open').length;
  const { from, to } = asked.data ?? {};
  const list = (account: string) => `/cases?${new URLSearchParams({
    account_id: account, coverage: 'uncovered', 'state[in]': 'open,resolved',
    ...(from && to ? { 'created_at[gte]': beginOf(from, zoneName()), 'created_at[lt]': beginOf(new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10), zoneName()) } : {}),
  })}`;
  const columns: Column<Case>[] = [
    { head: r('case'), cell: (row) => <Link className="link" to={`/cases/${row.case_id}`}>{row.number}</Link> },
    { head: r('case_title'), cell: (row) => row.title },
    { head: r('account'), cell: (row) => <Link className="link" to={`/accounts/${row.account_id}`}>{row.account}</Link> },
    { head: r('state'), cell: (row) => humanize(row.state ?? '') },
    { head: r('priority'), cell: (row) => humanize(row.priority ?? '') },
    { head: r('opened'), cell: (row) => (row.opened_at ? instant(row.opened_at) : '') },
  ];
  return (
    <Figure wide title={r('cases')} lead={r('cases_lead')} empty={r('cases_empty')} csv={csvOf('uncovered_cases', params)} asked={asked} rows={rows} columns={columns}
      number={number(rows.length)} says={`${number(openOf(rows))} ${r('cases_open')}`}>
      <Ranking title={r('cases')}
        series={[{ key: 'open', name: r('open'), tone: 'bad', fill: 'lines', count: number(openOf(rows)) }, { key: 'resolved', name: r('resolved'), tone: 'quiet', fill: 'solid', count: number(rows.length - openOf(rows)) }]}
        bars={grouped(rows, (row) => row.account_id ?? '').map(({ key, rows: some }) => ({
          key, name: some[0]?.account ?? '', to: list(key), text: number(some.length), values: { open: openOf(some), resolved: some.length - openOf(some) },
        }))} />
    </Figure>
  );
}

export const service = { 'report.sla_compliance': Targets, 'report.sla_breaches': Missed, 'report.uncovered_cases': Uncovered };
