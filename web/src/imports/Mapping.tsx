/* As what each column of the table is read. */
import { Checkbox, TextInput } from '@mantine/core';
import { isInput, useMeta } from '@/api/meta';
import { Section } from '@/parts/Page';
import { i } from '@/text/imports';
import css from './Imports.module.css';
import type { Choice } from './sources';
import type { Table } from './table';

/* Our own names, for tables in our own columns. */
function useNames(choice: Choice): string[] {
  const type = useMeta().plural(choice.object);
  if (choice.from !== 'csv' || !type) return [];
  return ['external_id', 'external_system', ...type.fields.filter(isInput).map((field) => field.name)].filter((name, at, all) => all.indexOf(name) === at);
}

export function Mapping({ table, choice, ignored, onChange }: {
  table: Table;
  choice: Choice;
  ignored: string[];
  onChange: (columns: Record<string, string>) => void;
}) {
  const names = useNames(choice);
  const headers = table.header.cells.map((name, at) => ({ name, at })).filter(({ name }) => name.trim() !== '');
  const change = (name: string, as: string | null) => {
    const { [name]: _, ...rest } = choice.columns;
    onChange(as === null ? rest : { ...rest, [name]: as });
  };
  return (
    <Section title={i('imports.mapping')}>
      <p className={css.hint}>{i('imports.mapping_hint')}</p>
      <datalist id="import-names">{names.map((name) => <option key={name} value={name} />)}</datalist>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={i('imports.mapping')}>
        <table className={css.table}>
          <thead><tr><th>{i('imports.read')}</th><th>{i('imports.column')}</th><th>{i('imports.example')}</th><th>{i('imports.read_as')}</th></tr></thead>
          <tbody>
            {headers.map(({ name, at }) => {
              const as = choice.columns[name];
              return (
                <tr key={at}>
                  <td><Checkbox aria-label={i('imports.read_this', { column: name })} checked={as !== ''} onChange={(event) => change(name, event.currentTarget.checked ? null : '')} /></td>
                  <td>{name}{ignored.includes(name) && <p className={css.remark}>{i('imports.ignored')}</p>}</td>
                  <td className="muted">{table.rows.find((row) => row.cells[at])?.cells[at] ?? ''}</td>
                  <td>
                    <TextInput aria-label={i('imports.read_this_as', { column: name })} placeholder={name} disabled={as === ''} value={as ?? ''}
                      list={names.length > 0 ? 'import-names' : undefined} onChange={(event) => change(name, event.currentTarget.value.trim() === '' ? null : event.currentTarget.value)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
