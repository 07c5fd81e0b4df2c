/* A week as it is drawn: hours are made, moved and resized with the pointer or with keys. */
import { Button, Menu, Popover, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { d } from '@/text/designers';
import { minutes as spoken } from '@/text/format';
import { locale } from '@/text/t';
import { type Block, blocksOf, dayMinutes, days, isTime, merged, minutesOf, minutesOfSpans, spanOf, timeOf, type Week as Hours, weekOf } from './hours';
import css from './Week.module.css';

const step = 15;
const snap = (value: number) => Math.round(value / step) * step;
const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

export function dayName(day: number, length: 'long' | 'short' | 'narrow' = 'long'): string {
  return new Intl.DateTimeFormat(locale(), { weekday: length, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + day)));
}

export function labelOf(block: Block): string {
  const [from, to] = spanOf(block);
  const next = block.to > dayMinutes ? ` ${d('week.next_day')}` : '';
  return d('week.block', { day: dayName(block.day), hours: `${from}–${to}${next}`, time: spoken(block.to - block.from) });
}

type Grip = 'draw' | 'move' | 'from' | 'to';
interface Drag {
  grip: Grip;
  block: Block; /* as it was taken */
  others: Block[];
  day: number; /* where the pointer went down */
  minute: number;
  now: Block;
  moved: boolean;
}

/* Where the block is once the pointer is at a day and minute. */
export function dragged({ grip, block, day, minute }: Pick<Drag, 'grip' | 'block' | 'day' | 'minute'>, toDay: number, toMinute: number): Block {
  const at = toDay > block.day ? dayMinutes + toMinute : toDay < block.day ? 0 : toMinute;
  switch (grip) {
    case 'draw': {
      const [from, to] = [Math.min(block.from, at), Math.max(block.from, at)];
      return { day: block.day, from: snap(from), to: Math.max(snap(from) + step, Math.min(snap(to), snap(from) + dayMinutes)) };
    }
    case 'from': return { ...block, from: clamp(snap(at), Math.max(0, block.to - dayMinutes), Math.min(block.to, dayMinutes) - step) };
    case 'to': return { ...block, to: clamp(snap(at), block.from + step, block.from + dayMinutes) };
    case 'move': {
      const from = clamp(block.from + snap(toMinute - minute), 0, dayMinutes - step);
      return { day: clamp(block.day + toDay - day, 0, 6), from, to: from + block.to - block.from };
    }
  }
}

/* What a key makes of a block; null: nothing. Neighbours of the same day stop it. */
export function pressed(block: Block, others: Block[], key: string, alt: boolean, shift: boolean): Block | null {
  const by = key === 'ArrowDown' ? step : key === 'ArrowUp' ? -step : 0;
  const side = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  let next: Block;
  if (side !== 0) next = { ...block, day: (block.day + side + 7) % 7 };
  else if (by === 0) return null;
  else if (shift) next = { ...block, to: block.to + by };
  else if (alt) next = { ...block, from: block.from + by };
  else next = { ...block, from: block.from + by, to: block.to + by };
  const fits = next.from >= 0 && next.from < dayMinutes && next.to > next.from && next.to - next.from <= dayMinutes;
  const met = others.some((one) => one.day === next.day && next.from <= one.to && one.from <= next.to);
  return fits && !met ? next : null;
}

