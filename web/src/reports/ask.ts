/* A report of the server, as rows and as the address of the same as CSV. */
import { useQuery } from '@tanstack/react-query';
import { send } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export interface Reports {
  sla_compliance: Schemas['ReportSlaCompliance'];
  sla_breaches: Schemas['ReportSlaBreaches'];
  uncovered_cases: Schemas['ReportUncoveredCases'];
  expiring_windows: Schemas['ReportExpiringWindows'];
  arr_movement: Schemas['ReportArrMovement'];
  renewal_rate: Schemas['ReportRenewalRate'];
  ramp_forecast: Schemas['ReportRampForecast'];
  usage_accounts: Schemas['ReportUsageAccounts'];
  gap_days: Schemas['ReportGapDays'];
  uncovered_assets: Schemas['ReportUncoveredAssets'];
  states: Schemas['ReportStates'];
}
export type Name = keyof Reports;
export type RowOf<N extends Name> = Reports[N]['rows'][number];
type Params = Record<string, string>;

function addressOf(name: Name, params: Params): string {
  return `/v1/reports/${name}?${new URLSearchParams(params)}`;
}

export function csvOf(name: Name, params: Params): string {
  return addressOf(name, { ...params, limit: '10000', format: 'csv' });
}

export function useReport<N extends Name>(name: N, params: Params, enabled = true) {
  return useQuery({
    queryKey: ['reports', name, params],
    queryFn: async ({ signal }) => (await (await send(new Request(location.origin + addressOf(name, params), { signal }))).json()) as Reports[N],
    enabled,
  });
}
