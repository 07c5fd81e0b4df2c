/* What customers have a right to: what is used of it, and what has none. */
import { Link } from 'react-router';
import { useMeta } from '@/api/meta';
import { units } from '@/text/format';
import { number } from '@/text/t';
import { r, rn } from '@/text/reports';
import { humanize } from '@/text/words';
import { csvOf, type RowOf, useReport } from './ask';
import { Ranking } from './Chart';
import type { Choice } from './Contracts';
import { type Column, Figure } from './Figure';
import { percentText } from './Service';
import { grouped } from './sums';

type Used = RowOf<'usage_accounts'>;

function Usage({ asOf }: Choice) {
  const params: Record<string, string> = { limit: '10000', ...(asOf ? { as_of: asOf } : {}) };
  const asked = useReport('usage_accounts', params);
  const rows = [...(asked.data?.rows ?? [])].sort((a, b) => Number(b.used_percent ?? 0) - Number(a.used_percent ?? 0));
  const exhausted = rows.reduce((all, row) => all + (row.exhausted ?? 0), 0);
  const amount = (row: Used, count: number) => (row.unit === 'minutes' ? units(count, 'minutes') : `${number(count)} ${row.unit === 'custom' ? '' : row.unit}`.trim());
  const list = (row: Used) => `/entitlements?${new URLSearchParams({ account_id: row.account_id ?? '', state: 'active', unit: row.unit ?? '', unlimited: 'false' })}`;
  const columns: Column<Used>[] = [
    { head: r('account'), cell: (row) => <Link className="link" to={list(row)}>{row.account}</Link> },
    { head: r('unit'), cell: (row) => humanize(row.unit ?? '') },
    { head: r('entitlements'), number: true, cell: (row) => number(row.entitlements ?? 0) },
    { head: r('exhausted'), number: true, cell: (row) => number(row.exhausted ?? 0) },
    { head: r('used'), number: true, cell: (row) => units(row.used ?? 0, row.unit ?? '') },
    { head: r('granted'), number: true, cell: (row) => units(row.granted ?? 0, row.unit ?? '') },
    { head: '%', number: true, cell: (row) => percentText(row.used_percent) },
  ];
  return (
    <Figure title={r('usage')} lead={r('usage_lead')} empty={r('usage_empty')} csv={csvOf('usage_accounts', params)} asked={asked} rows={rows} columns={columns}
      number={number(exhausted)} says={rn('exhausted', exhausted)}>
      <Ranking title={r('usage')} series={[{ key: 'used', name: r('used'), tone: 'accent', fill: 'solid' }, { key: 'full', name: r('nearly'), tone: 'bad', fill: 'lines' }]}
        bars={rows.map((row) => ({
          key: `${row.account_id}/${row.unit}`, name: row.account ?? '', to: list(row), whole: row.granted ?? 0,
          text: r('used_of', { used: amount(row, row.used ?? 0), granted: amount(row, row.granted ?? 0), percent: percentText(row.used_percent) }),
          values: { [Number(row.used_percent ?? 0) >= 90 ? 'full' : 'used']: row.used ?? 0 },
        }))} />
    </Figure>
  );
}

type Asset = RowOf<'uncovered_assets'>;

function Assets({ asOf }: Choice) {
  const params: Record<string, string> = { limit: '10000', ...(asOf ? { as_of: asOf } : {}) };
  const meta = useMeta();
  const asked = useReport('uncovered_assets', params);
  const rows = asked.data?.rows ?? [];
  const why = (row: Asset) => (row.reasons ?? '').split(/[ ,]+/).filter(Boolean).map((code) => meta.reason(code)).join('; ') || '–';
  const columns: Column<Asset>[] = [
    { head: r('asset'), cell: (row) => <Link className="link" to={`/assets/${row.asset_id}`}>{row.name}</Link> },
    { head: r('serial_number'), cell: (row) => row.serial_number },
    { head: r('account'), cell: (row) => <Link className="link" to={`/accounts/${row.account_id}`}>{row.account}</Link> },
    { head: r('reasons'), cell: why },
  ];
  return (
    <Figure title={r('assets')} lead={r('assets_lead')} empty={r('assets_empty')} csv={csvOf('uncovered_assets', params)} asked={asked} rows={rows} columns={columns}
      number={number(rows.length)} says={r('assets_count')}>
      <Ranking title={r('assets')} legend={false} series={[{ key: 'assets', name: r('assets'), tone: 'warn', fill: 'lines' }]}
        bars={grouped(rows, (row) => row.account_id ?? '').map(({ key, rows: some }) => ({ key, name: some[0]?.account ?? '', to: `/accounts/${key}`, text: number(some.length), values: { assets: some.length } }))} />
    </Figure>
  );
}

export const rights = { 'report.usage_accounts': Usage, 'report.uncovered_assets': Assets };
