/* For who answers for contracts: what ends, what it was and will be worth, what was kept. */
import { Link } from 'react-router';
import { useMay } from '@/api/session';
import { moneyOf, roughly } from '@/contracts/price';
import { day } from '@/text/format';
import { locale, number } from '@/text/t';
import { r, rn } from '@/text/reports';
import { csvOf, type RowOf, useReport } from './ask';
import { Columns, Ranking, Waterfall } from './Chart';
import { type Column, Figure } from './Figure';
import { percentText } from './Service';
import { moves, percent, sum, waterfall, yearTo } from './sums';

export interface Choice {
  asOf: string | null;
  currency: string;
}
interface Amount { amount: string; currency: string }

const past = (asOf: string | null): Record<string, string> => (asOf ? { as_of: asOf } : {});
const shown = (value: Amount | null | undefined) => (value ? moneyOf(value) : '–');
const amount = (value: Amount | null | undefined) => value?.amount ?? '0';

/* "€340K", for scales and marks. */
function brief(value: number | string, currency: string): string {
  return new Intl.NumberFormat(locale(), { style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }).format(Number(value));
}

function month(date: string, style: 'short' | 'long' = 'short'): string {
  return new Intl.DateTimeFormat(locale(), { month: style, ...(style === 'long' ? { year: 'numeric' } : {}), timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

type Window = RowOf<'expiring_windows'>;

function Expiring({ asOf, currency }: Choice) {
  const params = past(asOf);
  const asked = useReport('expiring_windows', params);
  const may = useMay();
  const rows = (asked.data?.rows ?? []).filter((row) => row.arr?.currency === currency);
  const some = rows.some((row) => row.contracts);
  const total = (key: 'contracts' | 'renewed' | 'auto_renewed') => rows.reduce((all, row) => all + (row[key] ?? 0), 0);
  const worth = (key: 'arr' | 'tcv') => ({ amount: sum(rows.map((row) => amount(row[key]))), currency });
  const list = (row: Window) => (!asOf && row.contracts && may('contract.read')
    ? `/contracts?${new URLSearchParams({ 'state[in]': 'active,partly_suspended,suspended', currency, 'ends_on[gte]': row.from ?? '', 'ends_on[lte]': row.to ?? '', sort: 'ends_on' })}` : undefined);
  const name = (row: Window, i: number) => (i === 0 ? r('within', { to: row.window ?? 0 }) : r('between', { from: (rows[i - 1]?.window ?? 0) + 1, to: row.window ?? 0 }));
  const columns: Column<Window>[] = [
    { head: r('period'), cell: (row) => `${day(row.from ?? '')} – ${day(row.to ?? '')}` },
    { head: r('contracts'), number: true, cell: (row) => { const to = list(row); return to ? <Link className="link" to={to}>{number(row.contracts ?? 0)}</Link> : number(row.contracts ?? 0); } },
    { head: r('renewed'), number: true, cell: (row) => number(row.renewed ?? 0) },
    { head: r('auto_renewed'), number: true, cell: (row) => number(row.auto_renewed ?? 0) },
    { head: r('arr'), number: true, cell: (row) => shown(row.arr) },
    { head: r('tcv'), number: true, cell: (row) => shown(row.tcv) },
  ];
  return (
    <Figure title={r('expiring')} lead={r('expiring_lead')} empty={r('expiring_empty')} csv={csvOf('expiring_windows', params)} asked={asked} rows={some ? rows : []} columns={columns}
      total={[r('total'), number(total('contracts')), number(total('renewed')), number(total('auto_renewed')), moneyOf(worth('arr')), moneyOf(worth('tcv'))]}
      number={roughly(worth('arr'))} says={rn('ending_soon', total('contracts'))}>
      <Ranking title={r('expiring')} series={[{ key: 'renewed', name: r('renewed'), tone: 'ok', fill: 'solid', count: number(total('renewed')) },
        { key: 'left', name: r('not_renewed'), tone: 'warn', fill: 'lines', count: number(total('contracts') - total('renewed')) }]}
        bars={rows.map((row, i) => ({
          key: String(row.window), name: name(row, i), to: list(row), text: rn('contracts', row.contracts ?? 0, { worth: row.arr ? roughly(row.arr) : '–' }),
          values: { renewed: row.renewed ?? 0, left: (row.contracts ?? 0) - (row.renewed ?? 0) },
        }))} />
    </Figure>
  );
}

type Movement = RowOf<'arr_movement'>;

function Moved({ asOf, currency }: Choice) {
  const params: Record<string, string> = { by: 'month', ...(asOf ? { from: yearTo(asOf), to: asOf } : {}) };
  const asked = useReport('arr_movement', params);
  const rows = (asked.data?.rows ?? []).filter((row) => row.opening?.currency === currency);
  const steps = waterfall(rows.map((row) => ({
    opening: amount(row.opening), new: amount(row.new), won_back: amount(row.won_back), upsell: amount(row.upsell), uplift: amount(row.uplift),
    downsell: amount(row.downsell), churn: amount(row.churn), closing: amount(row.closing),
  })));
  const some = steps.some((step) => step.from !== 0 || step.to !== 0);
  const opening = amount(rows[0]?.opening);
  const closing = amount(rows.at(-1)?.closing);
  const change = sum([closing, opening.startsWith('-') ? opening.slice(1) : `-${opening}`]);
  const signed = (value: string) => `${Number(value) > 0 ? '+' : ''}${brief(value, currency)}`;
  const money = (key: 'opening' | 'closing' | (typeof moves)[number]): Column<Movement> => ({ head: r(key), number: true, cell: (row) => shown(row[key]) });
  const columns: Column<Movement>[] = [
    { head: r('period'), cell: (row) => month(row.from ?? '', 'long') },
    money('opening'), ...moves.map(money), { ...money('closing'), head: r('closing_month') },
  ];
  return (
    <Figure wide title={r('movement')} lead={rows[0]?.from ? `${day(rows[0].from)} – ${day(rows.at(-1)?.to ?? '')}` : r('movement_lead')} empty={r('movement_empty')} csv={csvOf('arr_movement', params)} asked={asked} rows={some ? rows : []} columns={columns}
      total={[r('total'), moneyOf({ amount: opening, currency }), ...steps.filter((step) => !step.total).map((step) => moneyOf({ amount: step.amount, currency })), moneyOf({ amount: closing, currency })]}
      number={roughly({ amount: closing, currency })} says={r('now_a_year', { change: signed(change) })}>
      <Waterfall title={r('movement')} steps={steps} show={(value) => brief(value, currency)} nameOf={(step) => r(step.key as 'opening')}
        text={(step) => (step.total ? brief(step.amount, currency) : Number(step.amount) === 0 ? '–' : signed(step.amount))} />
    </Figure>
  );
}

type Renewal = RowOf<'renewal_rate'>;

function Rate({ asOf, currency }: Choice) {
  const params = { by: 'month', ...past(asOf) };
  const asked = useReport('renewal_rate', params);
  const rows = (asked.data?.rows ?? []).filter((row) => row.due_arr?.currency === currency);
  const total = (key: 'due' | 'renewed' | 'late') => rows.reduce((all, row) => all + (row[key] ?? 0), 0);
  const worth = (key: 'due_arr' | 'kept_arr' | 'renewed_arr') => Number(sum(rows.map((row) => amount(row[key]))));
  const gross = percentText(percent(worth('kept_arr'), worth('due_arr')));
  const net = percentText(percent(worth('renewed_arr'), worth('due_arr')));
  const valuesOf = (row: Renewal) => ({ in_time: (row.renewed ?? 0) - (row.late ?? 0), with_gap: row.late ?? 0, lost: (row.due ?? 0) - (row.renewed ?? 0) });
  const columns: Column<Renewal>[] = [
    { head: r('period'), cell: (row) => month(row.from ?? '', 'long') },
    { head: r('due_contracts'), number: true, cell: (row) => number(row.due ?? 0) },
    { head: r('renewed'), number: true, cell: (row) => number(row.renewed ?? 0) },
    { head: r('with_gap'), number: true, cell: (row) => number(row.late ?? 0) },
    { head: r('rate_short'), number: true, cell: (row) => percentText(row.rate) },
    { head: r('gross'), number: true, cell: (row) => percentText(row.gross_retention) },
    { head: r('net'), number: true, cell: (row) => percentText(row.net_retention) },
  ];
  return (
    <Figure title={r('rate')} lead={r('rate_lead')} empty={r('rate_empty')} csv={csvOf('renewal_rate', params)} asked={asked} rows={total('due') > 0 ? rows : []} columns={columns}
      total={[r('total'), number(total('due')), number(total('renewed')), number(total('late')), percentText(percent(total('renewed'), total('due'))), gross, net]}
      number={percentText(percent(total('renewed'), total('due')))} says={`${r('rate_of', { renewed: number(total('renewed')), due: number(total('due')) })} · ${r('gross')} ${gross} · ${r('net')} ${net}`}>
      <Columns title={r('rate')} whole show={number}
        series={[{ key: 'in_time', name: r('in_time'), tone: 'ok', fill: 'solid', count: number(total('renewed') - total('late')) },
          { key: 'with_gap', name: r('with_gap'), tone: 'warn', fill: 'dots', count: number(total('late')) }, { key: 'lost', name: r('lost'), tone: 'bad', fill: 'lines', count: number(total('due') - total('renewed')) }]}
        groups={rows.map((row) => ({
          key: row.from ?? '', name: month(row.from ?? ''), values: valuesOf(row), mark: row.due ? percentText(row.rate) : '',
          hint: `${month(row.from ?? '', 'long')}: ${r('rate_of', { renewed: number(row.renewed ?? 0), due: number(row.due ?? 0) })}`,
        }))} />
    </Figure>
  );
}

type Coming = RowOf<'ramp_forecast'>;

function Forecast({ asOf, currency }: Choice) {
  const params = past(asOf);
  const asked = useReport('ramp_forecast', params);
  const rows = (asked.data?.rows ?? []).filter((row) => row.mrr?.currency === currency);
  const some = rows.some((row) => Number(amount(row.mrr)) !== 0 || Number(amount(row.lost)) !== 0);
  const marks = (row: Coming) => `${row.steps ? `▲${number(row.steps)}` : ''}${row.steps && row.ending ? ' ' : ''}${row.ending ? `▼${number(row.ending)}` : ''}`;
  const last = rows.at(-1);
  const columns: Column<Coming>[] = [
    { head: r('period'), cell: (row) => month(row.from ?? '', 'long') },
    { head: r('mrr'), number: true, cell: (row) => shown(row.mrr) },
    { head: r('arr'), number: true, cell: (row) => shown(row.arr) },
    { head: r('steps'), number: true, cell: (row) => number(row.steps ?? 0) },
    { head: r('change'), number: true, cell: (row) => shown(row.change) },
    { head: r('ending'), number: true, cell: (row) => number(row.ending ?? 0) },
    { head: r('lost_mrr'), number: true, cell: (row) => shown(row.lost) },
  ];
  return (
    <Figure title={r('forecast')} lead={r('forecast_lead')} empty={r('forecast_empty')} csv={csvOf('ramp_forecast', params)} asked={asked} rows={some ? rows : []} columns={columns}
      number={rows[0]?.mrr ? roughly(rows[0].mrr) : '–'} says={last?.mrr ? r('forecast_now', { then: roughly(last.mrr), month: month(last.from ?? '', 'long') }) : ''}>
      <Columns title={r('forecast')} legend={false} show={(value) => brief(value, currency)} notes={`${r('steps_mark')} · ${r('ending_mark')}`} series={[{ key: 'mrr', name: r('mrr'), tone: 'accent', fill: 'solid' }]}
        groups={rows.map((row) => ({
          key: row.from ?? '', name: month(row.from ?? ''), values: { mrr: Number(amount(row.mrr)) }, mark: marks(row),
          hint: `${month(row.from ?? '', 'long')}: ${shown(row.mrr)}`,
        }))} />
    </Figure>
  );
}

type Gap = RowOf<'gap_days'>;

function Gaps({ asOf }: Choice) {
  const params = past(asOf);
  const asked = useReport('gap_days', params);
  const rows = [...(asked.data?.rows ?? [])].sort((a, b) => (b.gap_days ?? 0) - (a.gap_days ?? 0));
  const open = rows.filter((row) => row.renewed_by_id === null);
  const columns: Column<Gap>[] = [
    { head: r('contract'), cell: (row) => <Link className="link" to={`/contracts/${row.contract_id}`}>{row.number}</Link> },
    { head: r('account'), cell: (row) => row.account },
    { head: r('ended'), cell: (row) => day(row.ended_on ?? '') },
    { head: r('renewed_on'), cell: (row) => (row.renewed_on ? <Link className="link" to={`/contracts/${row.renewed_by_id}`}>{day(row.renewed_on)}</Link> : '–') },
    { head: r('days'), number: true, cell: (row) => number(row.gap_days ?? 0) },
    { head: r('arr'), number: true, cell: (row) => shown(row.arr) },
  ];
  return (
    <Figure title={r('gaps')} lead={r('gaps_lead')} empty={r('gaps_empty')} csv={csvOf('gap_days', params)} asked={asked} rows={rows} columns={columns}
      number={number(open.length)} says={r('gaps_open')}>
      <Ranking title={r('gaps')} series={[{ key: 'open', name: r('lost'), tone: 'bad', fill: 'lines', count: number(open.length) }, { key: 'late', name: r('with_gap'), tone: 'warn', fill: 'solid', count: number(rows.length - open.length) }]}
        bars={rows.map((row) => ({
          key: row.contract_id ?? '', name: `${row.account}, ${row.name}`, to: `/contracts/${row.contract_id}`, text: rn('days_count', row.gap_days ?? 0),
          values: { [row.renewed_by_id === null ? 'open' : 'late']: row.gap_days ?? 0 },
        }))} />
    </Figure>
  );
}

/* Those whose sums are by currency, and those that have none. */
export const contracts = {
  'report.expiring_windows': Expiring, 'report.renewal_rate': Rate, 'report.arr_movement': Moved, 'report.ramp_forecast': Forecast, 'report.gap_days': Gaps,
};
