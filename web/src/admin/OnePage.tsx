/* A delivery or an event on a page of its own, as its side panel shows it. */
import type { ComponentType } from 'react';
import type { MetaType } from '@/api/meta';
import type { Row } from '@/api/records';
import { Page } from '@/parts/Page';
import { Bars, Failed } from '@/parts/States';
import { useLabel } from '@/parts/Value';
import { useRecord } from '@/records/RecordPage';
import { pluralOf } from '@/text/words';
import DeliveryBody from './DeliveryBody';
import EventBody from './EventBody';
import css from './Panel.module.css';

const bodies: Record<string, ComponentType<{ row: Row }>> = { delivery: DeliveryBody, event: EventBody };

export default function OnePage({ type, id }: { type: MetaType; id: string }) {
  const label = useLabel();
  const { data: row, error, refetch } = useRecord(type, id);
  const Body = bodies[type.name]!;
  if (error && !row) return <Failed error={error} again={() => void refetch()} />;
  return (
    <Page title={row ? label(row) : ''} trail={[{ to: `/${type.plural}`, text: pluralOf(type) }]}>
      {!row ? <Bars count={10} /> : <div className={css.alone}><Body row={row} /></div>}
    </Page>
  );
}
