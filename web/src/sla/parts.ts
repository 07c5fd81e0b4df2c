/* A version of a policy in parts: its own members, and each member of each rule. */
import type { Part, Parts } from '@/parts/merge';
import { d } from '@/text/designers';
import { humanize } from '@/text/words';
import { actionInShort, type Version } from './differences';
import { type Action, cleaned, type Rule, targetsInShort } from './rules';

const split = '\n';
const own = ['calendar_id', 'pause_statuses', 'pause_criteria', 'exit_criteria'] as const;

function textOf(rule: Rule, member: string): string {
  const value = rule[member as keyof Rule];
  if (member === 'targets') return targetsInShort(rule).join('\n');
  if (member === 'actions') return (rule.actions ?? []).map(actionInShort).join('\n');
  return value == null ? '' : Array.isArray(value) ? value.join(', ') : String(value);
}

/* Rules are the same by their names. Those that all have are merged member by member. */
export function inCommon(...versions: Version[]): Set<string> {
  const sets = versions.map((version) => new Set(version.rules.map((rule) => rule.name)));
  return new Set([...sets[0]!].filter((name) => sets.every((set) => set.has(name))));
}

function ruleParts(rule: Rule, place: number, common: Set<string>): [string, Part][] {
  if (!common.has(rule.name)) return [[`whole${split}${rule.name}`, { label: rule.name, text: targetsInShort(rule).join('\n'), value: { ...rule, place } }]];
  const sent = cleaned({ ...rule, actions: (rule.actions ?? []).map((action) => cleaned<Action>(action)) }) as unknown as Record<string, unknown>;
  return Object.entries(sent).map(([member, value]) => [`rule${split}${rule.name}${split}${member}`, { label: member === 'name' ? rule.name : `${rule.name}: ${humanize(member).toLowerCase()}`, text: textOf(rule, member), value }]);
}

export function partsOf(version: Version, common: Set<string>): Parts {
  return new Map<string, Part>([
    ...own.map((member): [string, Part] => {
      const value = version[member] ?? null;
      return [member, { label: humanize(member), text: Array.isArray(value) ? value.join(', ') : (value ?? d('merge.nothing')), value }];
    }),
    ...version.rules.flatMap((rule, place) => ruleParts(rule, place, common)),
  ]);
}

export function versionFrom(parts: Parts): Version {
  const rules = new Map<string, Record<string, unknown>>();
  for (const [key, { value }] of parts) {
    const [kind, name = '', member = ''] = key.split(split);
    if (kind === 'whole') {
      const { place: _, ...rule } = value as Record<string, unknown>;
      rules.set(name, rule);
    } else if (kind === 'rule') rules.set(name, { ...rules.get(name), [member]: value });
  }
  const members = Object.fromEntries(own.map((member) => [member, parts.get(member)?.value ?? (member === 'pause_statuses' ? [] : null)]));
  return { ...members, rules: [...rules.values()] as unknown as Rule[] } as Version;
}
