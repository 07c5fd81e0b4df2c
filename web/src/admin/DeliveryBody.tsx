/* A delivery from the side: what became of it, what is sent, what came back, and sending it again. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { type Row, rowOf, textOf } from '@/api/records';
import { useMay } from '@/api/session';
import { IconCircleX, IconRefresh } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Status } from '@/parts/Status';
import { When } from '@/parts/Value';
import { a } from '@/text/admin';
import { number } from '@/text/t';
import { cancel, replay, stateText, useFresh } from './delivery';
import { Json } from './Json';
import css from './Panel.module.css';
import { Facts, Part } from './Panel';
import { SubjectOf } from './subject';

function when(row: Row, name: string) {
  return textOf(row, name) ? <When at={textOf(row, name)} /> : null;
}

export default function DeliveryBody({ row }: { row: Row }) {
  const may = useMay();
  const state = textOf(row, 'state');
  const endpoint = rowOf(row, 'endpoint');
  const canReplay = state === 'dead' && may('delivery.replay');
  const canCancel = ['pending', 'failed', 'dead'].includes(state) && may('delivery.cancel');
  const isOpen = state === 'pending' || state === 'failed';
  useFresh(isOpen ? 1500 : 10_000);
  useKeys({ r: () => { if (canReplay) replay(row); } });
  const status = row.last_status === null || row.last_status === undefined ? null : a('log.status', { status: String(row.last_status) });
  return (
    <>
      <h2>{textOf(row, 'event_type') || textOf(row, 'mail_subject') || row.id}</h2>
      <p style={{ marginTop: 4 }}><Status strong word={state} label={stateText(row)} /></p>
      {(canReplay || canCancel) && (
        <div className={css.buttons}>
          {canReplay && <Button size="xs" leftSection={<IconRefresh size={14} />} onClick={() => replay(row)}>{a('log.replay')}</Button>}
          {canCancel && <Button size="xs" variant="default" leftSection={<IconCircleX size={14} />} onClick={() => cancel(row)}>{a('log.cancel')}</Button>}
        </div>
      )}
      {textOf(row, 'last_error') && state !== 'delivered' && <p className={css.wrong}>{textOf(row, 'last_error')}</p>}
      <Part title={a('log.facts')}>
        <Facts facts={[
          [a('log.to'), endpoint ? <Link className="link" to={`/webhook_endpoints/${endpoint.id}`}>{textOf(endpoint, 'name')}</Link> : textOf(row, 'recipient') || textOf(row, 'endpoint_id')],
          [a('log.subject'), textOf(row, 'subject_id') ? <SubjectOf id={textOf(row, 'subject_id')} eventType={textOf(row, 'event_type')} /> : null],
          [a('log.attempts'), number(Number(row.attempts ?? 0))],
          [a('log.answer'), status],
          [a('log.first'), when(row, 'created_at')],
          [a('log.last_try'), when(row, 'last_attempt_at')],
          [a('log.next'), isOpen && when(row, 'next_attempt_at')],
          [a('log.delivered_at'), when(row, 'delivered_at')],
          [a('log.message'), <span key="id" className="mono">{textOf(row, 'message_id')}</span>],
          [a('log.open_event'), textOf(row, 'event_id') && may('event.read') ? <Link className="link mono" to={`/events?peek=${textOf(row, 'event_id')}`}>{textOf(row, 'event_id')}</Link> : null],
        ]} />
      </Part>
      <Part title={a('log.response')}>
        {textOf(row, 'response') ? <Json text={textOf(row, 'response')} label={a('log.response')} /> : <p className="muted">{a('log.no_response')}</p>}
      </Part>
      {textOf(row, 'body') && <Part title={a('log.sent')}><Json text={textOf(row, 'body')} label={a('log.sent')} /></Part>}
    </>
  );
}
