/* One holiday: when it is, for how long, and which dates that makes. Or the hours of one date. */
import { Button, Checkbox, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { NumberField } from '@/parts/NumberField';
import { d } from '@/text/designers';
import { dayOf } from '@/text/format';
import { t } from '@/text/t';
import { type Holiday, nextDays, type Rule, ruleOf, ruleText } from './dates';
import { monthName } from './describe';
import css from './HolidayDialog.module.css';
import { parseWeek, type Span } from './hours';
import { wallDay } from './ask';
import { dayName } from './Week';

export type What = 'holiday' | 'exception' | 'break';
type Kind = Rule['kind'] | 'range';
const kinds: Kind[] = ['once', 'yearly', 'weekday', 'easter', 'range'];
const months = Array.from({ length: 12 }, (_, i) => ({ value: String(i + 1), label: monthName(i + 1) }));
const weekdays = Array.from({ length: 7 }, (_, i) => ({ value: String(i), label: dayName(i) }));
const nths = ['1', '2', '3', '4', '5', '-1', '-2'] as const;

interface Form {
  kind: Kind;
  name: string;
  date: string;
  month: number;
  day: number;
  weekday: number;
  nth: number;
  offset: number;
  days: number;
  from: string;
  to: string;
  yearly: boolean;
}

function formOf(holiday: Holiday | null, date: string): Form {
  const [, month, day] = date.split('-').map(Number) as [number, number, number];
  const empty: Form = { kind: 'once', name: holiday?.name ?? '', date, month, day, weekday: 0, nth: 1, offset: 0, days: holiday?.days ?? 1, from: holiday?.from ?? '', to: holiday?.to ?? '', yearly: holiday?.yearly ?? false };
  if (!holiday) return empty;
  const rule = holiday.date ? ruleOf(holiday.date) : null;
  return rule ? { ...empty, ...rule } : { ...empty, kind: 'range' };
}

function holidayOf(form: Form, before: Holiday | null): Holiday {
  const more = { ...(form.name.trim() ? { name: form.name.trim() } : {}), ...(before?.external_id ? { external_id: before.external_id } : {}) };
  if (form.kind === 'range') return { from: form.from, to: form.to, ...(form.yearly ? { yearly: true } : {}), ...more };
  return {
    date: ruleText(form as unknown as Rule),
    ...(form.days > 1 ? { days: form.days } : {}),
    ...(form.from ? { from: form.from } : {}),
    ...(form.to ? { to: form.to } : {}),
    ...more,
  };
}

function Rules({ form, set }: { form: Form; set: (change: Partial<Form>) => void }) {
  const month = <Select label={d('hol.month')} data={months} value={String(form.month)} allowDeselect={false} onChange={(value) => set({ month: Number(value) })} />;
  switch (form.kind) {
    case 'once': return <div className={css.pair}><TextInput label={d('hol.date')} type="date" value={form.date} onChange={(event) => set({ date: event.currentTarget.value })} /></div>;
    case 'yearly': return <div className={css.pair}>{month}<NumberField label={d('hol.day')} min={1} max={31} value={form.day} onChange={(value) => set({ day: value ?? 1 })} /></div>;
    case 'weekday': return (
      <div className={css.pair}>
        <Select label={d('hol.which')} data={nths.map((nth) => ({ value: nth, label: d(`hol.nth_${nth}`) }))} value={String(form.nth)} allowDeselect={false} onChange={(value) => set({ nth: Number(value) })} />
        <Select label={d('hol.weekday_name')} data={weekdays} value={String(form.weekday)} allowDeselect={false} onChange={(value) => set({ weekday: Number(value) })} />
        {month}
        <NumberField label={d('hol.offset')} value={form.offset} onChange={(value) => set({ offset: value ?? 0 })} />
      </div>
    );
    case 'easter': return <div className={css.pair}><NumberField label={d('hol.easter_offset')} min={-366} max={366} value={form.offset} onChange={(value) => set({ offset: value ?? 0 })} /></div>;
    case 'range': return (
      <div className={css.pair}>
        <TextInput label={d('hol.range_from')} type="date" value={form.from.slice(0, 10)} onChange={(event) => set({ from: event.currentTarget.value })} />
        <TextInput label={d('hol.range_to')} type="date" value={form.to.slice(0, 10)} onChange={(event) => set({ to: event.currentTarget.value })} />
        <Checkbox className={css.check} label={d('hol.every_year')} checked={form.yearly} onChange={(event) => set({ yearly: event.currentTarget.checked })} />
      </div>
    );
  }
}

function HolidayForm({ before, date, onKeep }: { before: Holiday | null; date: string; onKeep: (holiday: Holiday) => void }) {
  const [form, setForm] = useState(() => formOf(before, date));
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  const holiday = holidayOf(form, before);
  const next = nextDays(holiday, dayOf(new Date()), 3);
  const isNone = form.kind === 'range' ? !form.from || !form.to : form.kind === 'once' && !form.date;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isNone) onKeep(holiday);
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput label={d('hol.name')} value={form.name} maxLength={120} data-autofocus onChange={(event) => set({ name: event.currentTarget.value })} />
      <div>
        <p className={css.label} id="holiday-kind">{d('hol.kind')}</p>
        <SegmentedControl fullWidth aria-labelledby="holiday-kind" value={form.kind} onChange={(kind) => set({ kind: kind as Kind })} data={kinds.map((kind) => ({ value: kind, label: d(`hol.${kind}`) }))} />
      </div>
      <Rules form={form} set={set} />
      {form.kind !== 'range' && (
        <div className={css.three}>
          <NumberField label={d('hol.days')} min={1} max={366} value={form.days} onChange={(value) => set({ days: value ?? 1 })} />
          <TextInput label={d('hol.closed_from')} type="time" value={form.from.slice(0, 5)} onChange={(event) => set({ from: event.currentTarget.value })} />
          <TextInput label={d('hol.closed_to')} type="time" value={form.to.slice(0, 5)} onChange={(event) => set({ to: event.currentTarget.value })} />
        </div>
      )}
      <p className={css.preview} aria-live="polite">{next.length > 0 ? d('hol.preview', { dates: next.map(wallDay).join(' · ') }) : d('hol.preview_none')}</p>
      <div className={css.buttons}><Button type="submit" disabled={isNone}>{d('hol.save')}</Button></div>
    </form>
  );
}

