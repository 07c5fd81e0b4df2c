/* An endpoint: how it is, and what it is told. */
import { type Row, textOf } from '@/api/records';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@/parts/icons';
import { Status } from '@/parts/Status';
import { ago } from '@/text/format';
import { a } from '@/text/admin';

export type Health = 'healthy' | 'failing' | 'disabled';

export function healthOf(row: Row): Health {
  if (row.disabled === true) return 'disabled';
  return textOf(row, 'failing_since') ? 'failing' : 'healthy';
}

export function HealthMark({ row, strong }: { row: Row; strong?: boolean }) {
  const health = healthOf(row);
  if (health === 'disabled') return <Status strong={strong} word="disabled" tone="quiet" icon={IconCircleX} label={a('hook.disabled')} />;
  if (health === 'failing') return <Status strong={strong} word="failing" tone="bad" icon={IconAlertTriangle} label={a('hook.failing_since', { when: ago(textOf(row, 'failing_since')) })} />;
  return <Status strong={strong} word="healthy" tone="ok" icon={IconCircleCheck} label={a('hook.healthy')} />;
}

export function wordsOf(row: Row): string[] {
  return Array.isArray(row.event_types) ? (row.event_types as string[]) : [];
}

/* The first few of its event types. */
export function EventWords({ row, most = 3 }: { row: Row; most?: number }) {
  const words = wordsOf(row);
  if (words.includes('*')) return <>{a('hook.all_events')}</>;
  if (words.length === 0) return <span className="muted">{a('hook.no_events')}</span>;
  return <span title={words.join(', ')}>{words.slice(0, most).join(', ')}{words.length > most && <span className="muted"> {a('hook.more_events', { count: words.length - most })}</span>}</span>;
}
