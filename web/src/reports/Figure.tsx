/* The frame of a chart: what it says in a number, the drawing or the same as a table, the CSV. */
import { type ReactNode, useState } from 'react';
import { IconDownload } from '@/parts/icons';
import { Asked, Bars } from '@/parts/States';
import { r } from '@/text/reports';
import css from './Figure.module.css';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ReactNode;
  number?: boolean;
}

export interface Asked<Row> {
  data: { rows: Row[]; has_more: boolean } | undefined;
  error: unknown;
  refetch: () => unknown;
}

function Table<Row>({ title, rows, columns, total }: { title: string; rows: Row[]; columns: Column<Row>[]; total?: ReactNode[] }) {
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={r('as_table_of', { title })}>
      <table className={css.table}>
        <thead><tr>{columns.map((column) => <th key={column.head} scope="col" data-number={column.number}>{column.head}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, i) => <tr key={i}>{columns.map((column) => <td key={column.head} data-number={column.number}>{column.cell(row)}</td>)}</tr>)}
        </tbody>
        {total && <tfoot><tr>{total.map((cell, i) => <td key={i} data-number={columns[i]?.number}>{cell}</td>)}</tr></tfoot>}
      </table>
    </div>
  );
}

export function Figure<Row>({ title, lead, empty, csv, asked, rows, columns, total, number, says, wide, children }: {
  title: string;
  lead: string;
  empty: string;
  csv?: string;
  asked: Asked<Row>;
  rows: Row[]; /* those of the answer that are shown */
  columns: Column<Row>[];
  total?: ReactNode[];
  number?: ReactNode; /* the one number to remember */
  says?: ReactNode; /* what it is a number of */
  wide?: boolean;
  children: ReactNode; /* the drawing */
}) {
  const [isTable, setTable] = useState(false);
  return (
    <section className={css.figure} aria-label={title} data-wide={wide || undefined}>
      <header className={css.head}>
        <div><h2>{title}</h2><p className={css.lead}>{lead}</p></div>
        <div className={css.acts}>
          {rows.length > 0 && <button type="button" aria-pressed={isTable} aria-label={r('as_table_of', { title })} onClick={() => setTable(!isTable)}>{r('as_table')}</button>}
          {csv && <a href={csv} download aria-label={r('csv_of', { title })}><IconDownload size={14} aria-hidden />{r('csv')}</a>}
        </div>
      </header>
      <Asked of={asked} wait={<Bars count={5} />}>{(data) => (rows.length === 0 ? <p className={css.empty}>{empty}</p> : (
        <>
          {number !== undefined && <p className={css.number}><b>{number}</b> <span>{says}</span></p>}
          {isTable ? <Table title={title} rows={rows} columns={columns} total={total} /> : children}
          {data.has_more && <p className={css.lead}>{r('more')}</p>}
        </>
      ))}</Asked>
    </section>
  );
}
