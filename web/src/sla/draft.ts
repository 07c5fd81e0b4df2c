/* A version of a policy while it is designed. */
import { useEffect, useState } from 'react';
import type { Json, Row } from '@/api/records';
import { keep, recall } from '@/records/storage';
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
  const name = `design.${row.id}`;
  const [base, setBase] = useState(row);
  const [draft, setDraft] = useState<Version>(() => {
    const kept = recall<{ version: number; draft: Version }>(name);
    return kept && kept.version === row.version ? kept.draft : versionOf(row);
  });
  const dirty = JSON.stringify(sentOf(draft)) !== JSON.stringify(sentOf(versionOf(base)));
  useEffect(() => keep(name, dirty ? { version: base.version, draft } : null), [base.version, dirty, draft, name]);
  const take = (from: Row) => {
    setBase(from);
    setDraft(versionOf(from));
  };
  if (base.version !== row.version && !dirty) take(row);
  return { draft, setDraft, dirty, base, take, rebase: setBase };
}
