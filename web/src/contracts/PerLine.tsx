/* What is given for each of the chosen lines: a row of inputs a line, with what it is now beside. */
import type { MetaField } from '@/api/meta';
import { type Json, type Row, textOf } from '@/api/records';
import { FieldInput } from '@/records/inputs';
import { t } from '@/text/t';
import type { PerLine } from './operations';
import css from './PerLine.module.css';

type Given = Record<string, Json>;

/* Rows of what was filled in, in the order of the lines. */
export function rowsOf(value: Json | undefined): Given[] {
  return Array.isArray(value) ? (value as Given[]) : [];
}

export function PerLineInput({ perLine, field, ids, byId, value, errors, onChange }: {
  perLine: PerLine;
  field: MetaField | undefined;
  ids: string[];
  byId: Map<string, Row>;
  value: Json | undefined;
  errors: Record<string, string>;
  onChange: (value: Json) => void;
}) {
  const rows = rowsOf(value);
  const columns = perLine.columns.flatMap((name) => field?.child?.find((one) => one.name === name) ?? []);
  const rowFor = (id: string): Given => rows.find((row) => row[perLine.id] === id) ?? { [perLine.id]: id };
  const set = (id: string, name: string, next: Json) => {
    const all = ids.map((one) => (one === id ? { ...rowFor(one), [name]: next } : rowFor(one)));
    onChange(all.filter((row) => Object.keys(row).some((key) => key !== perLine.id && row[key] !== null)));
  };
  if (ids.length === 0) return <p className={css.needed}>{t('ops.choose_lines')}</p>;
  return (
    <div className={css.lines}>
      {ids.slice(0, 20).map((id) => {
        const line = byId.get(id);
        const place = rows.findIndex((row) => row[perLine.id] === id);
        return (
          <fieldset key={id} className={css.line}>
            <legend>{textOf(line, 'name')} <span className="muted num">{textOf(line, 'number')}</span></legend>
            <div className={css.inputs}>
              {columns.map((column) => (
                <FieldInput key={column.name} field={{ ...column, meaning: column.label }} value={rowFor(id)[column.name]} form={{}} error={errors[`${perLine.field}/${place}/${column.name}`]}
                  onChange={(next) => set(id, column.name, next)} />
              ))}
            </div>
            {place >= 0 && errors[`${perLine.field}/${place}`] && <p className={css.error}>{errors[`${perLine.field}/${place}`]}</p>}
          </fieldset>
        );
      })}
    </div>
  );
}
