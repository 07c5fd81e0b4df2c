/* How types are laid out. All of it follows from the metadata; the tables below only say what
 * people look for first, and a type without a line is as good as one with. */
import { fieldNamed, type Meta, type MetaField, type MetaType } from '@/api/meta';
import type { Params } from '@/api/records';
import type { TextKey } from '@/text/t';

const columns: Record<string, string[]> = {
  milestone: ['name', 'case_id', 'state', 'target_at', 'kind', 'started_at', 'completed_at'],
  contract: ['number', 'name', 'account_id', 'state', 'starts_on', 'ends_on', 'arr', 'auto_renew'],
  case: ['number', 'title', 'state', 'priority', 'coverage', 'account_id', 'assignee_id', 'created_at'],
  entitlement: ['number', 'name', 'account_id', 'state', 'available', 'total', 'unit', 'starts_on', 'ends_on'],
  account: ['name', 'number', 'kind', 'tier', 'country', 'parent_id', 'updated_at'],
  contact: ['name', 'email', 'phone', 'title', 'account_id'],
  asset: ['name', 'serial_number', 'product_id', 'account_id', 'status', 'installed_on'],
  term_posting: ['created_at', 'kind', 'units', 'entitlement_id', 'case_id', 'channel', 'actor', 'reason'],
  delivery: ['event_type', 'state', 'endpoint_id', 'subject_id', 'attempts', 'last_status', 'last_error', 'next_attempt_at', 'created_at'],
  api_key: ['name', 'role', 'hint', 'scopes', 'last_used_at', 'expires_at', 'revoked_at'],
  user: ['name', 'email', 'role', 'disabled', 'teams', 'last_login_at'],
  event: ['created_at', 'type', 'subject_id', 'account_id', 'actor', 'reason'],
};

const highlights: Record<string, string[]> = {
  account: ['kind', 'tier', 'country', 'email', 'phone', 'default_entitlement_id'],
  contact: ['account_id', 'title', 'email', 'phone'],
  asset: ['account_id', 'product_id', 'serial_number', 'status', 'installed_on', 'ends_on'],
};

/* Which related lists matter, and how few rows of each. */
const related: Record<string, string[]> = {
  contract: ['contract_line', 'entitlement', 'case', 'contract_operation'],
  sla_policy: ['sla_policy_version'],
  account: ['contract', 'entitlement', 'case', 'contact', 'asset', 'account'],
  contact: ['case', 'asset', 'entitlement'],
  asset: ['case', 'entitlement', 'asset'],
  entitlement: ['case', 'entitlement_revision', 'term_lot'],
};
const unrelated = new Set(['event', 'case_comment', 'case_activity', 'api_key']);

const heavy = new Set(['map', 'json', 'children']);

export function isListable(field: MetaField): boolean {
  return field.show !== 'none' && !heavy.has(field.kind) && field.rule !== 'write';
}

/* What a table shows unless somebody chose otherwise: the name first. */
export function columnsOf(type: MetaType): string[] {
  const known = (columns[type.name] ?? []).filter((name) => fieldNamed(type, name));
  if (known.length > 0) return known;
  const listed = type.fields.filter((field) => field.show === 'list' && isListable(field)).map((field) => field.name);
  const label = type.label_field === 'id' ? [] : [type.label_field];
  const names = [...new Set([...label, ...listed])].slice(0, 9);
  return names.length > 0 ? names : type.fields.filter(isListable).slice(0, 6).map((field) => field.name);
}

export function stateFieldOf(type: MetaType): MetaField | undefined {
  return ['state', 'status'].map((name) => fieldNamed(type, name)).find((field) => field?.kind === 'enum');
}

export function highlightsOf(type: MetaType): MetaField[] {
  const names = highlights[type.name] ?? columnsOf(type).filter((name) => name !== type.label_field && name !== 'number');
  const state = stateFieldOf(type)?.name;
  return names.filter((name) => name !== state).slice(0, 6).flatMap((name) => fieldNamed(type, name) ?? []);
}

