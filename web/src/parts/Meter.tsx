import { t } from '@/text/t';
import css from './Meter.module.css';

/* How much of an allowance is used, set aside and available; the numbers stand beside it. */
export function Meter({ total, available, reserved, used, tall }: {
  total: number;
  available: number;
  reserved: number;
  used: number;
  tall?: boolean;
}) {
  const part = (count: number) => `${total > 0 ? Math.max(0, Math.min(100, (count / total) * 100)) : 0}%`;
  const low = available <= total * 0.1;
  return (
    <div
      className={css.meter}
      data-tall={tall || undefined}
      data-low={low || undefined}
      role="img"
      aria-label={t('units.meter', { available, total, reserved, used })}
    >
      <span className={css.used} style={{ width: part(used) }} />
      <span className={css.reserved} style={{ width: part(reserved) }} />
    </div>
  );
}
