/* A year at a glance: twelve months, each day by what it is. Arrows walk, Enter chooses. */
import { ActionIcon } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { IconChevronLeft, IconChevronRight } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { d } from '@/text/designers';
import { day as dayText, minutes } from '@/text/format';
import { locale, number } from '@/text/t';
import { dateOf, type DayKind, type DayPlan, dayNumber, weekdayOf } from './dates';
import { minutesOfSpans } from './hours';
import { dayName } from './Week';
import css from './Year.module.css';

const kinds: DayKind[] = ['open', 'off', 'holiday', 'half', 'exception', 'break'];
const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function monthName(month: number): string {
  return new Intl.DateTimeFormat(locale(), { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, month, 1)));
}

function saying(date: string, plan: DayPlan): string {
  const hours = plan.spans.map((span) => span.join('–')).join(', ');
  const what = [plan.names.join(', ') || d(`year.${plan.kind}`), ...plan.closed.flatMap((one) => [one.from && d('hol.from_time', { time: one.from }), one.to && d('hol.until_time', { time: one.to })])];
  if (plan.kind === 'open' || plan.kind === 'exception') what.push(hours);
  return d('year.day', { date: `${dayName(weekdayOf(date), 'short')} ${dayText(date)}`, what: what.filter(Boolean).join(', ') });
}

function Month({ year, month, plan, at, onKey, onChoose }: {
  year: number;
  month: number;
  plan: Map<string, DayPlan>;
  at: string;
  onKey: (event: KeyboardEvent, date: string) => void;
  onChoose?: (date: string) => void;
}) {
  const first = dayNumber(`${year}-${String(month + 1).padStart(2, '0')}-01`);
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const before = weekdayOf(dateOf(first));
  const rows = Math.ceil((before + length) / 7);
  return (
    <table className={css.month}>
      <caption>{monthName(month)}</caption>
      <thead className="visually-hidden"><tr>{Array.from({ length: 7 }, (_, i) => <th key={i} scope="col">{dayName(i)}</th>)}</tr></thead>
      <tbody>
        {Array.from({ length: rows }, (_, row) => (
          <tr key={row}>
            {Array.from({ length: 7 }, (_, i) => {
              const n = row * 7 + i - before;
              if (n < 0 || n >= length) return <td key={i} />;
              const date = dateOf(first + n);
              const one = plan.get(date)!;
              return (
                <td key={i}>
                  <button type="button" data-kind={one.kind} data-date={date} tabIndex={date === at ? 0 : -1} title={saying(date, one)} aria-label={saying(date, one)}
                    onKeyDown={(event) => onKey(event, date)} onClick={() => onChoose?.(date)}>{n + 1}</button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Year({ year, onYear, plan, onChoose, hours }: {
  year: number;
  onYear: (year: number) => void;
  plan: Map<string, DayPlan>;
  onChoose?: (date: string) => void;
  hours: boolean; /* it knows hours, not only holidays */
}) {
  const [at, setAt] = useState(`${year}-01-01`);
  const box = useRef<HTMLDivElement>(null);
  const focus = at.startsWith(`${year}-`) ? at : `${year}-01-01`;
  const onKey = (event: KeyboardEvent, date: string) => {
    const next = steps[event.key] !== undefined ? dateOf(dayNumber(date) + steps[event.key]!) : '';
    if (!plan.has(next)) return;
    event.preventDefault();
    setAt(next);
    box.current?.querySelector<HTMLElement>(`[data-date="${next}"]`)?.focus();
  };
  const all = [...plan.values()];
  const shown = kinds.filter((kind) => (hours || kind === 'holiday' || kind === 'half') && all.some((one) => one.kind === kind));
  const open = all.filter((one) => one.spans.length > 0 && one.kind !== 'holiday').length;
  const closed = all.filter((one) => one.kind === 'holiday' && one.spans.length > 0).length;
  const total = all.filter((one) => one.kind === 'open' || one.kind === 'exception').reduce((sum, one) => sum + minutesOfSpans(one.spans), 0);
  return (
    <Section title={String(year)} beside={
      <span className={css.years}>
        <ActionIcon aria-label={d('year.before')} onClick={() => onYear(year - 1)}><IconChevronLeft size={16} /></ActionIcon>
        <ActionIcon aria-label={d('year.after')} onClick={() => onYear(year + 1)}><IconChevronRight size={16} /></ActionIcon>
      </span>}>
      <div className={css.year} ref={box}>
        {Array.from({ length: 12 }, (_, month) => <Month key={month} year={year} month={month} plan={plan} at={focus} onKey={onKey} onChoose={onChoose} />)}
      </div>
      <ul className={css.legend}>{shown.map((kind) => <li key={kind}><i data-kind={kind} aria-hidden />{d(`year.${kind}`)}</li>)}</ul>
      {hours && <p className={css.sum}>{d('year.days', { open: number(open), closed: number(closed), hours: minutes(total) })} {onChoose && d('year.hint')}</p>}
    </Section>
  );
}
