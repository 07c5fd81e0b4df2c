/* Questions to a calendar, and how its times are shown. Wall clock times carry no offset; they are
 * read and shown as they stand. */
import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { components } from '@/api/schema';
import { locale } from '@/text/t';

export type Question = components['schemas']['CalendarQuestion'];
export type Answer = components['schemas']['CalendarAnswer'];

export async function ask(id: string, question: Question): Promise<Answer> {
  return body(await api.POST('/v1/calendars/{id}/calculate', { params: { path: { id } }, body: question }));
}

export function useAnswer(id: string, revision: number, question: Question | null) {
  return useQuery({
    queryKey: ['calendar', id, revision, question],
    queryFn: () => ask(id, question!),
    enabled: question !== null,
    placeholderData: (before) => before,
    retry: false,
  });
}

/* The wall clock of a zone at this moment: "2026-11-22T14:05". */
export function wallNow(zone: string, at = new Date()): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return parts.replace(' ', 'T').slice(0, 16);
}

const format = (time: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(new Date(`${time.slice(0, 19)}${time.length === 10 ? 'T00:00' : ''}Z`));

export function wall(time: string): string {
  return format(time, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function wallDay(date: string): string {
  return format(date, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
}

export function wallTime(time: string): string {
  return format(time, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function wallSeconds(from: string, to: string): number {
  return (Date.parse(`${to.slice(0, 19)}Z`) - Date.parse(`${from.slice(0, 19)}Z`)) / 1000;
}
