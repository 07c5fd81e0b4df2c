/* From when to when, and where today is in it. */
import type { Row } from '@/api/records';
import { day, dayOf, daysBetween } from '@/text/format';
import { t, tn } from '@/text/t';
import css from './Term.module.css';

function standing(start: string | null, end: string | null, today: string): string {
  if (start && start > today) return tn('ent.starts_in', daysBetween(today, start));
  if (!end) return t('ent.open_end');
  return end < today ? tn('ent.ended', daysBetween(end, today)) : tn('ent.days_left', daysBetween(today, end) + 1);
}

export function Term({ row }: { row: Row }) {
  const start = typeof row.starts_on === 'string' ? row.starts_on : null;
  const end = typeof row.ends_on === 'string' ? row.ends_on : null;
  const today = dayOf(new Date());
  const whole = start && end ? Math.max(1, daysBetween(start, end) + 1) : null;
  const gone = whole && start ? Math.max(0, Math.min(1, daysBetween(start, today) / whole)) : start && start <= today ? 0.5 : 0;
  return (
    <div className={css.term}>
      <p className={css.standing}>{standing(start, end, today)}</p>
      <div className={css.line} data-open={!end || undefined} aria-hidden>
        <span className={css.gone} style={{ width: `${gone * 100}%` }} />
        {gone > 0 && gone < 1 && <span className={css.today} style={{ left: `${gone * 100}%` }} />}
      </div>
      <p className={css.ends}>
        <span>{start ? day(start) : '–'}</span>
        <span>{end ? day(end) : t('ent.open_end')}</span>
      </p>
    </div>
  );
}
