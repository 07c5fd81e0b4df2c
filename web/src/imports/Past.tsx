/* Imports of the past, to be looked at again. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { isRefused } from '@/api/problem';
import { type Row, textOf, useRows } from '@/api/records';
import { IconAlertTriangle, IconCircleCheck, IconClock, IconMinus, IconRefresh } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { Asked } from '@/parts/States';
import { Status as Sign } from '@/parts/Status';
import { When } from '@/parts/Value';
import { i } from '@/text/imports';
import { number } from '@/text/t';
import css from './Imports.module.css';

const looks = {
  queued: ['quiet', IconClock], running: ['accent', IconRefresh], done: ['ok', IconCircleCheck], stopped: ['quiet', IconMinus], failed: ['bad', IconAlertTriangle],
} as const;

function One({ row }: { row: Row }) {
  const state = textOf(row, 'state') as keyof typeof looks;
  const [tone, icon] = looks[state];
  const count = (name: string) => number(Number(row[name] ?? 0));
  return (
    <tr>
      <td><Link className="link" to={`/imports?job=${row.id}`}>{textOf(row, 'name') || textOf(row, 'kind')}</Link>{row.dry_run === true && <p className={css.remark}>{i('imports.dry')}</p>}</td>
      <td>{textOf(row, 'kind')}</td>
      <td><Sign word={state} label={i(`imports.state_${state}`)} tone={tone} icon={icon} /></td>
      <td className="num">{i('imports.done_of', { done: count('done'), total: count('total') })}</td>
      <td className="num">{count('failed')}</td>
      <td><When at={textOf(row, 'created_at')} /></td>
    </tr>
  );
}

export function Past() {
  const found = useRows('imports', { limit: '20' });
  const rows = found.data?.pages.flatMap((page) => page.data) ?? [];
  if (!found.data || isRefused(found.error)) return <Section title={i('imports.past')}><Asked of={found}>{() => null}</Asked></Section>;
  if (rows.length === 0) return null;
  return (
    <Section title={i('imports.past')}>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={i('imports.past')}>
        <table className={css.table}>
          <thead><tr><th>{i('imports.file')}</th><th>{i('imports.object')}</th><th>{i('imports.state')}</th><th>{i('imports.rows_done')}</th><th>{i('imports.failed')}</th><th>{i('imports.when')}</th></tr></thead>
          <tbody>{rows.map((row) => <One key={row.id} row={row} />)}</tbody>
        </table>
      </div>
      {found.hasNextPage && <Button className={css.more} variant="default" onClick={() => void found.fetchNextPage()}>{i('imports.show_past')}</Button>}
    </Section>
  );
}
