/* How much is left, as people say it, with a meter below. */
import type { Row } from '@/api/records';
import { Meter } from '@/parts/Meter';
import { day, units } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Balance.module.css';

export function unitWord(row: Row): string {
  const unit = String(row.unit ?? 'cases');
  if (unit === 'custom') return String(row.unit_name ?? t('units.custom'));
  if (unit === 'minutes') return '';
  return unit === 'visits' ? t('units.visits') : t('units.cases');
}

export function Balance({ row, large }: { row: Row; large?: boolean }) {
  const unit = String(row.unit ?? 'cases');
  const word = unitWord(row);
  if (unit === 'none') return <p className={css.plain}>{t('units.none')}</p>;
  if (row.unlimited) {
    const used = units(Number(row.consumed ?? 0), unit);
    return (
      <p className={css.words} data-large={large || undefined}>
        <b>{t('desk.unlimited')}</b> <span>{[word, t('units.used_so_far', { count: used })].filter(Boolean).join(', ')}</span>
      </p>
    );
  }
  const total = Number(row.granted ?? row.total ?? 0);
  const available = Number(row.available ?? 0);
  const reserved = Number(row.reserved ?? 0);
  const used = Number(row.consumed ?? 0);
  return (
    <div className={css.balance} data-large={large || undefined}>
      <p className={css.words}>
        <b>{units(available, unit)}</b>
        <span>{t('units.left', { left: '', total: units(total, unit), unit: word }).trim()}</span>
      </p>
      <Meter total={total} available={available} reserved={reserved} used={used} tall={large} />
      {large && (
        <dl className={css.parts}>
          <div data-part="used"><dt>{t('units.used')}</dt><dd>{units(used, unit)}</dd></div>
          <div data-part="reserved"><dt>{t('units.reserved')}</dt><dd>{units(reserved, unit)}</dd></div>
          <div data-part="available"><dt>{t('units.available')}</dt><dd>{units(available, unit)}</dd></div>
          {row.reset !== 'none' && row.reset !== undefined && (
            <div><dt>{humanize(String(row.reset))}</dt><dd>{row.resets_on ? t('ent.resets', { total: units(Number(row.total ?? 0), unit), date: day(String(row.resets_on)) }) : '–'}</dd></div>
          )}
        </dl>
      )}
    </div>
  );
}
