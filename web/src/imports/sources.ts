/* What can be imported from where, by the names that the server has for it. */
import type { Options } from './job';

export const sources = ['csv', 'salesforce', 'dynamics', 'servicenow'] as const;
export type Source = (typeof sources)[number];

export const objects: Record<Source, string[]> = {
  csv: ['accounts', 'contacts', 'products', 'teams', 'holiday_sets', 'calendars', 'assets', 'contract_templates', 'contracts', 'contract_lines',
    'entitlement_templates', 'entitlements', 'entitlement_contacts', 'contract_coverages', 'cases'],
  salesforce: ['Account', 'Contact', 'Product2', 'Asset', 'EntitlementTemplate', 'Entitlement', 'EntitlementContact', 'Case', 'BusinessHours',
    'Holiday', 'CaseMilestone', 'ServiceContract', 'ContractLineItem'],
  dynamics: ['contract', 'contractdetail', 'entitlement'],
  servicenow: ['ast_contract', 'service_entitlement'],
};

export interface Choice {
  from: Source;
  object: string; /* empty: as its name or columns tell */
  columns: Record<string, string>; /* empty: passed over */
  system: string;
  currency: string;
  timeZone: string;
  dateOrder: NonNullable<Options['date_order']>;
  nulls: boolean;
}

export const nothing: Choice = { from: 'csv', object: '', columns: {}, system: '', currency: '', timeZone: '', dateOrder: 'iso', nulls: false };

/* What is not given is left out: the server knows what it means then. */
export function optionsOf(choice: Choice, name: string): Options {
  return {
    from: choice.from, name, columns: choice.columns, date_order: choice.dateOrder, nulls: choice.nulls,
    ...(choice.object && { object: choice.object }),
    ...(choice.system.trim() && { system: choice.system.trim() }),
    ...(choice.currency.trim() && { currency: choice.currency.trim().toUpperCase() }),
    ...(choice.timeZone && { time_zone: choice.timeZone }),
  };
}
