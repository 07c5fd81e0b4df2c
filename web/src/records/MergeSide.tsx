/* What one of two people made of a field, read as on the record's page; of lists and rows, what differs stands out. */
import { Fragment, type ReactNode } from 'react';
import type { MetaField } from '@/api/meta';
import type { Json, Row } from '@/api/records';
import css from '@/parts/MergeParts.module.css';
import { outlineOf } from '@/parts/outline';
import { isEmpty, NameOf, useLabel, valueText, When } from '@/parts/Value';
import { t } from '@/text/t';
import { fieldWord, humanize } from '@/text/words';
import { type Marked, markedOf } from './items';

function One({ field, value }: { field: MetaField; value: Json }) {
  const label = useLabel();
  if (isEmpty(value)) return <span className="muted">{t('record.none')}</span>;
  if ((field.kind === 'id' || field.kind === 'ids') && field.target_plural) return <NameOf plural={field.target_plural} id={String(value)} />;
  if (field.kind === 'instant') return <When at={String(value)} />;
  if (field.kind === 'bool' && value === true) return <>{field.label}</>;
  return <>{valueText(field, { object: '', id: '', [field.name]: value }, label)}</>;
}

/* A row on a line: what it is of that the other side has otherwise is bold. */
function Cells({ field, item }: { field: MetaField; item: Marked }) {
  const row = item.value as Row;
  const there = item.there as Row | undefined;
  const told = (field.child ?? []).filter((one) => one.rule !== 'key' && !isEmpty(row[one.name]) && row[one.name] !== false);
  const differs = (name: string) => item.mark === 'other' && there !== undefined && JSON.stringify(row[name]) !== JSON.stringify(there[name]);
  return told.map((one, n) => (
    <Fragment key={one.name}>{n > 0 && ' · '}{differs(one.name) ? <strong><One field={one} value={row[one.name]!} /></strong> : <One field={one} value={row[one.name]!} />}</Fragment>
  ));
}

function text(field: MetaField, { key, value }: Marked): ReactNode {
  if (field.kind === 'map') return `${key}: ${String(value)}`;
  if (field.kind === 'words') return humanize(String(value));
  const lines = outlineOf(value);
  if (field.kind !== 'json' || key === JSON.stringify(value)) return lines.join('\n');
  return lines.length === 1 ? `${fieldWord(key)}: ${lines[0]}` : [`${fieldWord(key)}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function Item({ field, item }: { field: MetaField; item: Marked }) {
  const shown = field.kind === 'children' ? <Cells field={field} item={item} /> : field.kind === 'ids' ? <One field={field} value={item.value} /> : text(field, item);
  if (item.mark === 'gone') return <span className={css.item}><s>{shown}</s> <span className="muted">{t('merge.removed')}</span></span>;
  return <span className={css.item} data-differs={item.mark === 'other' || undefined}>{shown}</span>;
}

export function Side({ title, field, before, here, there }: { title: string; field: MetaField; before: Json; here: Json; there: Json }) {
  const items = markedOf(field, before, here, there);
  return (
    <>
      <b>{title}</b>
      {items?.map((item) => <Item key={item.key} field={field} item={item} />)}
      {items ? items.every(({ mark }) => mark === 'gone') && <span className="muted">{t('record.none')}</span> : <span className={css.text}><One field={field} value={here} /></span>}
    </>
  );
}
