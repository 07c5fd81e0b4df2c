// The demo's records that the tests look at, found by what they are.
export async function findWorld(context, origin) {
  const list = async (path) => (await (await context.request.get(`${origin}/v1/${path}`)).json()).data;
  const [marcie] = await list('contacts?q=Marcie&limit=1');
  const active = await list('entitlements?state=active&limit=200');
  const counted = active.filter((one) => one.unit === 'cases' && !one.unlimited).sort((a, b) => b.consumed - a.consumed)[0];
  const rows = active.find((one) => one.grants.length > 0) ?? counted;
  const [draft] = await list('entitlements?state=draft&limit=1');
  const open = await list('cases?state=open&coverage=covered&limit=50');
  const [uncovered] = await list('cases?state=open&coverage=uncovered&limit=1');
  let talked = open[0];
  for (const one of open.slice(0, 12)) {
    if ((await list(`case_comments?case_id=${one.id}&limit=3`)).length > 1) { talked = one; break; }
  }
  const [product] = await list('products?limit=1');
  const contracts = await list('contracts?limit=200&state=active');
  const contract = contracts.sort((a, b) => b.line_count - a.line_count)[0];
  const [ramped] = await list('contract_lines?ramp=yearly&limit=1');
  const [priced] = await list('contract_lines?q=Workplaces&limit=1');
  const [calendar] = await list('calendars?name=Berlin%20office');
  const [holidays] = await list('holiday_sets?limit=1');
  const [clocked] = await list('milestones?state=paused&limit=1');
  const [policy] = await list('sla_policies?name=Premium%20support');
  return { contract, ramped, priced, marcie, account: marcie.account_id, counted, rows, draft, talked, uncovered, product, calendar, holidays, policy, clocked };
}

// Every page: [name, who signs in (null: nobody), address].
export function pagesOf(world) {
  const { account, marcie } = world;
  return [
    ['sign-in', null, '/'],
    ['desk', 'agent', '/coverage'],
    ['desk-covered', 'agent', `/coverage?account_id=${account}&contact_id=${marcie.id}&channel=phone`],
    ['desk-not-covered', 'agent', `/coverage?account_id=${account}&at=2099-01-01T09:00:00Z`],
    ['queue', 'agent', '/queue?tab=all'],
    ['cases', 'agent', '/cases?state=open&priority[in]=high,critical'],
    ['case-beside-list', 'agent', `/cases?state=open&peek=${world.talked.id}`],
    ['case', 'agent', `/cases/${world.talked.id}`],
    ['case-uncovered', 'agent', `/cases/${world.uncovered.id}`],
    ['entitlements', 'manager', '/entitlements?state=active&sort=ends_on'],
    ['entitlement', 'manager', `/entitlements/${world.counted.id}`],
    ['entitlement-rows', 'manager', `/entitlements/${world.rows.id}`],
    ['entitlement-history', 'manager', `/entitlements/${world.counted.id}?tab=history`],
    ['entitlement-new', 'manager', `/entitlements/new?account_id=${account}`],
    ['entitlement-edit', 'manager', `/entitlements/${world.draft.id}/edit`],
    ['contract', 'manager', `/contracts/${world.contract.id}`],
    ['contract-ramp', 'manager', `/contracts/${world.ramped.contract_id}?line=${world.ramped.id}`],
    ['contract-price', 'manager', `/contracts/${world.priced.contract_id}?line=${world.priced.id}`],
    ['contract-life', 'manager', `/contracts/${world.contract.id}?tab=life`],
    ['contract-terms', 'manager', `/contracts/${world.contract.id}?tab=terms`],
    ['renewals', 'manager', '/renewals'],
    ['renewals-overdue', 'manager', '/renewals?window=overdue'],
    ['imports', 'manager', '/imports'],
    ['reports', 'manager', '/reports'],
    ['reports-contracts', 'manager', '/reports?board=contracts'],
    ['reports-past', 'viewer', '/reports?board=contracts&as_of=2026-06-30&currency=GBP'],
    ['account', 'manager', `/accounts/${account}`],
    ['account-details', 'manager', `/accounts/${account}?tab=details`],
    ['products', 'manager', '/products'],
    ['product', 'manager', `/products/${world.product.id}`],
    ['ledger', 'manager', '/term_postings'],
    ['calendar', 'admin', `/calendars/${world.calendar.id}`],
    ['calendar-holidays', 'admin', `/calendars/${world.calendar.id}?tab=holidays`],
    ['calendar-revisions', 'viewer', `/calendars/${world.calendar.id}?tab=revisions`],
    ['holiday-set', 'admin', `/holiday_sets/${world.holidays.id}`],
    ['sla-policy', 'admin', `/sla_policies/${world.policy.id}`],
    ['sla-policy-simulate', 'manager', `/sla_policies/${world.policy.id}?tab=simulate`],
    ['sla-policy-new', 'manager', '/sla_policies/new'],
    ['milestones', 'agent', '/milestones'],
    ['users', 'admin', '/users'],
    ['user-new', 'admin', '/users/new'],
    ['administration', 'admin', '/administration'],
    ['webhooks', 'admin', '/webhook_endpoints'],
    ['webhook-new', 'admin', '/webhook_endpoints/new'],
    ['deliveries', 'admin', '/deliveries'],
    ['roles', 'admin', '/roles'],
    ['api-key-new', 'admin', '/api_keys/new'],
    ['events', 'admin', '/events'],
    ['settings', 'admin', '/settings'],
    ['nothing', 'admin', '/nothing/here/at/all'],
    ['portal', 'customer', '/'],
    ['portal-cases', 'customer', '/cases'],
    ['portal-new-case', 'customer', '/cases/new'],
  ];
}

// Pages that are drawn as another one is: where that is what counts, one of them is enough.
export const alike = new Set(['desk-not-covered', 'case-uncovered', 'entitlements', 'entitlement-rows', 'entitlement-new', 'contract-ramp', 'contract-price', 'contract-terms',
  'renewals-overdue', 'reports-past', 'account-details', 'products', 'product', 'ledger', 'calendar-holidays', 'milestones', 'users', 'webhook-new', 'sla-policy-new', 'events', 'nothing', 'roles']);
