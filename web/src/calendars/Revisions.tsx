/* What the hours of a calendar were, revision by revision. */
import { isRefused } from '@/api/problem';
import { useRows } from '@/api/records';
import { Asked } from '@/parts/States';
import { When } from '@/parts/Value';
import { d } from '@/text/designers';
import { number } from '@/text/t';
import type { Json } from '@/api/records';
import { type Week, weekText } from './hours';
import css from './Revisions.module.css';

type Definition = { week?: Week; holidays?: Json[]; holiday_ranges?: Json[]; exceptions?: Record<string, Json>; versions?: Json[] };

export function Revisions({ id, now }: { id: string; now: number }) {
  const list = useRows('calendar_revisions', { calendar_id: id, sort: '-created_at' });
  if (!list.data || isRefused(list.error)) return <Asked of={list}>{() => null}</Asked>;
  const rows = list.data.pages.flatMap((page) => page.data);
  return (
    <>
      <p className={css.hint}>{d('rev.hint')}</p>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={d('cal.revisions')}>
        <table className={css.table}>
          <thead><tr>{(['number', 'since', 'week', 'holidays', 'exceptions', 'later'] as const).map((name) => <th key={name} scope="col">{d(`rev.${name}`)}</th>)}</tr></thead>
          <tbody>
            {rows.map((row) => {
              const of = (row.definition ?? {}) as unknown as Definition;
              return (
                <tr key={row.id}>
                  <td>{String(row.revision)}{row.revision === now && <span className="muted"> · {d('rev.now')}</span>}</td>
                  <td><When at={String(row.created_at)} /></td>
                  <td className="mono">{weekText(of.week ?? {})}</td>
                  <td>{number((of.holidays?.length ?? 0) + (of.holiday_ranges?.length ?? 0))}</td>
                  <td>{number(Object.keys(of.exceptions ?? {}).length)}</td>
                  <td>{number(of.versions?.length ?? 0)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
