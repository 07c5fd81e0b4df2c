/* Contracts that end soon, by how far the talks about their renewal are. A card goes to another
 * stage by dragging it, by its menu, or with Shift and the arrow keys. */
import { Button, Menu, Switch } from '@mantine/core';
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { type Row, rowOf, textOf, updateRow, usePage, useTotal } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { amountOf, roughly } from '@/contracts/price';
import { distance, noticeDay, renewalDay } from '@/contracts/story';
import { IconAlertTriangle, IconBell, IconDots, IconFileText, IconRefresh } from '@/parts/icons';
import { Unknown } from '@/parts/Missed';
import { Page } from '@/parts/Page';
import { Asked, Bars, Empty, isLost } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { day, dayOf, daysBetween } from '@/text/format';
import { number, type TextKey, t, tn } from '@/text/t';
import { humanize, lower } from '@/text/words';
import { type Card, cardsOf, paramsOf, stageOf, stages, type Window, windows, worthOf } from './board';
import css from './Board.module.css';

const fields = 'number,name,state,starts_on,ends_on,account_id,arr,tcv,auto_renew,notice_days,renew_days_before,renewal_proposal,renewal_stage,administrator_id,currency';

function useParams(window: Window, mine: boolean) {
  const session = useSession();
  return { ...paramsOf(window, dayOf(new Date())), ...(mine ? { administrator_id: session.id } : {}) };
}

function Count({ window, mine }: { window: Window; mine: boolean }) {
  const total = useTotal('contracts', useParams(window, mine));
  return <span className={css.count}>{isLost(total) ? <Unknown /> : total.data === undefined ? '' : number(total.data)}</span>;
}

/* What is done by itself, or waits to be decided. */
function Proposal({ card, today }: { card: Card; today: string }) {
  const { row, successor } = card;
  if (successor) {
    return <p><IconFileText size={13} aria-hidden /><Link to={`/contracts/${successor.id}`} draggable={false} onClick={(event) => event.stopPropagation()}>{t('board.proposal', { number: textOf(successor, 'number') })}</Link></p>;
  }
  if (row.auto_renew !== true) return null;
  const on = renewalDay(row);
  const as = row.renewal_proposal === 'direct' ? t('renewal.auto') : t('board.proposed_as', { what: lower(humanize(textOf(row, 'renewal_proposal'))) });
  return <p><IconRefresh size={13} aria-hidden />{on && on > today ? `${as}, ${day(on)}` : as}</p>;
}

function Notice({ row, today }: { row: Row; today: string }) {
  const on = noticeDay(row);
  if (!on || on < today) return null;
  return <p data-soon={daysBetween(today, on) <= 14 || undefined}><IconBell size={13} aria-hidden />{t('renewal.notice', { date: day(on) })}</p>;
}

function Face({ card, today }: { card: Card; today: string }) {
  const { row } = card;
  const worth = amountOf(row, 'arr') ?? amountOf(row, 'tcv');
  const end = textOf(row, 'ends_on');
  return (
    <>
      <p className={css.account}>{textOf(rowOf(row, 'account'), 'name')}</p>
      <p className={css.name}>{textOf(row, 'name')} <span className="muted num">{textOf(row, 'number')}</span></p>
      <p data-late={end < today || undefined}>{end < today && <IconAlertTriangle size={13} aria-hidden />}<span>{end < today ? tn('ent.ended', daysBetween(end, today)) : t('board.ends', { when: distance(end, today) })}</span><b>{worth ? roughly(worth) : ''}</b></p>
      <Notice row={row} today={today} />
      <Proposal card={card} today={today} />
    </>
  );
}

