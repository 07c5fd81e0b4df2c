/* What signs of trouble end with: the request that failed, for whoever looks for it in the log, and asking once more. */
import { t } from '@/text/t';
import css from './TryAgain.module.css';
import { requestOf } from './why';

export function Request({ error }: { error: unknown }) {
  return <span className={css.request}>{requestOf(error)}</span>;
}

export function TryAgain({ onClick }: { onClick: () => void }) {
  return <button type="button" className={css.again} onClick={onClick}>{t('app.try_again')}</button>;
}
