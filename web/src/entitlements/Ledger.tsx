/* The postings that the balance is the sum of, with what was left after each. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { getPage, type Row, rowOf, textOf } from '@/api/records';
import { Section } from '@/parts/Page';
import { Asked } from '@/parts/States';
import { When } from '@/parts/Value';
import { Actor } from '@/records/History';
import { units } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Ledger.module.css';

const most = 1000;

/* What a posting does to what is available. */
export function effect(posting: Row): number {
  const count = Number(posting.units ?? 0);
  switch (posting.kind) {
    case 'reserve':
    case 'consume':
    case 'expire': return -count;
    case 'grant':
    case 'top_up':
    case 'release':
    case 'refund': return count;
    default: return count;
  }
}

/* Oldest first, each with the sum until then. A case whose units were set aside releases
 * them when it consumes, so the sum is what is available. */
export function running(postings: Row[]): { posting: Row; change: number; after: number }[] {
  let sum = 0;
  return postings.map((posting) => {
    const change = effect(posting);
    sum += change;
    return { posting, change, after: sum };
  });
}

export function usePostings(entitlement: string) {
  return useQuery({
    queryKey: ['rows', 'term_postings', 'ledger', entitlement],
    queryFn: async () => {
      const rows: Row[] = [];
      let cursor: string | null = '';
      while (cursor !== null && rows.length < most) {
        const page: Awaited<ReturnType<typeof getPage>> = await getPage('term_postings', {
          entitlement_id: entitlement, sort: 'created_at', limit: '200', expand: 'case', ...(cursor ? { cursor } : {}),
        });
        rows.push(...page.data);
        cursor = page.has_more ? page.next_cursor : null;
      }
      return rows;
    },
  });
}

function signed(count: number, unit: string): string {
  return count > 0 ? `+${units(count, unit)}` : count < 0 ? `−${units(-count, unit)}` : '0';
}

export function Ledger({ row }: { row: Row }) {
  const postings = usePostings(row.id);
  const unit = String(row.unit ?? 'cases');
  const lines = running(postings.data ?? []).reverse();
  return (
    <Section title={t('ent.ledger')} beside={<span className={css.note}>{t('ent.balance_note')}</span>}>
      <Asked of={postings}>{() => (lines.length === 0 ? <p className="muted">{t('ent.no_postings')}</p> : (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={t('ent.ledger')}>
          <table className={css.ledger}>
            <thead>
              <tr>
                <th scope="col">{t('ent.when')}</th>
                <th scope="col">{t('ent.what')}</th>
                <th scope="col">{t('ent.who')}</th>
                <th scope="col" data-number>{t('ent.units')}</th>
                {!row.unlimited && <th scope="col" data-number>{t('ent.after')}</th>}
              </tr>
            </thead>
            <tbody>
              {lines.map(({ posting, change, after }) => {
                const about = rowOf(posting, 'case');
                return (
                  <tr key={posting.id}>
                    <td><When at={textOf(posting, 'created_at')} /></td>
                    <td>
                      {humanize(textOf(posting, 'kind'))}
                      {about && <> · <Link className="link" to={`/cases/${about.id}`}>{textOf(about, 'number')}</Link> <span className="muted">{textOf(about, 'title')}</span></>}
                      {posting.channel !== null && <span className="muted"> · {humanize(textOf(posting, 'channel'))}</span>}
                      {posting.reason !== null && <span className="muted"> · {textOf(posting, 'reason')}</span>}
                    </td>
                    <td className="muted"><Actor actor={textOf(posting, 'actor')} /></td>
                    <td data-number data-plus={change > 0 || undefined}>{signed(change, unit)}</td>
                    {!row.unlimited && <td data-number>{units(after, unit)}</td>}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ))}</Asked>
    </Section>
  );
}
