/* A value of any kind as it is read. */
import { Link } from 'react-router';
import { expansionOf, type MetaField, useMeta } from '@/api/meta';
import { type Json, type Row, rowOf, textOf, useRow } from '@/api/records';
import { ago, day, duration, instant, instantLong, money } from '@/text/format';
import { number, t } from '@/text/t';
import { humanize } from '@/text/words';
import { outlineOf } from './outline';
import { Status } from './Status';
import { lookOf } from './tone';
import css from './Value.module.css';

/* The text that names a record: its label, else its identifier. */
export function useLabel(): (row: Row) => string {
  const meta = useMeta();
  return (row) => {
    const type = meta.type(row.object);
    return (type && textOf(row, type.label_field)) || textOf(row, 'number') || row.id;
  };
}

export function When({ at, relative }: { at: string; relative?: boolean }) {
  return <time dateTime={at} title={instantLong(at)}>{relative ? ago(at) : instant(at)}</time>;
}

/* Texts that are words of a list, though the list may be anybody's. */
const codes = new Set(['status', 'channel', 'coverage_rule', 'tier', 'type', 'origin']);

/* Words for kinds whose text needs no record around it. */
function plainText(field: MetaField, value: Json): string {
  switch (field.kind) {
    case 'bool': return value ? t('value.yes') : t('value.no');
    case 'int':
    case 'count': return number(value as number);
    case 'date': return day(value as string);
    case 'duration': return duration(value as string);
    case 'money': {
      const { amount, currency } = value as { amount: string; currency: string };
      return money(amount, currency);
    }
    case 'enum': return humanize(value as string);
    case 'words': return (value as string[]).join(', ');
    case 'map': return Object.entries(value as Record<string, string>).map(([k, v]) => `${k}: ${v}`).join(', ');
    case 'json':
    case 'children': return JSON.stringify(value);
    default: return codes.has(field.name) ? humanize(String(value)) : String(value);
  }
}

export function isEmpty(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/* As text, for files and titles. */
export function valueText(field: MetaField, row: Row, label: (row: Row) => string): string {
  const value = row[field.name];
  if (isEmpty(value)) return '';
  const beside = field.kind === 'id' ? rowOf(row, expansionOf(field)) : null;
  return beside ? label(beside) : field.kind === 'instant' ? (value as string) : plainText(field, value as Json);
}

export function Reference({ field, row }: { field: MetaField; row: Row }) {
  const label = useLabel();
  const beside = rowOf(row, expansionOf(field));
  const id = textOf(row, field.name);
  const text = beside ? label(beside) : id;
  if (!field.target_plural) return <>{text}</>;
  return <Link className={css.reference} to={`/${field.target_plural}/${id}`} title={text}>{text}</Link>;
}

/* Of any shape. */
export function Outline({ value }: { value: Json }) {
  return <span className={css.outline}>{outlineOf(value).join('\n')}</span>;
}

export function Value({ field, row, dense }: { field: MetaField; row: Row; dense?: boolean }) {
  const value = row[field.name];
  if (isEmpty(value) || (dense && value === false)) return <span className={css.none} aria-label={t('record.none')}>–</span>;
  if (field.kind === 'id' && field.rule !== 'key') return <Reference field={field} row={row} />;
  if (field.kind === 'instant') return <When at={value as string} relative={dense} />;
  if (field.kind === 'enum' && lookOf(value as string)) return <Status word={value as string} />;
  if (field.kind === 'ids') return <References field={field} ids={value as string[]} />;
  if (field.kind === 'json' || (field.kind === 'children' && !dense)) {
    return <Outline value={value as Json} />;
  }
  if (field.kind === 'children') return <>{number((value as Json[]).length)}</>;
  return <span className={field.rule === 'key' ? 'mono' : undefined}>{plainText(field, value as Json)}</span>;
}

/* What a record is called of which only the identifier is at hand; it is asked for, and kept. */
export function NameOf({ plural, id }: { plural: string; id: string }) {
  const label = useLabel();
  const { data } = useRow(plural, id);
  return <>{data ? label(data) : id}</>;
}

/* Lists of references do not expand. */
function Named({ plural, id }: { plural: string; id: string }) {
  return <Link to={`/${plural}/${id}`} className={css.reference}><NameOf plural={plural} id={id} /></Link>;
}

function References({ field, ids }: { field: MetaField; ids: string[] }) {
  return <span className={css.list}>{ids.map((id) => <Named key={id} plural={field.target_plural ?? ''} id={id} />)}</span>;
}
