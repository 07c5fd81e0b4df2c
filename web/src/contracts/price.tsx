/* Prices of contracts and their lines as they are read. */
import type { Json, Row } from '@/api/records';
import { money } from '@/text/format';
import { isKey, numbers, t } from '@/text/t';

export interface Amount {
  amount: string;
  currency: string;
}

export function amountOf(row: Row | Record<string, Json | undefined> | null | undefined, name: string): Amount | null {
  const value = row?.[name];
  return value !== null && typeof value === 'object' && !Array.isArray(value) && 'amount' in value ? (value as unknown as Amount) : null;
}

export function moneyOf(value: Amount): string {
  return money(value.amount, value.currency);
}

/* Of a great sum the cents say nothing. */
export function roughly(value: Amount): string {
  const whole = Math.abs(Number(value.amount)) >= 10_000;
  return numbers({ style: 'currency', currency: value.currency, ...(whole ? { maximumFractionDigits: 0 } : {}) }).format(Number(value.amount));
}

/* "a month", "every 18 months", "once". */
export function periodOf(line: Row): string {
  if (line.pricing_method === 'one_time') return t('price.once');
  if (line.period === 'months') return t('price.months', { count: Number(line.period_months ?? 1) });
  const key = `price.${String(line.period)}`;
  return isKey(key) ? t(key) : '';
}

/* The price of one, as agreed, or before adjustments where those make it. */
export function UnitPrice({ line }: { line: Row }) {
  const agreed = amountOf(line, 'unit_price');
  const list = amountOf(line, 'list_price');
  if (line.derived_percent) return <>{t('price.share', { percent: String(line.derived_percent) })}</>;
  const price = agreed ?? list;
  if (!price) return <span className="muted" aria-label={t('record.none')}>–</span>;
  return <>{moneyOf(price)} <span className="muted">{periodOf(line)}</span></>;
}

/* With the digits of its currency. */
function inCents(value: Amount): string {
  return numbers({ style: 'currency', currency: value.currency }).format(Number(value.amount));
}

/* A total; where the server has none, that is said. Parts of a cent show when one points at it. */
export function Total({ of, name }: { of: Row; name: string }) {
  const total = amountOf(of, name);
  return total ? <span title={moneyOf(total)}>{inCents(total)}</span> : <span className="muted" title={t('price.no_total')}>–</span>;
}
