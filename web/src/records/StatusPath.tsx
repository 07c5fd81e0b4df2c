import type { MetaField } from '@/api/meta';
import { IconCheck } from '@/parts/icons';
import { lookOf } from '@/parts/tone';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './StatusPath.module.css';

/* Off the way: shown only when a record is there. */
const asides = new Set(['suspended', 'partly_suspended', 'cancelled', 'withdrawn', 'failed', 'dead', 'paused']);

/* The ways a record may go, and where it is. */
export function StatusPath({ field, value }: { field: MetaField; value: string }) {
  const way = field.values.filter((word) => !asides.has(word) || word === value);
  if (way.length < 2 || way.length > 7) return null;
  const at = way.indexOf(value);
  return (
    <ol className={css.path} aria-label={t('record.status_path')}>
      {way.map((word, i) => {
        const look = lookOf(word);
        const passed = i < at && !asides.has(value);
        const Shown = passed ? IconCheck : look?.icon;
        return (
          <li key={word} data-at={i === at || undefined} data-passed={passed || undefined} data-tone={look?.tone ?? 'plain'} aria-current={i === at ? 'step' : undefined}>
            {Shown && <Shown size={14} stroke={2} aria-hidden />}
            {humanize(word)}
          </li>
        );
      })}
    </ol>
  );
}
