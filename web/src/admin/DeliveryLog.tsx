/* What was sent to an endpoint: by state, newest first; a row is looked at from the side. */
import { Button } from '@mantine/core';
import { type MouseEvent, useRef, useState } from 'react';
import { type Params, type Row, textOf, useRows, useTotal } from '@/api/records';
import { useKeys } from '@/parts/keys';
import { Unknown } from '@/parts/Missed';
import { Bars, Empty, Failed, isLost } from '@/parts/States';
import { Status } from '@/parts/Status';
import { When } from '@/parts/Value';
import { a } from '@/text/admin';
import { number } from '@/text/t';
import { answerOf, states, stateText, useFresh } from './delivery';
import css from './DeliveryLog.module.css';

/* The body is asked for with the row that is looked at. */
const fields = 'id,event_type,mail_subject,subject_id,state,attempts,last_status,last_error,next_attempt_at,created_at,delivered_at';

function Cells({ row }: { row: Row }) {
  const isOpen = ['pending', 'failed'].includes(textOf(row, 'state'));
  return (
    <>
      <td><Status word={textOf(row, 'state')} label={stateText(row)} /></td>
      <td data-number>{number(Number(row.attempts ?? 0))}</td>
      <td title={answerOf(row)}>{answerOf(row) || <span className="muted">–</span>}</td>
      <td>{isOpen && textOf(row, 'next_attempt_at') ? <When at={textOf(row, 'next_attempt_at')} relative /> : <span className="muted">–</span>}</td>
      <td><When at={textOf(row, 'created_at')} relative /></td>
    </>
  );
}

function nameOf(row: Row): string {
  return textOf(row, 'event_type') || textOf(row, 'mail_subject') || row.id;
}

export function DeliveryLog({ filter, state, onState, chosen, onChoose }: {
  filter: Params;
  state: string;
  onState: (state: string) => void;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const [at, setAt] = useState(-1);
  const table = useRef<HTMLTableElement>(null);
  const params = { ...filter, ...(state ? { state } : {}) };
  const list = useRows('deliveries', { ...params, sort: '-created_at', limit: '50', fields });
  const total = useTotal('deliveries', params);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  useFresh();
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    table.current?.querySelectorAll<HTMLElement>('tbody button')[next]?.focus();
    if (chosen && rows[next]) onChoose(rows[next].id);
  };
  useKeys({
    j: () => move(1), k: () => move(-1), arrowdown: () => move(1), arrowup: () => move(-1),
    escape: () => onChoose(null),
  });
  const click = (event: MouseEvent, i: number, id: string) => {
    if ((event.target as Element).closest('button')) return;
    setAt(i);
    onChoose(id);
  };
  return (
    <>
      <div className={css.tools}>
        <div className={css.states} role="group" aria-label={a('log.states')}>
          {['', ...states].map((one) => (
            <button key={one} type="button" aria-pressed={state === one} onClick={() => { setAt(-1); onState(one); }}>{a(one === '' ? 'log.all' : `log.${one as 'dead'}`)}</button>
          ))}
        </div>
        <span className="muted num">{isLost(total) ? <Unknown /> : total.data !== undefined && number(total.data)}</span>
      </div>
      {list.error && !list.data ? <Failed error={list.error} again={() => void list.refetch()} />
        : !list.data ? <Bars />
        : rows.length === 0 ? <Empty title={a('log.none')} hint={a('log.none_hint')} />
        : (
          <div className={css.scroll}>
            <table ref={table} className={css.table}>
              <thead>
                <tr>
                  <th scope="col">{a('log.event')}</th><th scope="col">{a('log.state')}</th><th scope="col" data-number>{a('log.attempts')}</th>
                  <th scope="col">{a('log.answer')}</th><th scope="col">{a('log.next')}</th><th scope="col">{a('log.when')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row, i) => (
                  <tr key={row.id} data-at={i === at || undefined} data-chosen={row.id === chosen || undefined} onClick={(event) => click(event, i, row.id)}>
                    <td><button type="button" className={css.open} onFocus={() => setAt(i)} onClick={() => onChoose(row.id)}>{nameOf(row)}</button></td>
                    <Cells row={row} />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {list.hasNextPage && <Button className={css.more} size="xs" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{a('log.more')}</Button>}
    </>
  );
}