function Times({ block, onKeep, onRemove }: { block: Block; onKeep: (block: Block) => void; onRemove: () => void }) {
  const [opens, closes] = spanOf(block);
  const [from, setFrom] = useState(opens);
  const [to, setTo] = useState(closes);
  const bad = (text: string, first: boolean) => (isTime(text) && !(first && minutesOf(text) >= dayMinutes) ? undefined : d('week.no_time'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (bad(from, true) || bad(to, false)) return;
    const [a, b] = [minutesOf(from), minutesOf(to)];
    onKeep({ day: block.day, from: a, to: b > a ? b : b + dayMinutes });
  };
  return (
    <form className={css.times} onSubmit={submit} noValidate aria-label={d('week.edit', { day: dayName(block.day) })}>
      <div className={css.pair}>
        <TextInput label={d('week.opens')} value={from} error={bad(from, true)} onFocus={(event) => event.currentTarget.select()} onChange={(event) => setFrom(event.currentTarget.value)} data-autofocus />
        <TextInput label={d('week.closes')} value={to} error={bad(to, false)} onFocus={(event) => event.currentTarget.select()} onChange={(event) => setTo(event.currentTarget.value)} />
      </div>
      <div className={css.buttons}>
        <Button variant="subtle" color="red" size="xs" onClick={onRemove}>{d('week.remove')}</Button>
        <Button type="submit" size="xs">{d('week.done')}</Button>
      </div>
    </form>
  );
}

function DayHead({ day, week, readOnly, onChange, onAdd }: { day: number; week: Hours; readOnly: boolean; onChange: (week: Hours) => void; onAdd: () => void }) {
  const spans = week[days[day]!] ?? [];
  const total = spans.length > 0 ? spoken(minutesOfSpans(spans)) : d('week.closed');
  const copy = (last: number) => onChange({ ...week, ...Object.fromEntries(days.slice(0, last).map((name) => [name, spans])) });
  const set = (next: Hours['mon']) => onChange({ ...week, [days[day]!]: next });
  const face = <><b className="visually-hidden">{dayName(day)}</b><b data-long aria-hidden>{dayName(day, 'short')}</b><b data-short aria-hidden>{dayName(day, 'narrow')}</b><span>{total}</span></>;
  if (readOnly) return <div className={css.head} data-off={spans.length === 0 || undefined}>{face}</div>;
  return (
    <Menu position="bottom" width={200} withinPortal>
      <Menu.Target>
        <button type="button" className={css.head} data-off={spans.length === 0 || undefined} title={d('week.day_menu')}>{face}</button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onAdd}>{d('week.add_short')}</Menu.Item>
        <Menu.Item onClick={() => set([['00:00', '24:00']])}>{d('week.all_day')}</Menu.Item>
        <Menu.Item onClick={() => copy(5)}>{d('week.copy_work')}</Menu.Item>
        <Menu.Item onClick={() => copy(7)}>{d('week.copy_all')}</Menu.Item>
        {spans.length > 0 && <Menu.Item color="red" onClick={() => set([])}>{d('week.clear')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

const percent = (minute: number) => `${(minute / dayMinutes) * 100}%`;

/* The next free hour of a day, for those who add hours without pointing. */
function freeHour(blocks: Block[], day: number): Block {
  const own = blocks.filter((block) => block.day === day);
  const last = own.at(-1);
  const from = last ? Math.min(last.to + 60, dayMinutes - 60) : 540;
  return { day, from, to: last ? Math.min(from + 60, dayMinutes) : 1020 };
}

export function WeekEditor({ week, onChange, readOnly = false }: { week: Hours; onChange: (week: Hours) => void; readOnly?: boolean }) {
  const blocks = merged(blocksOf(week));
  const grid = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [editing, setEditing] = useState<Block | null>(null);
  const focusOn = useRef<Block | null>(null);
  const said = useRef('');
  const put = (next: Block[], focus?: Block) => {
    focusOn.current = focus ?? null;
    if (focus) said.current = labelOf(focus);
    onChange(weekOf(next));
  };
  useEffect(() => {
    const wanted = focusOn.current;
    if (!wanted) return;
    focusOn.current = null;
    const all = [...(grid.current?.querySelectorAll<HTMLElement>(`[data-day="${wanted.day}"]`) ?? [])];
    (all.find((one) => Number(one.dataset.from) <= wanted.from && wanted.from < Number(one.dataset.to)) ?? all[0])?.focus();
  });

  const placeOf = (event: PointerEvent): [number, number] => {
    const box = grid.current!.getBoundingClientRect();
    const day = clamp(Math.floor(((event.clientX - box.left) / box.width) * 7), 0, 6);
    return [day, clamp(((event.clientY - box.top) / box.height) * dayMinutes, 0, dayMinutes)];
  };
  const down = (event: PointerEvent, grip: Grip, taken?: Block) => {
    if (readOnly || event.button !== 0 || (event.pointerType === 'touch' && !taken)) return;
    const [day, minute] = placeOf(event);
    const block = taken ?? { day, from: Math.floor(minute / step) * step, to: Math.floor(minute / step) * step + step };
    event.stopPropagation();
    grid.current!.setPointerCapture(event.pointerId);
    setDrag({ grip, block, others: taken ? blocks.filter((one) => one.day !== taken.day || one.from !== taken.from) : blocks, day, minute, now: block, moved: false });
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const [day, minute] = placeOf(event);
    const moved = drag.moved || day !== drag.day || Math.abs(minute - drag.minute) > 8;
    setDrag({ ...drag, moved, now: moved ? dragged(drag, day, minute) : drag.block });
  };
  const up = () => {
    if (!drag) return;
    setDrag(null);
    if (drag.grip === 'draw') {
      const block = drag.moved ? drag.now : { ...drag.block, to: Math.min(drag.block.from + 60, dayMinutes) };
      put([...drag.others, block], block);
    } else if (drag.moved) put([...drag.others, drag.now], drag.now);
    else setEditing(drag.block);
  };
  const key = (event: KeyboardEvent, block: Block) => {
    if (event.ctrlKey || event.metaKey) return; /* those of the page */
    const others = blocks.filter((one) => one !== block);
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      put(others, others.find((one) => one.day === block.day) ?? others[0]);
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); setEditing(block); return; }
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    const next = pressed(block, others, event.key, event.altKey, event.shiftKey);
    if (next) put([...others, next], next);
  };
  const shown = drag ? [...drag.others, drag.now] : blocks;
  const piece = (block: Block, i: number) => {
    const held = drag && block === drag.now;
    return (
      <button
        key={i} type="button" className={css.block} data-day={block.day} data-from={block.from} data-to={block.to} data-held={held || undefined} data-low={block.to - block.from < 60 || undefined}
        style={{ top: percent(block.from), height: percent(Math.min(block.to, dayMinutes) - block.from) }} aria-label={labelOf(block)} disabled={readOnly}
        onPointerDown={(event) => down(event, 'move', block)} onKeyDown={(event) => key(event, block)}
      >
        <span>{spanOf(block).join('–')}</span>
        {!readOnly && <i data-edge="from" onPointerDown={(event) => down(event, 'from', block)} />}
        {!readOnly && <i data-edge="to" onPointerDown={(event) => down(event, 'to', block)} />}
      </button>
    );
  };
  const close = () => {
    focusOn.current = editing;
    setEditing(null);
  };
  const others = editing ? blocks.filter((one) => one.day !== editing.day || one.from !== editing.from) : blocks;
  return (
    <div className={css.week} role="group" aria-label={d('week.grid')}>
      <div className={css.heads}>
        <span />
        {days.map((name, day) => (
          <DayHead key={name} day={day} week={week} readOnly={readOnly} onChange={onChange} onAdd={() => { const block = freeHour(blocks, day); put([...blocks, block], block); }} />
        ))}
      </div>
      <div className={css.body}>
        <ol className={css.axis} aria-hidden>{Array.from({ length: 9 }, (_, i) => <li key={i} style={{ top: percent(i * 180) }}>{timeOf(i * 180)}</li>)}</ol>
        <div ref={grid} className={css.grid} data-drag={drag?.grip} onPointerMove={move} onPointerUp={up} onPointerCancel={() => setDrag(null)} onPointerDown={(event) => down(event, 'draw')}>
          {days.map((name, day) => {
            const own = shown.filter((block) => block.day === day);
            const tails = shown.filter((block) => block.to > dayMinutes && (block.day + 1) % 7 === day);
            return (
              <div key={name} className={css.day} data-off={own.length === 0 || undefined}>
                {tails.map((block, i) => (
                  <div key={`t${i}`} className={css.tail} aria-hidden style={{ top: 0, height: percent(block.to - dayMinutes) }} onPointerDown={(event) => down(event, 'move', block)}>
                    {block.to - dayMinutes >= 60 && <span>–{timeOf(block.to - dayMinutes)}</span>}
                    {!readOnly && <i data-edge="to" onPointerDown={(event) => down(event, 'to', block)} />}
                  </div>
                ))}
                {own.map(piece)}
                {editing?.day === day && (
                  <Popover opened onChange={close} position={day < 4 ? 'right-start' : 'left-start'} withRoles={false} trapFocus withinPortal>
                    <Popover.Target><div className={css.anchor} style={{ top: percent(editing.from), height: percent(Math.min(editing.to, dayMinutes) - editing.from) }} /></Popover.Target>
                    <Popover.Dropdown>
                      <Times block={editing} onRemove={() => { setEditing(null); put(others, others[0]); }} onKeep={(next) => { setEditing(null); put([...others, next], next); }} />
                    </Popover.Dropdown>
                  </Popover>
                )}
              </div>
            );
          })}
        </div>
      </div>
      <p className="visually-hidden" aria-live="polite">{said.current}</p>
    </div>
  );
}
