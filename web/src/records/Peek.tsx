/* A record beside its list, so that the place is kept. */
import { ActionIcon, Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import type { MetaType } from '@/api/meta';
import { type Row, textOf } from '@/api/records';
import { IconX } from '@/parts/icons';
import { Keys } from '@/parts/Keys';
import { Asked, Bars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { useLabel } from '@/parts/Value';
import { t } from '@/text/t';
import { stateFieldOf } from './arrange';
import css from './Peek.module.css';
import { Details, useRecord } from './RecordPage';

/* Types of which people look for something else than their fields. */
const bodies = {
  delivery: lazy(() => import('@/admin/DeliveryBody')),
  event: lazy(() => import('@/admin/EventBody')),
};

function Body({ type, row, name }: { type: MetaType; row: Row; name: string }) {
  const state = stateFieldOf(type);
  return (
    <>
      <h2 className={css.name}>{type.name === 'case' ? textOf(row, 'title') : name}</h2>
      <p className={css.line}>
        {type.name === 'case' && <span>{name}</span>}
        {type.label_field !== 'number' && row.number && <span>{textOf(row, 'number')}</span>}
        {state && textOf(row, state.name) && <Status word={textOf(row, state.name)} />}
      </p>
      <Details type={type} row={row} columns={1} empty={false} />
    </>
  );
}

export default function Peek({ type, id, onClose }: { type: MetaType; id: string; onClose: () => void }) {
  const label = useLabel();
  const found = useRecord(type, id);
  const row = found.data;
  const name = row ? label(row) : '';
  const Made = bodies[type.name as keyof typeof bodies];
  return (
    <aside className={css.peek} aria-label={t('list.peek', { name })}>
      <header className={css.head}>
        <Button component={Link} to={`/${type.plural}/${id}`} size="xs" variant="default" rightSection={<Keys of="o" />}>{t('list.open_full')}</Button>
        <ActionIcon aria-label={t('list.close_peek')} onClick={onClose}><IconX size={16} /></ActionIcon>
      </header>
      <Asked of={found} wait={<Bars count={10} />}>
        {(one) => (Made ? <Suspense fallback={<Bars count={10} />}><Made row={one} /></Suspense> : <Body type={type} row={one} name={name} />)}
      </Asked>
    </aside>
  );
}
