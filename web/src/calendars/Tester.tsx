/* "When is it due?": the server reckons, and every span that it counted is shown. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Problem } from '@/api/problem';
import { Section } from '@/parts/Page';
import { why } from '@/parts/why';
import { d, dn } from '@/text/designers';
import { minutes } from '@/text/format';
import { type Answer, type Question, useAnswer, wall, wallDay, wallNow, wallSeconds, wallTime } from './ask';
import { parseAmount } from './hours';
import css from './Tester.module.css';

type Mode = 'add' | 'between';
const shownSpans = 8;
const withSeconds = (time: string) => (time.length === 16 ? `${time}:00` : time);
const spoken = (seconds: number) => minutes(Math.round(seconds / 60));

interface Counted {
  from: string;
  to: string;
}

/* The open spans between two times, from those that the server lists behind the first. */
export function countedSpans(periods: Counted[], isOpen: boolean, from: string, to: string): Counted[] {
  const first = periods[0];
  const spans = isOpen && (!first || first.from > from) ? [{ from, to: first ? first.from : to }] : [];
  return [...spans, ...periods]
    .map((span) => ({ from: span.from < from ? from : span.from, to: span.to > to ? to : span.to }))
    .filter((span) => span.from < span.to);
}

function Spans({ id, revision, from, to }: { id: string; revision: number; from: string; to: string }) {
  const { data } = useAnswer(id, revision, { op: 'periods', at: from, count: 60 });
  const open = useAnswer(id, revision, { op: 'is_open', at: from });
  const close = useAnswer(id, revision, open.data?.open ? { op: 'next_close', at: from } : null);
  if (!data?.periods || !open.data) return null;
  const now = open.data.open && close.data ? [{ from, to: close.data.time ?? to }] : [];
  const spans = countedSpans([...now, ...data.periods.filter((span) => span.from > from)], false, from, to);
  if (spans.length === 0) return null;
  const whole = spans.length < 60;
  const shown = spans.slice(0, shownSpans);
  return (
    <table className={css.spans} aria-label={d('due.counted')}>
      <thead><tr><th scope="col">{d('due.span')}</th><th scope="col">{d('due.time')}</th></tr></thead>
      <tbody>
        {shown.map((span) => (
          <tr key={span.from}><td>{wallDay(span.from)} <span>{wallTime(span.from)}–{wallTime(span.to)}</span></td><td>{spoken(wallSeconds(span.from, span.to))}</td></tr>
        ))}
      </tbody>
      {whole && spans.length > shown.length && <tfoot><tr><td colSpan={2}>{dn('due.more', spans.length - shown.length)}</td></tr></tfoot>}
    </table>
  );
}

function questionOf(mode: Mode, start: string, amount: string, end: string): Question | null {
  if (!start) return null;
  if (mode === 'between') return end ? { op: 'between', from: withSeconds(start), to: withSeconds(end) } : null;
  const parsed = parseAmount(amount);
  if (!parsed) return null;
  return 'days' in parsed ? { op: 'add_days', start: withSeconds(start), days: parsed.days, mode: 'end_of_day' } : { op: 'add', start: withSeconds(start), seconds: parsed.seconds };
}

function Result({ mode, start, end, answer }: { mode: Mode; start: string; end: string; answer: Answer }) {
  if (answer.never) return <p className={css.never}>{d('due.never')}</p>;
  if (mode === 'between') {
    if (answer.seconds === undefined) return null;
    return <p className={css.result}><span>{d('due.business')}</span><b data-testid="due">{spoken(answer.seconds)}</b><span>{d('due.wall', { time: spoken(wallSeconds(start, end)) })}</span></p>;
  }
  if (!answer.time) return null;
  return <p className={css.result}><span>{d('due.answer')}</span><b data-testid="due"><time dateTime={answer.time}>{wall(answer.time)}</time></b></p>;
}

export function Tester({ id, zone, revision, dirty }: { id: string; zone: string; revision: number; dirty: boolean }) {
  const [mode, setMode] = useState<Mode>('add');
  const [start, setStart] = useState(() => wallNow(zone));
  const [end, setEnd] = useState(() => wallNow(zone, new Date(Date.now() + 7 * 86_400_000)));
  const [amount, setAmount] = useState('8h');
  const [question] = useDebouncedValue(questionOf(mode, start, amount, end), 120);
  const { data: answer, error } = useAnswer(id, revision, question);
  const until = mode === 'between' ? withSeconds(end) : answer?.time;
  const bad = mode === 'add' && amount.trim() !== '' && !parseAmount(amount);
  return (
    <Section title={d('due.title')}>
      <div className={css.tester}>
        <SegmentedControl fullWidth aria-label={d('due.mode')} value={mode} onChange={(value) => setMode(value as Mode)}
          data={[{ value: 'add', label: d('due.add') }, { value: 'between', label: d('due.between') }]} />
        <TextInput label={d('due.start')} type="datetime-local" value={start} onChange={(event) => setStart(event.currentTarget.value)} />
        {mode === 'add'
          ? <TextInput label={d('due.amount')} description={d('due.amount_hint')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={amount} error={bad ? d('due.bad_amount') : undefined} onChange={(event) => setAmount(event.currentTarget.value)} />
          : <TextInput label={d('due.end')} type="datetime-local" value={end} onChange={(event) => setEnd(event.currentTarget.value)} />}
        <div aria-live="polite">
          {error && <p className={css.never}>{(error instanceof Problem && error.issues[0]?.detail) || why(error)}</p>}
          {answer && !error && question && <Result mode={mode} start={start} end={end} answer={answer} />}
        </div>
        {until && question && !error && <Spans id={id} revision={revision} from={withSeconds(start)} to={until} />}
        {dirty && <p className={css.note}>{d('due.saved_only')}</p>}
      </div>
    </Section>
  );
}
