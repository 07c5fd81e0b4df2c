/* Rules of holidays in words. */
import { d, dn } from '@/text/designers';
import { day } from '@/text/format';
import { locale } from '@/text/t';
import { type Holiday, type Rule, ruleOf } from './dates';
import { dayName } from './Week';

export function monthName(month: number): string {
  return new Intl.DateTimeFormat(locale(), { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, month - 1, 1)));
}

function yearly(month: number, date: number): string {
  const text = new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, month - 1, date)));
  return d('hol.rule_yearly', { date: text });
}

function moved(rule: string, offset: number): string {
  if (offset === 0) return rule;
  return d(offset > 0 ? 'hol.rule_after' : 'hol.rule_before', { count: dn('hol.day_count', Math.abs(offset)), rule });
}

export function ruleInWords(rule: Rule): string {
  switch (rule.kind) {
    case 'once': return day(rule.date);
    case 'yearly': return yearly(rule.month, rule.day);
    case 'easter': return moved(d('hol.rule_easter'), rule.offset);
    case 'weekday': return moved(d('hol.rule_weekday', { nth: d(`hol.nth_${rule.nth}` as 'hol.nth_1'), weekday: dayName(rule.weekday), month: monthName(rule.month) }), rule.offset);
  }
}

const rangeDay = (text: string | null | undefined) => {
  const [date = '', time] = (text ?? '').split('T');
  return [date && day(date), time].filter(Boolean).join(' ');
};

export function holidayInWords(holiday: Holiday): string {
  if (!holiday.date) return d('hol.span', { from: rangeDay(holiday.from), to: rangeDay(holiday.to) });
  const rule = ruleOf(holiday.date);
  const parts = [rule ? ruleInWords(rule) : holiday.date];
  if ((holiday.days ?? 1) > 1) parts.push(dn('hol.day_count', holiday.days!));
  if (holiday.from) parts.push(d('hol.from_time', { time: holiday.from }));
  if (holiday.to) parts.push(d('hol.until_time', { time: holiday.to }));
  return parts.join(', ');
}

export function nameOf(holiday: Holiday): string {
  return holiday.name || holidayInWords(holiday);
}
