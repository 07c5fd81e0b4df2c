/* A version of a policy while it is designed. */
import type { Json, Row } from '@/api/records';
import { useDesign } from '@/records/draft';
import type { Version } from './differences';
import { type Action, cleaned, type Rule } from './rules';

export function versionOf(row: Row): Version {
  return {
    calendar_id: (row.calendar_id ?? null) as string | null,
    pause_statuses: (row.pause_statuses ?? []) as string[],
    pause_criteria: (row.pause_criteria ?? null) as string | null,
    exit_criteria: (row.exit_criteria ?? null) as string | null,
    rules: (row.rules ?? []) as unknown as Rule[],
  };
}

/* As the API takes it: without members that say nothing. */
export function sentOf(version: Version): Record<string, Json> {
  const rules = version.rules.map((rule) => cleaned({ ...rule, actions: (rule.actions ?? []).map((action) => cleaned<Action>(action)) }));
  return { ...version, rules } as unknown as Record<string, Json>;
}

export function useVersionDraft(row: Row) {
  return useDesign(row, versionOf, (saved, draft) => JSON.stringify(sentOf(saved)) === JSON.stringify(sentOf(draft)));
}
