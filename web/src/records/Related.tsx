/* The lists of others that name a record: a few rows of each, and the way to all of them. */
import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import { fieldNamed, type MetaType, useMeta } from '@/api/meta';
import { pageOf, type Params, type Row, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { IconPlus } from '@/parts/icons';
import { Missed, MissedPart } from '@/parts/Missed';
import { Section } from '@/parts/Page';
import { Bars, isLost } from '@/parts/States';
import { useLabel, Value } from '@/parts/Value';
import { number, t } from '@/text/t';
import { pluralOf } from '@/text/words';
import { columnsOf, type Relation, relationsOf } from './arrange';
import { requestOf } from './listState';
import css from './Related.module.css';

function askOf({ type, field }: Relation, row: Row): { columns: string[]; params: Params } {
  const columns = columnsOf(type).filter((name) => name !== field.name && name !== 'account_id').slice(0, 6);
  return { columns, params: { ...requestOf(type, new URLSearchParams(), columns), [field.name]: row.id, limit: '5', total: 'true' } };
}

export function Related({ type, row, without = [] }: { type: MetaType; row: Row; without?: string[] }) {
  const meta = useMeta();
  const may = useMay();
  const relations = relationsOf(meta, type).filter((one) => may(one.type.permissions.read) && !without.includes(one.type.name));
  const asked = useQueries({ queries: relations.map((one) => pageOf(one.type.plural!, askOf(one, row).params)) });
  const waits = asked.some((one) => one.isLoading && one.errorUpdateCount === 0); /* not while a list asks again, which it does when it is drawn */
  if (asked.length > 1 && asked.every(isLost)) return <Missed of={asked} />;
  if (waits) return <Bars count={12} />; /* all at once, so that none pushes another down */
  return <>{relations.map((one) => <RelatedList key={`${one.type.name}.${one.field.name}`} relation={one} row={row} twice={relations.filter((other) => other.type === one.type).length > 1} />)}</>;
}

export function RelatedList({ relation: { type, field }, row, twice = false, always = false }: { relation: Relation; row: Row; twice?: boolean; always?: boolean }) {
  const may = useMay();
  const { columns, params } = askOf({ type, field }, row);
  const asked = usePage(type.plural!, params);
  const { data } = asked;
  const title = `${pluralOf(type)}${twice ? ` (${field.label})` : ''}`;
  const all = `/${type.plural}?${field.name}=${row.id}`;
  const canAdd = type.creatable && may(type.permissions.create) && (field.rule !== 'server');
  if (isLost(asked)) return <MissedPart title={title} of={[asked]} />;
  if (!data || (data.data.length === 0 && !canAdd && !always)) return null;
  if (data.data.length === 0 && (twice || field.rule === 'optional') && !always) return null;
  const add = `/${type.plural}/new?${new URLSearchParams({ [field.name]: row.id, ...(typeof row.account_id === 'string' && fieldNamed(type, 'account_id') ? { account_id: row.account_id } : {}) }).toString()}`;
  return (
    <Section title={title} beside={
      <span className={css.tools}>
        {(data.total ?? 0) > data.data.length && <Link className="link" to={all}>{t('record.see_all', { count: number(data.total ?? 0) })}</Link>}
        {canAdd && <Button component={Link} to={add} size="xs" variant="subtle" leftSection={<IconPlus size={14} />}>{t('record.add')}</Button>}
      </span>
    }>
      {data.data.length === 0 ? <p className={css.none}>{t('record.nothing_related')}</p> : <Rows type={type} rows={data.data} columns={columns} name={title} />}
    </Section>
  );
}

export function Rows({ type, rows, columns, name }: { type: MetaType; rows: Row[]; columns: string[]; name: string }) {
  const label = useLabel();
  const fields = columns.flatMap((one) => fieldNamed(type, one) ?? []);
  const linked = fields.some((field) => field.name === type.label_field) ? type.label_field : fields[0]?.name;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={name}>
      <table className={css.table}>
        <thead><tr>{fields.map((field) => <th key={field.name} scope="col">{field.label}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {fields.map((field) => (
                <td key={field.name}>
                  {field.name === linked && field.kind !== 'instant' ? <Link to={`/${type.plural}/${row.id}`} className={css.label}>{label(row)}</Link> : <Value field={field} row={row} dense />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