function Move({ card, onMove }: { card: Card; onMove: (stage: string) => void }) {
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target><button type="button" className={css.menu} tabIndex={-1} aria-label={t('board.move', { name: textOf(card.row, 'name') })}><IconDots size={15} aria-hidden /></button></Menu.Target>
      <Menu.Dropdown>
        {stages.filter((stage) => stage !== stageOf(card.row)).map((stage) => <Menu.Item key={stage} onClick={() => onMove(stage)}>{t(`board.${stage}`)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

/* Stages that were chosen here and are on their way to the server. */
function useMoved() {
  const [moved, setMoved] = useState<Record<string, string>>({});
  const send = async (row: Row, stage: string, version: number | undefined): Promise<Row> => {
    setMoved((before) => ({ ...before, [row.id]: stage }));
    try {
      return await updateRow(`contracts/${row.id}`, { renewal_stage: stage }, version);
    } catch (error) {
      setMoved(({ [row.id]: _, ...rest }) => rest);
      throw error;
    }
  };
  const move = (row: Row, stage: string) => {
    const before = stageOf(row);
    if (before === stage) return;
    send(row, stage, row.version).then(
      (after) => tell(t('board.moved', { name: textOf(row, 'name'), stage: t(`board.${stage}` as TextKey) }), { undo: () => send(row, before, after.version) }), tellProblem);
  };
  return { moved, move };
}

function Columns({ cards, canMove, onMove }: { cards: Card[]; canMove: boolean; onMove: (row: Row, stage: string) => void }) {
  const navigate = useNavigate();
  const today = dayOf(new Date());
  const [over, setOver] = useState<string | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const carried = useRef<string | null>(null); /* a card that went to another column keeps the focus */
  const columns = stages.map((stage) => ({ stage, cards: cards.filter((card) => stageOf(card.row) === stage) }));
  const first = columns.find((column) => column.cards.length > 0)?.cards[0]?.row.id;
  const focused = at !== null && cards.some((card) => card.row.id === at) ? at : first;
  const focus = (id: string | undefined) => {
    if (!id) return;
    setAt(id);
    box.current?.querySelector<HTMLElement>(`[data-card="${id}"]`)?.focus();
  };
  useEffect(() => {
    if (carried.current !== null) focus(carried.current);
    carried.current = null;
  });
  const press = (event: KeyboardEvent, card: Card, column: number, place: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const side = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    if (side !== 0 && event.shiftKey) {
      const stage = stages[column + side];
      if (stage && canMove) { carried.current = card.row.id; onMove(card.row, stage); }
    } else if (side !== 0) {
      for (let i = column + side; columns[i]; i += side) {
        const there = columns[i]!.cards;
        if (there.length > 0) { focus(there[Math.min(place, there.length - 1)]?.row.id); break; }
      }
    } else if (step !== 0) focus(columns[column]?.cards[place + step]?.row.id);
    else if (event.key === 'Enter' || event.key === 'o') void navigate(`/contracts/${card.row.id}`);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (event: DragEvent, stage: string) => {
    event.preventDefault();
    setOver(null);
    const card = cards.find((one) => one.row.id === event.dataTransfer.getData('text/plain'));
    if (card) onMove(card.row, stage);
  };
  return (
    <div className={css.columns} ref={box}>
      {columns.map((column, c) => (
        <section key={column.stage} className={css.column} aria-label={t(`board.${column.stage}`)} data-over={over === column.stage || undefined}
          onDragOver={(event) => { if (canMove) { event.preventDefault(); setOver(column.stage); } }} onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Element | null)) setOver(null); }}
          onDrop={(event) => drop(event, column.stage)}>
          <h2>{t(`board.${column.stage}`)} <span className={css.count}>{number(column.cards.length)}</span><span className={css.sum}>{worthOf(column.cards.map((card) => card.row)).map(roughly).join(' + ')}</span></h2>
          <ul>
            {column.cards.map((card, i) => (
              <li key={card.row.id}>
                <div className={css.card} data-card={card.row.id} tabIndex={card.row.id === focused ? 0 : -1} role="group" draggable={canMove}
                  aria-label={`${textOf(rowOf(card.row, 'account'), 'name')}, ${textOf(card.row, 'name')}`} aria-describedby="board-keys"
                  onFocus={() => setAt(card.row.id)} onKeyDown={(event) => press(event, card, c, i)} onClick={() => void navigate(`/contracts/${card.row.id}`)}
                  onDragStart={(event) => { event.dataTransfer.setData('text/plain', card.row.id); event.dataTransfer.effectAllowed = 'move'; }}>
                  <Face card={card} today={today} />
                </div>
                {canMove && <Move card={card} onMove={(stage) => onMove(card.row, stage)} />}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

export default function Board() {
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const chosen = windows.find((one) => one === address.get('window')) ?? '30';
  const mine = address.get('mine') === 'yes';
  const params = useParams(chosen, mine);
  const list = usePage('contracts', { ...params, sort: 'ends_on', limit: '200', expand: 'account', fields });
  const rows = list.data?.data ?? [];
  const ids = rows.map((row) => row.id).join(',');
  const successors = usePage('contracts', { 'renewed_from_id[in]': ids, limit: '200', fields: 'number,state,stage,renewed_from_id' }, ids !== '');
  const { moved, move } = useMoved();
  const shown = rows.map((row) => (moved[row.id] ? { ...row, renewal_stage: moved[row.id] } : row));
  const { cards, renewed } = cardsOf(shown, successors.data?.data ?? []);
  const set = (window: string, own: boolean) => setAddress({ window, ...(own ? { mine: 'yes' } : {}) }, { replace: true });
  return (
    <Page title={t('board.title')} beside={<span className={css.order}>{t('board.lead')}</span>}
      actions={<Switch size="xs" label={t('board.mine')} checked={mine} onChange={(event) => set(chosen, event.currentTarget.checked)} />}>
      <div className={css.tabs} role="group" aria-label={t('board.windows')}>
        {windows.map((one) => <button key={one} type="button" aria-pressed={one === chosen} onClick={() => set(one, mine)}>{t(`board.window_${one}`)}<Count window={one} mine={mine} /></button>)}
      </div>
      <p id="board-keys" className="visually-hidden">{t('board.keys')}</p>
      <Asked of={list} wait={<Bars count={8} />}>
        {() => (rows.length === 0 ? (
          <Empty title={t('board.empty')} hint={t('board.empty_hint')}>
            <Button component={Link} to="/contracts?sort=ends_on" variant="default">{t('board.contracts')}</Button>
          </Empty>
        )
          : <Asked of={successors} wait={<Bars count={8} />}>{() => <Columns cards={cards} canMove={may('contract.update')} onMove={move} />}</Asked>)}
      </Asked>
      {renewed.length > 0 && <p className={css.renewed}>{tn('board.renewed', renewed.length)} {renewed.slice(0, 12).map((row) => <Link key={row.id} className="link" to={`/contracts/${row.id}`}>{textOf(row, 'number')}</Link>)}</p>}
      {list.data?.has_more && <p className={css.renewed}>{t('board.more')}</p>}
    </Page>
  );
}
