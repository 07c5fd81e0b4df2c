/* Which of the answers that are kept an event may have changed. */

export interface LiveEvent {
  id: string;
  type: string;
  subject_type: string;
  subject_id: string;
  account_id: string | null;
}

/* What is shown of one type follows from another one, beyond what references tell. */
const follows: Record<string, string[]> = {
  entitlement: ['term_postings', 'term_lots', 'entitlement_revisions', 'coverage'],
  contract: ['coverage', 'contract_operations', 'contract_links'],
  contract_line: ['contracts', 'coverage'],
  contract_coverage: ['coverage'],
  case: ['milestones'],
  case_comment: ['cases'],
  case_activity: ['cases'],
  milestone: ['cases'],
  asset: ['coverage'],
  contact: ['coverage'],
  account: ['coverage'],
  calendar: ['calendar_revisions'],
};

function expands(params: unknown, subject: string): boolean {
  const { expand } = (params ?? {}) as { expand?: string };
  return (expand ?? '').split(',').includes(subject);
}

function showsHistory(params: unknown, { subject_id }: LiveEvent): boolean {
  const asked = ((params ?? {}) as { subject_id?: string }).subject_id;
  return asked === undefined || asked === subject_id;
}

function isMoved(key: readonly unknown[], event: LiveEvent, plural: string | null): boolean {
  const [, shown, kind, id] = key;
  const params = key.at(-1);
  if (shown === 'events') return showsHistory(params, event);
  if (shown === plural && (kind !== 'one' || id === event.subject_id)) return true;
  return follows[event.subject_type]?.includes(String(shown)) === true || expands(params, event.subject_type);
}

/* `key` is that of a query: ['rows', plural, 'one' | 'page' | …, …, params]. */
export function isConcerned(key: readonly unknown[], events: LiveEvent[], pluralOf: (type: string) => string | null): boolean {
  return key[0] === 'rows' && events.some((event) => isMoved(key, event, pluralOf(event.subject_type)));
}
