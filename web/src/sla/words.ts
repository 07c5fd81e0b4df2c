/* Steps of milestones, in words. */
import { d } from '@/text/designers';
import { zoneName } from '@/text/format';
import { locale } from '@/text/t';
import type { Step } from './timeline';

/* "Mon 23 Nov, 09:00": the year is in its title. */
export function clock(at: string): string {
  return new Intl.DateTimeFormat(locale(), { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zoneName() }).format(new Date(at));
}

export function stepText(step: Step): string {
  const word = step.what === 'completed' ? (step.late ? 'met_late' : 'met') : step.what;
  const text = d(`step.${word}` as 'step.started');
  return step.what === 'action' && step.action ? `${text}: ${step.action}` : text;
}