function DateForm({ what, date, spans, onKeep }: { what: 'exception' | 'break'; date: string; spans: Span[]; onKeep: (date: string, spans: Span[]) => void }) {
  const [day, setDay] = useState(date);
  const [text, setText] = useState(spans.map((span) => span.join('-')).join(', '));
  const parsed = text.trim() === '' ? { week: {} } : parseWeek(`mon ${text}`);
  const fault = 'fault' in parsed ? d(`week.fault_${parsed.fault}`, { word: parsed.word }) : what === 'break' && text.trim() === '' ? d('week.fault_hours', { word: '' }) : undefined;
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!fault && day && 'week' in parsed) onKeep(day, (parsed.week.mon ?? []) as Span[]);
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput label={d('hol.date')} type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
      <TextInput label={d(what === 'exception' ? 'hol.date_hours' : 'hol.break_hours')} description={what === 'exception' ? d('hol.date_hours_hint') : undefined} data-autofocus
        inputWrapperOrder={['label', 'input', 'description', 'error']} value={text} error={(tried || text !== '') && fault} onChange={(event) => setText(event.currentTarget.value)} />
      <div className={css.buttons}><Button type="submit">{d('hol.save')}</Button></div>
    </form>
  );
}

export interface Editing {
  what: What;
  date: string; /* proposed, or of the exception */
  at: number | null; /* which of the holidays; null: a new one */
  free?: boolean; /* what it is may still be chosen */
}

export function HolidayDialog({ editing, holiday, spansOf, onWhat, onClose, onHoliday, onDate }: {
  editing: Editing;
  holiday: Holiday | null;
  spansOf: (what: 'exception' | 'break', date: string) => Span[];
  onWhat: (what: What) => void;
  onClose: () => void;
  onHoliday: (holiday: Holiday) => void;
  onDate: (what: 'exception' | 'break', date: string, spans: Span[]) => void;
}) {
  const { what } = editing;
  const title = editing.free ? d('hol.on_day', { date: wallDay(editing.date) }) : d(`hol.what_${what}`);
  return (
    <Modal opened onClose={onClose} title={title} size={560} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {editing.free && (
        <SegmentedControl className={css.what} fullWidth aria-label={d('hol.what')} value={what} onChange={(value) => onWhat(value as What)}
          data={(['holiday', 'exception', 'break'] as const).map((one) => ({ value: one, label: d(`hol.what_${one}`) }))} />
      )}
      {what === 'holiday'
        ? <HolidayForm before={holiday} date={editing.date} onKeep={onHoliday} />
        : <DateForm key={what} what={what} date={editing.date} spans={spansOf(what, editing.date)} onKeep={(date, spans) => onDate(what, date, spans)} />}
    </Modal>
  );
}
