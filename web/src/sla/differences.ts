/* What differs between two versions of a policy, rule by rule. */
import { type Action, type Rule, short, targetsInShort } from './rules';

export interface Version {
  calendar_id?: string | null;
  pause_statuses?: string[];
  pause_criteria?: string | null;
  exit_criteria?: string | null;
  rules: Rule[];
}
export interface Difference {
  rule: string; /* "": of the version itself */
  member: string;
  before: string;
  after: string;
  kind: 'added' | 'removed' | 'changed';
}

export function actionInShort(action: Action): string {
  const when = action.on ?? (action.at?.endsWith('%') ? action.at : action.at === 'PT0S' ? '0' : short(action.at));
  const what = [action.do, action.subject ?? action.field, action.value ?? listText(action.to)].filter((part) => part != null && part !== '').join(' ');
  return `${when}: ${what}${action.condition ? ` (${action.condition})` : ''}`;
}

function listText(value: string | string[] | null | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

function textOf(rule: Rule, member: string): string {
  if (member === 'targets') return targetsInShort(rule).join('\n');
  if (member === 'actions') return (rule.actions ?? []).map(actionInShort).join('\n');
  const value = rule[member as keyof Rule];
  return value == null ? '' : Array.isArray(value) ? value.join(', ') : String(value);
}

const members = ['kind', 'targets', 'unit', 'day_mode', 'calendar_id', 'criteria', 'start', 'start_field', 'recurrence', 'completion_criteria',
  'pausable', 'pause_criteria', 'pause_statuses', 'warn_percent', 'reopen', 'actions'];
const own = ['calendar_id', 'pause_statuses', 'pause_criteria', 'exit_criteria'] as const;

function compared(rule: string, member: string, before: string, after: string): Difference[] {
  if (before === after) return [];
  return [{ rule, member, before, after, kind: before === '' ? 'added' : after === '' ? 'removed' : 'changed' }];
}

export function differencesOf(a: Version, b: Version): Difference[] {
  const flat = (value: string | string[] | null | undefined) => listText(value);
  const names = [...new Set([...b.rules, ...a.rules].map((rule) => rule.name))];
  return [
    ...own.flatMap((member) => compared('', member, flat(a[member]), flat(b[member]))),
    ...names.flatMap((name) => {
      const left = a.rules.find((rule) => rule.name === name);
      const right = b.rules.find((rule) => rule.name === name);
      if (!left || !right) {
        const rule = (left ?? right)!;
        const text = targetsInShort(rule).join('\n') || rule.kind || 'custom';
        return compared(name, 'rule', left ? text : '', right ? text : '');
      }
      return members.flatMap((member) => compared(name, member, textOf(left, member), textOf(right, member)));
    }),
  ];
}
