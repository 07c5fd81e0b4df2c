/* Does the page follow what others do? Said in words, and never more than is so. */
import { useLive } from '@/api/live';
import { t } from '@/text/t';
import css from './LiveSign.module.css';

export function LiveSign() {
  const state = useLive();
  return (
    <p className={css.sign} data-live={state} title={t(`live.${state}_hint`)}>
      <span className={css.dot} aria-hidden />
      {t(`live.${state}`)}
    </p>
  );
}
