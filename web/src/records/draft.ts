/* What was typed outlives a reload, together with the row that it was typed upon: what others saved since
 * then is met when it is saved, and not overwritten unseen. */
import { useEffect, useState } from 'react';
import type { Row } from '@/api/records';
import type { Values } from './changes';
import { keep, recall } from './storage';

/* The name under which the draft of a form is kept. */
export function draftOf(plural: string, id?: string): string {
  return `draft.${plural}${id ? `/${id}` : ''}`;
}

export interface Draft {
  at: string;
  values: Values;
  base?: Row; /* what was edited; drafts of before have none */
}

/* Values of a form, kept from the first change on until they are saved. What others save while somebody types is
 * not taken over unseen: `row` stays what was edited. It `isGuess` where an old draft does not tell what that was. */
export function useDraft(name: string, first: Values, latest: Row | null) {
  const [kept] = useState(() => recall<Draft>(name));
  const [values, setValues] = useState<Values>(kept?.values ?? first);
  const [restored, setRestored] = useState(kept?.at ?? null);
  const [base, setBase] = useState(kept?.base ?? latest);
  const isTouched = Object.keys(values).length > 0;
  if (!isTouched && base !== latest) setBase(latest);
  const row = isTouched ? base : latest;
  const isGuess = restored !== null && latest !== null && kept?.base === undefined;
  const set = (next: Values) => {
    setValues(next);
    const { password: _, ...safe } = next;
    keep(name, { at: new Date().toISOString(), values: safe, ...(row && !isGuess ? { base: row } : {}) });
  };
  const discard = () => { setValues(first); setRestored(null); keep(name, null); };
  return { values, set, row, restored, isGuess, discard, forget: () => keep(name, null) };
}

interface Kept<T> {
  base?: Row;
  version?: number; /* of the base, in drafts of before */
  draft: T;
}

function keptFor<T>(name: string, row: Row): { base: Row; draft: T } | null {
  const kept = recall<Kept<T>>(name);
  if (!kept) return null;
  const base = kept.base ?? (kept.version === row.version ? row : null);
  return base && { base, draft: kept.draft };
}

/* What a page designs of a row, as `read` has it. What somebody else saves is taken over while nothing is changed here. */
export function useDesign<T>(row: Row, read: (row: Row) => T, isSame: (saved: T, draft: T) => boolean) {
  const name = `design.${row.id}`;
  const [kept] = useState(() => keptFor<T>(name, row));
  const [base, setBase] = useState(kept?.base ?? row);
  const [draft, setDraft] = useState<T>(() => kept?.draft ?? read(row));
  const dirty = !isSame(read(base), draft);
  useEffect(() => keep(name, dirty ? { base, draft } : null), [base, dirty, draft, name]);
  const take = (from: Row) => {
    setBase(from);
    setDraft(read(from));
  };
  if (base.version !== row.version && !dirty) take(row);
  return { draft, setDraft, dirty, base, take, rebase: setBase };
}
