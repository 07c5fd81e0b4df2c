/* Rules of a service level as the API has them, and what an editor makes of them: durations in
 * short, targets as a matrix, actions in the order of their times. */
import type { components } from '@/api/schema';

export type Rule = components['schemas']['SlaRule'];
export type Target = components['schemas']['SlaTarget'];
export type Action = components['schemas']['SlaAction'];
export type Unit = 'business' | 'calendar' | 'business_days';

export const priorities = ['critical', 'high', 'normal', 'low'] as const;

/* "PT8H30M" as "8h 30m", "P1M2D" as "1mo 2d". What is no duration stays as it is. */
export function short(iso: string | null | undefined): string {
  const match = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso ?? '');
  if (!match) return iso ?? '';
  const names = ['y', 'mo', 'w', 'd', 'h', 'm', 's'];
  const parts = names.flatMap((name, i) => (Number(match[i + 2] ?? 0) > 0 ? [`${Number(match[i + 2])}${name}`] : []));
  return `${match[1]}${parts.join(' ') || '0m'}`;
}

/* The reverse, forgiving: "8h 30m", "30 min", "2d". Null: it is no duration. */
export function isoOf(text: string): string | null {
  const whole = text.trim().toLowerCase();
  if (/^-?p(?=.)/.test(whole)) return whole.toUpperCase();
  const sign = whole.startsWith('-') ? '-' : '';
  const parts = [...whole.replace(/^-/, '').matchAll(/(\d+)\s*(mo|y|w|d|h|m|s)[a-z]*\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== whole.replace(/^-\s*/, '')) return null;
  const of = (name: string) => parts.filter((part) => part[2] === name).reduce((sum, part) => sum + Number(part[1]), 0);
  const put = (count: number, letter: string) => (count > 0 ? `${count}${letter}` : '');
  const date = put(of('y'), 'Y') + put(of('mo'), 'M') + put(of('w') * 7 + of('d'), 'D');
  const time = put(of('h'), 'H') + put(of('m'), 'M') + put(of('s'), 'S');
  return `${sign}P${date}${time ? `T${time}` : date ? '' : 'T0S'}`;
}

const listOf = (value: string | string[] | null | undefined): string[] => (value == null ? [] : Array.isArray(value) ? value : [value]);

/* The first row that fits, else the rule's own target. */
export function targetFor(rule: Rule, priority: string, tier: string | null): string | null {
  const fits = (names: string[], name: string | null) => names.length === 0 || (name !== null && names.includes(name));
  const row = (rule.targets ?? []).find((one) => fits(listOf(one.priority), priority) && fits(listOf(one.tier), tier));
  return row?.target ?? rule.target ?? null;
}

export function tiersOf(rule: Rule): string[] {
  return [...new Set((rule.targets ?? []).flatMap((one) => listOf(one.tier)))];
}

/* Columns: any other tier (""), then those that are named. Empty: as the column before, else the rule's own. */
export type Matrix = Record<string, Record<string, string>>;

export function matrixOf(rule: Rule): Matrix {
  const column = (tier: string) => Object.fromEntries(priorities.map((priority) => {
    const target = targetFor(rule, priority, tier || null) ?? '';
    const without = tier ? targetFor(rule, priority, null) : (rule.target ?? null);
    return [priority, target === without ? '' : target];
  }));
  return Object.fromEntries(['', ...tiersOf(rule)].map((tier) => [tier, column(tier)]));
}

/* Rows for the API: named tiers first, as the first that fits counts; priorities of one target together. */
export function targetsOf(matrix: Matrix): Target[] {
  const tiers = Object.keys(matrix).sort((a, b) => Number(a === '') - Number(b === ''));
  return tiers.flatMap((tier) => {
    const column = matrix[tier]!;
    const values = [...new Set(priorities.map((priority) => column[priority] ?? '').filter(Boolean))];
    return values.map((target) => {
      const of = priorities.filter((priority) => column[priority] === target);
      return { ...(of.length < priorities.length ? { priority: of } : {}), ...(tier ? { tier } : {}), target };
    });
  });
}

/* In short what is allowed: "8h; critical 2h, high 4h; gold 1h". */
export function targetsInShort(rule: Rule): string[] {
  const matrix = matrixOf(rule);
  const own = rule.target ? [short(rule.target)] : [];
  return [...own, ...Object.entries(matrix).flatMap(([tier, column]) =>
    priorities.filter((priority) => column[priority]).map((priority) => `${[tier, priority].filter(Boolean).join(' ')} ${short(column[priority])}`))];
}

const occasions = ['started', 'paused', 'resumed', 'reopened', 'completed', 'met', 'met_late', 'cancelled'];

function secondsOf(iso: string): number {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  if (!match) return 0;
  const [d = 0, h = 0, m = 0, s = 0] = match.slice(2).map((part) => Number(part ?? 0));
  return (match[1] ? -1 : 1) * (((d * 24 + h) * 60 + m) * 60 + s);
}

/* Where on the ladder: shares below 100 %, offsets before the target, behind it, then occasions. */
export function rankOf(action: Action): number {
  if (action.on) return 1e12 + occasions.indexOf(action.on);
  const at = action.at ?? '';
  if (at.endsWith('%')) return Number.parseInt(at, 10) < 100 ? -1e9 + Number.parseInt(at, 10) : (Number.parseInt(at, 10) - 100) * 36;
  return secondsOf(at);
}

export function ladderOf(actions: Action[]): { action: Action; at: number }[] {
  return actions.map((action, at) => ({ action, at })).sort((a, b) => rankOf(a.action) - rankOf(b.action) || a.at - b.at);
}

/* What is not said is not sent. */
export function cleaned<T extends object>(from: T): T {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))) as T;
}
