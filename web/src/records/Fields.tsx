import type { MetaField, MetaType } from '@/api/meta';
import type { Row } from '@/api/records';
import { isEmpty, Value } from '@/parts/Value';
import css from './Fields.module.css';

/* Names and values. Without `empty`, what has no value is left out. */
export function Fields({ row, fields, empty = true, columns = 2 }: {
  type: MetaType;
  row: Row;
  fields: MetaField[];
  empty?: boolean;
  columns?: 1 | 2;
}) {
  return (
    <dl className={css.fields} data-columns={columns}>
      {fields.filter((field) => empty || !isEmpty(row[field.name])).map((field) => (
        <div key={field.name}>
          <dt title={field.meaning}>{field.label}</dt>
          <dd data-long={(field.kind === 'text' && field.limit > 400) || undefined}><Value field={field} row={row} /></dd>
        </div>
      ))}
    </dl>
  );
}

export function Highlights({ row, fields }: { row: Row; fields: MetaField[] }) {
  return (
    <dl className={css.highlights}>
      {fields.map((field) => (
        <div key={field.name}>
          <dt>{field.label}</dt>
          <dd><Value field={field} row={row} /></dd>
        </div>
      ))}
    </dl>
  );
}
