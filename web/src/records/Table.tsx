/* Rows in columns. Only what is on the screen is drawn, so that a long list stays quick. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type MouseEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react';
import { Link } from 'react-router';
import { fieldNamed, type MetaField, type MetaType } from '@/api/meta';
import type { Row } from '@/api/records';
import { IconArrowDown, IconArrowUp } from '@/parts/icons';
import { Meter } from '@/parts/Meter';
import { Tick } from '@/parts/Tick';
import { useLabel, Value } from '@/parts/Value';
import { units } from '@/text/format';
import { t } from '@/text/t';
import type { Sort } from './listState';
import css from './Table.module.css';

const numeric = new Set(['int', 'count', 'decimal', 'money']);

function isNumber(field: MetaField): boolean {
  return numeric.has(field.kind);
}

/* The balance of an entitlement is a meter with its numbers. */
function Balance({ row }: { row: Row }) {
  const total = Number(row.granted ?? 0);
  const available = Number(row.available ?? 0);
  const unit = String(row.unit ?? 'cases');
  if (row.unlimited || unit === 'none' || row.available === null) {
    return <span className="muted">{row.unlimited ? t('desk.unlimited') : '–'}</span>;
  }
  return (
    <span className={css.balance}>
      <span>{t('units.left_short', { left: units(available, unit), total: units(total, unit) })}</span>
      <Meter total={total} available={available} reserved={Number(row.reserved ?? 0)} used={Number(row.consumed ?? 0)} />
    </span>
  );
}

function Cell({ type, field, row, isLabel, to }: { type: MetaType; field: MetaField; row: Row; isLabel: boolean; to: string }) {
  const label = useLabel();
  if (isLabel && field.kind === 'instant') return <Link to={to} className={css.label} tabIndex={-1}><Value field={field} row={row} dense /></Link>;
  if (isLabel) return <Link to={to} className={css.label} tabIndex={-1}>{label(row)}</Link>;
  if (type.name === 'entitlement' && field.name === 'available') return <Balance row={row} />;
  return <Value field={field} row={row} dense />;
}

interface Acts {
  toggle: (id: string) => void;
  click: (event: MouseEvent, index: number, id: string) => void;
}

/* Drawn again only where something of it changed: that is what makes scrolling cheap. */
const Line = memo(function Line({ type, fields, labelField, row, index, height, isAt, isPeek, isSelected, acts }: {
  type: MetaType;
  fields: MetaField[];
  labelField: string | undefined;
  row: Row;
  index: number;
  height: number;
  isAt: boolean;
  isPeek: boolean;
  isSelected: boolean | null; /* null: cannot be */
  acts: RefObject<Acts>;
}) {
  const label = useLabel();
  return (
    <tr tabIndex={isAt ? 0 : -1} style={{ height }} data-at={isAt || undefined} data-peek={isPeek || undefined} aria-rowindex={index + 2}
      aria-selected={isSelected ?? undefined} onClick={(event) => acts.current.click(event, index, row.id)}>
      {isSelected !== null && (
        <td className={css.check}>
          <Tick label={t('list.select_row', { name: label(row) })} checked={isSelected} onChange={() => acts.current.toggle(row.id)} />
        </td>
      )}
      {fields.map((field) => (
        <td key={field.name} data-number={isNumber(field) || undefined} data-label={field.name === labelField || undefined}>
          <Cell type={type} field={field} row={row} isLabel={field.name === labelField} to={`/${type.plural}/${row.id}`} />
        </td>
      ))}
    </tr>
  );
});

export function Table({ type, columns, rows, sort, onSort, selected, onSelect, at, onAt, peek, onPeek, onEnd, foot, name }: {
  type: MetaType;
  columns: string[];
  rows: Row[];
  sort: Sort | null;
  onSort: (field: string) => void;
  selected: Set<string>;
  onSelect: ((ids: Set<string>) => void) | null;
  at: number;
  onAt: (index: number) => void;
  peek: string | null;
  onPeek: (id: string) => void;
  onEnd: () => void;
  foot: ReactNode;
  name: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const fields = useMemo(() => columns.flatMap((one) => fieldNamed(type, one) ?? []), [type, columns.join()]);
  const labelField = fields.some((field) => field.name === type.label_field) ? type.label_field : fields[0]?.name;
  const height = document.documentElement.dataset.density === 'compact' ? 32 : 40;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => height, overscan: 8 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 12) onEnd();
  }, [last, rows.length]);
  useEffect(() => {
    if (at < 0 || at >= rows.length) return undefined;
    virtual.scrollToIndex(at);
    const focus = () => box.current?.querySelector<HTMLElement>('tr[data-at]')?.focus({ preventScroll: true });
    focus();
    const frame = requestAnimationFrame(focus); /* it may have to be drawn first */
    return () => cancelAnimationFrame(frame);
  }, [at]);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  const click = (event: MouseEvent, index: number, id: string) => {
    if ((event.target as Element).closest('a, button, input, label')) return;
    onAt(index);
    onPeek(id);
  };
  const acts = useRef<Acts>({ toggle, click });
  acts.current = { toggle, click };
  const top = items[0]?.start ?? 0;
  const bottom = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className={css.box} ref={box} tabIndex={0} role="region" aria-label={name}>
      <table className={css.table} aria-rowcount={rows.length}>
        <thead>
          <tr>
            {onSelect && (
              <th className={css.check} scope="col">
                <Tick label={t('list.select_all')} checked={rows.length > 0 && selected.size === rows.length} some={selected.size > 0 && selected.size < rows.length}
                  onChange={(checked) => onSelect(new Set(checked ? rows.map((row) => row.id) : []))} />
              </th>
            )}
            {fields.map((field) => {
              const isSort = sort?.field === field.name;
              return (
                <th key={field.name} scope="col" data-number={isNumber(field) || undefined}
                  aria-sort={isSort ? (sort.falling ? 'descending' : 'ascending') : undefined}>
                  {field.sortable ? (
                    <button type="button" onClick={() => onSort(field.name)} title={t('list.sort_by', { name: field.label })}>
                      {field.label}
                      {isSort && (sort.falling ? <IconArrowDown size={13} aria-hidden /> : <IconArrowUp size={13} aria-hidden />)}
                    </button>
                  ) : field.label}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {top > 0 && <tr aria-hidden style={{ height: top }}><td colSpan={fields.length + 1} /></tr>}
          {items.map(({ index }) => {
            const row = rows[index]!;
            return (
              <Line key={row.id} type={type} fields={fields} labelField={labelField} row={row} index={index} height={height} isAt={index === at} isPeek={row.id === peek}
                isSelected={onSelect ? selected.has(row.id) : null} acts={acts} />
            );
          })}
          {bottom > 0 && <tr aria-hidden style={{ height: bottom }}><td colSpan={fields.length + 1} /></tr>}
        </tbody>
      </table>
      <div className={css.foot}>{foot}</div>
    </div>
  );
}
