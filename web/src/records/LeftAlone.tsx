/* A change to many records, one request each with the version that was on the screen; and what became of those
 * that were left alone: somebody else changed them meanwhile, or the server refused. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { MetaType } from '@/api/meta';
import { isRefused, isStale } from '@/api/problem';
import { getRow, type Row } from '@/api/records';
import { tell } from '@/parts/toast';
import { useLabel } from '@/parts/Value';
import { refusalOf } from '@/parts/why';
import { number, t, tn } from '@/text/t';
import { changedOf } from './changes';
import css from './LeftAlone.module.css';

export type Run = (row: Row) => Promise<unknown>;

export interface Left {
  row: Row;        /* as it was when it was asked for */
  now: Row | null; /* as somebody else left it; null: the reason is another one */
  error: unknown;
}

async function leftBy(type: MetaType, row: Row, error: unknown): Promise<Left> {
  const now = isStale(error) ? await getRow(`${type.plural}/${row.id}`).catch(() => null) : null;
  return { row, now, error };
}

/* How many were changed is told here; who was left alone is returned. */
export async function runAll(type: MetaType, rows: Row[], run: Run): Promise<Left[]> {
  const left: Left[] = [];
  for (const row of rows) {
    await run(row).catch(async (error: unknown) => { left.push(await leftBy(type, row, error)); });
  }
  if (rows.length > left.length) tell(tn('list.bulk_done', rows.length - left.length));
  return left;
}

/* Another try may go another way: upon what they made of it, or once the server is there. */
function isOpen({ now, error }: Left): boolean {
  return now !== null || !isRefused(error);
}

function reasonOf(type: MetaType, { row, now, error }: Left): string {
  const fields = now ? changedOf(type, row, now).map((field) => field.label).join(', ') : '';
  return now ? t('list.left_stale', { fields: fields || t('list.left_elsewhere') }) : refusalOf(error);
}

export function LeftAlone({ type, left, onAgain, onClose }: { type: MetaType; left: Left[]; onAgain: (rows: Row[]) => Promise<void>; onClose: () => void }) {
  const label = useLabel();
  const [busy, setBusy] = useState(false);
  const open = left.filter(isOpen);
  const again = () => {
    setBusy(true);
    void onAgain(open.map(({ row, now }) => now ?? row)).finally(() => setBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title={tn('list.left', left.length)} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <p className="muted">{t('list.left_hint')}</p>
      <ul className={css.left}>
        {left.map((one) => (
          <li key={one.row.id}>
            <Link className="link" to={`/${type.plural}/${one.row.id}`}>{label(one.row)}</Link>
            <span>{reasonOf(type, one)}</span>
          </li>
        ))}
      </ul>
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose}>{t('common.close')}</Button>
        {open.length > 0 && <Button data-autofocus loading={busy} onClick={again}>{t('app.try_again')} ({number(open.length)})</Button>}
      </div>
    </Modal>
  );
}
