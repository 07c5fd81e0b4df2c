/* What is given for each of the chosen lines: a row of inputs a line, with what it is now beside. */
import { Button } from '@mantine/core';
import { fieldNamed, type MetaField, useType } from '@/api/meta';
import { type Json, type Row, textOf } from '@/api/records';
import { useLabel, valueText } from '@/parts/Value';
import { FieldInput } from '@/records/inputs';
import { t } from '@/text/t';
import type { PerLine } from './operations';
import css from './PerLine.module.css';

type Given = Record<string, Json>;

/* Rows of what was filled in, in the order of the lines. */
export function rowsOf(value: Json | undefined): Given[] {
  return Array.isArray(value) ? (value as Given[]) : [];
}

/* What the line has there now. */
function nowOf(column: MetaField, line: Row | undefined, label: (row: Row) => string): string {
  const text = line && column.kind !== 'id' && column.name in line ? valueText(column, line, label) : '';
  return text ? t('ops.now', { value: text }) : column.meaning;
}

export function PerLineInput({ perLine, field, ids, byId, value, errors, currency, onChange }: {
  perLine: PerLine;
  field: MetaField | undefined;
  ids: string[];
  byId: Map<string, Row>;
  value: Json | undefined;
  errors: Record<string, string>;
  currency: Json;
  onChange: (value: Json) => void;
}) {
  const label = useLabel();
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
                <FieldInput key={column.name} field={{ ...column, rule: 'optional', meaning: nowOf(column, line, label) }} value={rowFor(id)[column.name]} form={{ currency }} error={errors[`${perLine.field}/${place}/${column.name}`]}
                  onChange={(next) => set(id, column.name, next)} />
              ))}
            </div>
            {place >= 0 && ['', `/${perLine.id}`].map((end) => errors[`${perLine.field}/${place}${end}`]).filter(Boolean).slice(0, 1).map((text) => <p key={text} className={css.error}>{text}</p>)}
          </fieldset>
        );
      })}
    </div>
  );
}

const given = ['name', 'product_id', 'quantity', 'unit_of_measure', 'unit_price', 'period', 'ends_on'];

/* New lines, each with what most of them need. */
export function AddLines({ value, errors, form, onChange }: { value: Json | undefined; errors: Record<string, string>; form: Given; onChange: (value: Json) => void }) {
  const type = useType('contract_line');
  const rows = rowsOf(value);
  const shown = rows.length > 0 ? rows : [{}];
  const columns = given.flatMap((name) => fieldNamed(type, name) ?? []);
  const set = (place: number, name: string, next: Json) => onChange(shown.map((row, i) => (i === place ? Object.fromEntries(Object.entries({ ...row, [name]: next }).filter(([, one]) => one !== null)) : row)));
  return (
    <div className={css.lines}>
      {shown.map((row, i) => (
        <fieldset key={i} className={css.line}>
          <legend>{t('ops.new_line', { number: i + 1 })}</legend>
          <div className={css.inputs}>
            {columns.map((column) => <FieldInput key={column.name} field={{ ...column, meaning: column.label }} value={(row as Given)[column.name]} form={form} error={errors[`lines/${i}/${column.name}`]} onChange={(next) => set(i, column.name, next)} />)}
          </div>
        </fieldset>
      ))}
      <Button size="xs" variant="default" onClick={() => onChange([...shown, {}])}>{t('form.add_row')}</Button>
    </div>
  );
}
