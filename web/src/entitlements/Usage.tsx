/* Units consumed by month, as bars and as the same numbers in a table. */
import type { Row } from '@/api/records';
import { Section } from '@/parts/Page';
import { units } from '@/text/format';
import { locale, t } from '@/text/t';
import { textOf } from '@/api/records';
import { usePostings } from './Ledger';
import css from './Usage.module.css';

export interface Month {
  month: string; /* "2026-07" */
  used: number;
}

/* The last `count` months up to `until` ("2026-07"), each with what was consumed less what was given back. */
export function byMonth(postings: Row[], until: string, count = 12): Month[] {
  const [year = 0, month = 1] = until.split('-').map(Number);
  const months = Array.from({ length: count }, (_, i) => {
    const date = new Date(Date.UTC(year, month - 1 - (count - 1 - i), 1));
    return { month: date.toISOString().slice(0, 7), used: 0 };
  });
  const at = new Map(months.map((one) => [one.month, one]));
  for (const posting of postings) {
    const one = at.get(textOf(posting, 'created_at').slice(0, 7));
    const sign = posting.kind === 'consume' ? 1 : posting.kind === 'refund' ? -1 : 0;
    if (one) one.used += sign * Number(posting.units ?? 0);
  }
  return months;
}

function name(month: string, style: 'short' | 'long'): string {
  return new Intl.DateTimeFormat(locale(), { month: style, ...(style === 'long' ? { year: 'numeric' } : {}), timeZone: 'UTC' }).format(new Date(`${month}-01T00:00:00Z`));
}

export function Usage({ row }: { row: Row }) {
  const { data } = usePostings(row.id);
  const unit = String(row.unit ?? 'cases');
  if (!data) return null;
  const months = byMonth(data, new Date().toISOString().slice(0, 7));
  const most = Math.max(...months.map((month) => month.used), 1);
  if (months.every((month) => month.used === 0)) return <Section title={t('ent.usage')}><p className="muted">{t('ent.no_usage')}</p></Section>;
  return (
    <Section title={t('ent.usage')}>
      <div className={css.chart} aria-hidden>
        {months.map((month) => (
          <div key={month.month} className={css.month} title={`${name(month.month, 'long')}: ${units(month.used, unit)}`}>
            <span className={css.value}>{month.used > 0 ? units(month.used, unit) : ''}</span>
            <span className={css.bar} style={{ height: `${Math.max(0, (month.used / most) * 72)}px` }} />
            <span className={css.name}>{name(month.month, 'short')}</span>
          </div>
        ))}
      </div>
      <details className={css.details}>
        <summary>{t('ent.usage_table')}</summary>
        <table>
          <thead><tr><th scope="col">{t('ent.month')}</th><th scope="col">{t('units.used')}</th></tr></thead>
          <tbody>{months.map((month) => <tr key={month.month}><td>{name(month.month, 'long')}</td><td>{units(month.used, unit)}</td></tr>)}</tbody>
        </table>
      </details>
    </Section>
  );
}
