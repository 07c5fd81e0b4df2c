/* The lines of a contract as a tree in columns. Only what is on the screen is drawn, so that ten
 * thousand lines scroll as ten do. The grid has the focus, and the arrow keys walk in it. */
import { Button, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type MouseEvent, type RefObject, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { type Row, textOf } from '@/api/records';
import { IconChevronRight, IconSearch, IconTrendingUp } from '@/parts/icons';
import { Status } from '@/parts/Status';
import { Tick } from '@/parts/Tick';
import { lookOf } from '@/parts/tone';
import { day } from '@/text/format';
import { number, t, tn } from '@/text/t';
import { humanize } from '@/text/words';
import type { Lines } from './lines';
import css from './LineTree.module.css';
import { Total, UnitPrice } from './price';
import { idsBelow, type Node, shownOf } from './tree';

const open_at_first = 60; /* lines of a tree that is shown whole */

function useOpen(count: number) {
  const [whole, setWhole] = useState<boolean | null>(null); /* null: by its size */
  const [turned, setTurned] = useState<Set<string>>(new Set());
  const open = whole ?? count <= open_at_first;
  const isOpen = useCallback((id: string) => turned.has(id) !== open, [turned, open]);
  const turn = (id: string) => {
    const next = new Set(turned);
    if (!next.delete(id)) next.add(id);
    setTurned(next);
  };
  const turnAll = (to: boolean) => {
    setWhole(to);
    setTurned(new Set());
  };
  return { isOpen, turn, turnAll };
}

/* What was selected with this one: lines go with what is below them. */
function withBelow(node: Node): string[] {
  return [node.row.id, ...idsBelow(node)];
}

function Name({ node, isOpen, onTurn }: { node: Node; isOpen: boolean; onTurn: () => void }) {
  const { row } = node;
  return (
    <span className={css.name} style={{ paddingLeft: node.depth * 20 }}>
      {node.children.length > 0 ? (
        <button type="button" tabIndex={-1} className={css.turn} data-open={isOpen || undefined} aria-label={t(isOpen ? 'lines.close' : 'lines.open', { name: textOf(row, 'name') })} onClick={onTurn}>
          <IconChevronRight size={14} aria-hidden />
        </button>
      ) : <span className={css.turn} />}
      <span className={css.text} title={textOf(row, 'name')}>{textOf(row, 'name')}</span>
      {row.ramp !== 'none' && <IconTrendingUp size={14} className={css.mark} role="img" aria-label={t('lines.ramped')} />}
      {node.children.length > 0 && !isOpen && <span className={css.count}>{number(node.below)}</span>}
    </span>
  );
}

/* The days of a line, as far as they are not those of the contract. */
function Days({ row, contract }: { row: Row; contract: Row }) {
  const [from, to] = [textOf(row, 'starts_on'), textOf(row, 'ends_on')];
  const sameFrom = from === textOf(contract, 'starts_on');
  const sameTo = to === textOf(contract, 'ends_on');
  if (sameFrom && sameTo) return <span className="muted">{t('lines.whole')}</span>;
  if (sameTo) return <>{t('ent.from', { date: day(from) })}</>;
  if (sameFrom) return <>{to ? t('ent.until', { date: day(to) }) : t('ent.open_end')}</>;
  return <>{day(from)} – {to ? day(to) : t('ent.open_end')}</>;
}

function Cells({ node, contract }: { node: Node; contract: Row }) {
  const { row } = node;
  const state = textOf(row, 'state');
  const look = lookOf(state);
  const Shown = look?.icon;
  return (
    <>
      <td className={css.state} role="gridcell">
        {state === contract.state && Shown ? <span title={humanize(state)} className={css.icon}><Shown size={15} aria-hidden /><span className="visually-hidden">{humanize(state)}</span></span> : <Status word={state} />}
      </td>
      <td role="gridcell" data-number>{row.quantity === null ? '–' : number(Number(row.quantity))} <span className="muted">{textOf(row, 'unit_of_measure')}</span></td>
      <td role="gridcell" className={css.date}><Days row={row} contract={contract} /></td>
      <td role="gridcell" data-number className={css.price}><UnitPrice line={row} /></td>
      <td role="gridcell" data-number className={css.month}><Total of={row} name="total_mrr" /></td>
      <td role="gridcell" data-number className={css.net}><Total of={row} name="total_net" /></td>
    </>
  );
}

interface Acts {
  turn: (id: string) => void;
  toggle: (node: Node, index: number) => void;
  click: (event: MouseEvent, index: number) => void;
}

/* Drawn again only where something of it changed: that is what makes scrolling cheap. */
const Line = memo(function Line({ node, contract, index, height, isOpen, isAt, isChosen, isSelected, acts }: {
  node: Node;
  contract: Row;
  index: number;
  height: number;
  isOpen: boolean;
  isAt: boolean;
  isChosen: boolean;
  isSelected: boolean | null; /* null: cannot be */
  acts: RefObject<Acts>;
}) {
  const { id } = node.row;
  return (
    <tr id={`row-${id}`} role="row" style={{ height }} aria-level={node.depth + 1} aria-posinset={node.place} aria-setsize={node.siblings} aria-rowindex={index + 2}
      aria-expanded={node.children.length > 0 ? isOpen : undefined} aria-selected={isSelected ?? undefined}
      data-at={isAt || undefined} data-chosen={isChosen || undefined} data-over={['cancelled', 'expired'].includes(textOf(node.row, 'state')) || undefined}
      onClick={(event) => acts.current.click(event, index)}>
      {isSelected !== null && (
        <td role="gridcell" className={css.check}>
          <Tick label={t('list.select_row', { name: textOf(node.row, 'name') })} checked={isSelected} onChange={() => acts.current.toggle(node, index)} />
        </td>
      )}
      <td role="gridcell" className={css.first}><Name node={node} isOpen={isOpen} onTurn={() => acts.current.turn(id)} /></td>
      <Cells node={node} contract={contract} />
    </tr>
  );
});

export function LineTree({ contract, lines, selected, onSelect, chosen, onChoose }: {
  contract: Row;
  lines: Lines;
  selected: Set<string>;
  onSelect: ((ids: Set<string>) => void) | null;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [typed, setText] = useState('');
  const text = useDeferredValue(typed);
  const [at, setAt] = useState(0);
  const { isOpen, turn, turnAll } = useOpen(lines.rows.length);
  const shown = useMemo(() => shownOf(lines.roots, isOpen, text), [lines.roots, isOpen, text]);
  const height = document.documentElement.dataset.density === 'compact' ? 28 : 36;
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => box.current, estimateSize: () => height, overscan: 8, scrollPaddingStart: 32 });
  useEffect(() => setAt((now) => Math.min(now, Math.max(0, shown.length - 1))), [shown.length]);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next);
    if (chosen !== null && shown[next]) onChoose(shown[next].row.id);
  };
  const parentOf = (index: number) => {
    const depth = shown[index]?.depth ?? 0;
    for (let i = index - 1; i >= 0; i--) if (shown[i]!.depth < depth) return i;
    return index;
  };
  const toggle = (node: Node) => {
    if (!onSelect) return;
    const next = new Set(selected);
    const ids = withBelow(node);
    const off = next.has(node.row.id);
    for (const id of ids) if (off) next.delete(id); else next.add(id);
    onSelect(next);
  };
  const press = (event: KeyboardEvent) => {
    const node = shown[at];
    if (event.target !== event.currentTarget || !node || event.altKey || event.metaKey) return;
    const opened = isOpen(node.row.id) || text.trim() !== '';
    const keys: Record<string, () => void> = {
      ArrowDown: () => { if (event.shiftKey && shown[at + 1]) toggle(shown[at + 1]!); move(at + 1); },
      ArrowUp: () => { if (event.shiftKey && shown[at - 1]) toggle(shown[at - 1]!); move(at - 1); },
      PageDown: () => move(at + 12),
      PageUp: () => move(at - 12),
      Home: () => move(0),
      End: () => move(shown.length - 1),
      ArrowRight: () => (node.children.length > 0 && !opened ? turn(node.row.id) : move(at + 1)),
      ArrowLeft: () => (node.children.length > 0 && opened && !text ? turn(node.row.id) : move(parentOf(at))),
      ' ': () => toggle(node),
      x: () => toggle(node),
      '*': () => turnAll(true),
      '-': () => turnAll(false),
      Enter: () => onChoose(chosen === node.row.id ? null : node.row.id),
      o: () => onChoose(node.row.id),
    };
    const run = event.ctrlKey ? (event.key === 'a' && onSelect ? () => onSelect(new Set(lines.rows.map((row) => row.id))) : undefined) : keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const click = (event: MouseEvent, index: number) => {
    if ((event.target as Element).closest('a, button, input, label')) return;
    setAt(index);
    box.current?.focus({ preventScroll: true });
    onChoose(chosen === shown[index]!.row.id ? null : shown[index]!.row.id);
  };
  const acts = useRef<Acts>({ turn, toggle, click });
  acts.current = { turn, click, toggle: (node, index) => { setAt(index); toggle(node); } };
  const items = virtual.getVirtualItems();
  const top = items[0]?.start ?? 0;
  const bottom = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = onSelect ? 8 : 7;
  return (
    <>
      {lines.rows.length > 20 && (
        <div className={css.tools}>
          <TextInput size="xs" className={css.find} leftSection={<IconSearch size={14} aria-hidden />} aria-label={t('lines.find')} placeholder={t('lines.find')} value={typed} onChange={(event) => setText(event.currentTarget.value)} />
          <span className="muted num" aria-live={lines.more ? 'off' : 'polite'}>{text ? tn('lines.found', shown.length) : lines.more ? t('lines.loading', { count: number(lines.rows.length) }) : tn('lines.count', lines.rows.length)}</span>
          {lines.rows.length > lines.roots.length && (
            <span className={css.all}>
              <Button size="compact-xs" variant="subtle" onClick={() => turnAll(true)}>{t('lines.open_all')}</Button>
              <Button size="compact-xs" variant="subtle" onClick={() => turnAll(false)}>{t('lines.close_all')}</Button>
            </span>
          )}
        </div>
      )}
      <div ref={box} className={css.box} tabIndex={0} role="treegrid" aria-label={t('lines.title')} aria-multiselectable={onSelect ? true : undefined} aria-rowcount={shown.length + 1}
        aria-activedescendant={shown[at] ? `row-${shown[at].row.id}` : undefined} onKeyDown={press}>
        <table className={css.table} role="presentation">
          <thead role="rowgroup">
            <tr role="row">
              {onSelect && <th role="columnheader" scope="col" className={css.check}><span className="visually-hidden">{t('lines.selected')}</span></th>}
              <th role="columnheader" scope="col">{t('lines.line')}</th>
              <th role="columnheader" scope="col" className={css.state}>{t('lines.state')}</th>
              <th role="columnheader" scope="col" data-number>{t('lines.quantity')}</th>
              <th role="columnheader" scope="col" className={css.date}>{t('ent.term')}</th>
              <th role="columnheader" scope="col" data-number className={css.price}>{t('lines.price')}</th>
              <th role="columnheader" scope="col" data-number className={css.month} title={t('lines.with_below')}>{t('lines.month')}</th>
              <th role="columnheader" scope="col" data-number title={t('lines.with_below')}>{t('lines.total')}</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {top > 0 && <tr role="presentation" style={{ height: top }}><td role="presentation" colSpan={span} /></tr>}
            {items.map(({ index }) => {
              const node = shown[index]!;
              const { id } = node.row;
              return (
                <Line key={id} node={node} contract={contract} index={index} height={height} isOpen={isOpen(id) || text.trim() !== ''} isAt={index === at} isChosen={id === chosen}
                  isSelected={onSelect ? selected.has(id) : null} acts={acts} />
              );
            })}
            {bottom > 0 && <tr role="presentation" style={{ height: bottom }}><td role="presentation" colSpan={span} /></tr>}
          </tbody>
        </table>
      </div>
    </>
  );
}