/* What people open to see what belongs to it, rather than its own fields. */
export function isHub(type: MetaType): boolean {
  return ['account', 'contact', 'asset'].includes(type.name);
}

export interface Relation {
  type: MetaType;
  field: MetaField;
}

/* The lists of other types that name a record of this one. */
export function relationsOf(meta: Meta, type: MetaType): Relation[] {
  const order = related[type.name] ?? [];
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return meta.types
    .filter((other) => other.plural !== null && !unrelated.has(other.name))
    .flatMap((other) => other.fields
      .filter((field) => field.kind === 'id' && field.target === type.name && field.filterable && field.rule !== 'key')
      .map((field) => ({ type: other, field })))
    .sort((a, b) => rank(a.type.name) - rank(b.type.name));
}

/* Lists that everybody wants, beside those that people save. */
export interface View {
  name: TextKey;
  params: Params;
}
const views: Record<string, View[]> = {
  milestone: [
    { name: 'view.running', params: { state: 'running', sort: 'target_at' } },
    { name: 'view.late', params: { state: 'violated', sort: 'target_at' } },
    { name: 'view.paused', params: { state: 'paused' } },
  ],
  contract: [
    { name: 'view.active', params: { state: 'active', sort: 'ends_on' } },
    { name: 'view.drafts', params: { state: 'draft' } },
    { name: 'view.suspended', params: { state: 'suspended' } },
  ],
  case: [
    { name: 'view.open', params: { state: 'open' } },
    { name: 'view.unassigned', params: { state: 'open', 'assignee_id[null]': 'true' } },
    { name: 'view.uncovered', params: { coverage: 'uncovered', state: 'open' } },
    { name: 'view.resolved', params: { state: 'resolved', sort: '-resolved_at' } },
  ],
  entitlement: [
    { name: 'view.active', params: { state: 'active', sort: 'ends_on' } },
    { name: 'view.waiting', params: { state: 'waiting', sort: 'starts_on' } },
    { name: 'view.drafts', params: { state: 'draft' } },
    { name: 'view.suspended', params: { state: 'suspended' } },
    { name: 'view.expired', params: { state: 'expired', sort: '-ends_on' } },
  ],
  delivery: [
    { name: 'view.given_up', params: { state: 'dead', sort: '-created_at' } },
    { name: 'view.waiting', params: { 'state[in]': 'pending,failed', sort: 'next_attempt_at' } },
    { name: 'view.delivered', params: { state: 'delivered', sort: '-delivered_at' } },
    { name: 'view.emails', params: { kind: 'email', sort: '-created_at' } },
  ],
  event: [
    { name: 'view.latest', params: { sort: '-created_at' } },
    { name: 'view.of_the_organisation', params: { 'account_id[null]': 'true', sort: '-created_at' } },
    { name: 'view.by_people', params: { 'actor[starts_with]': 'usr_', sort: '-created_at' } },
    { name: 'view.by_the_system', params: { actor: 'system', sort: '-created_at' } },
  ],
  api_key: [
    { name: 'view.in_use', params: { 'revoked_at[null]': 'true', sort: 'name' } },
    { name: 'view.revoked', params: { 'revoked_at[null]': 'false' } },
  ],
  user: [
    { name: 'view.staff', params: { 'role[ne]': 'customer', disabled: 'false', sort: 'name' } },
    { name: 'view.customers', params: { role: 'customer' } },
    { name: 'view.disabled', params: { disabled: 'true' } },
  ],
  asset: [{ name: 'view.in_use', params: { status: 'in_use' } }, { name: 'view.retired', params: { status: 'retired' } }],
  account: [{ name: 'view.businesses', params: { kind: 'business' } }, { name: 'view.consumers', params: { kind: 'consumer' } }],
};

export function viewsOf(type: MetaType): View[] {
  return views[type.name] ?? [];
}
