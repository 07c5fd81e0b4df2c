/* What became, or would become, of each row. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Offline, Problem } from '@/api/problem';
import { IconCircleCheck, IconDownload, IconMinus, IconRefresh } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { Status as Sign } from '@/parts/Status';
import { cell, save } from '@/records/csv';
import { i } from '@/text/imports';
import { number } from '@/text/t';
import css from './Imports.module.css';
import { countsOf, type Outcome, type Run, type Status, statuses } from './run';
import { type Table, textOf } from './table';

type Filter = 'all' | 'noted' | Status;
const step = 200;

const plurals: Record<string, string> = {
  acc: 'accounts', con: 'contacts', prd: 'products', tem: 'teams', hol: 'holiday_sets', cal: 'calendars', ast: 'assets', ctt: 'contract_templates',
  ctr: 'contracts', ctl: 'contract_lines', tpl: 'entitlement_templates', ent: 'entitlements', cov: 'contract_coverages', cas: 'cases', mst: 'milestones',
};

function isShown(row: Outcome, filter: Filter): boolean {
  return filter === 'all' || (filter === 'noted' ? row.status !== 'failed' && row.message !== null : row.status === filter);
}

function reasonOf(run: Run): string {
  const { error } = run;
  if (error instanceof Offline) return i(run.dry ? 'imports.offline' : 'imports.offline_within');
  if (error instanceof Problem && error.issues.length > 0) return error.issues.map((issue) => issue.detail).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function Sentence({ run }: { run: Run }) {
  const counts = { object: run.object, done: number(run.done), total: number(run.total) };
  if (run.state === 'failed') return <p role="alert" className={css.bad}>{i('imports.broken', { ...counts, error: reasonOf(run) })}</p>;
  if (run.state === 'stopped') return <p>{i(run.dry ? 'imports.tried_part' : 'imports.stopped', counts)}</p>;
  return <p>{i(run.dry ? 'imports.tried' : 'imports.finished', counts)}</p>;
}

function Outcomes({ rows, dry }: { rows: Outcome[]; dry: boolean }) {
  const look = { created: 'ok', updated: 'accent', unchanged: 'quiet', failed: 'bad', blank: 'quiet' } as const;
  const icons = { created: IconCircleCheck, updated: IconRefresh, unchanged: IconMinus, failed: undefined, blank: IconMinus };
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th>{i('imports.line')}</th><th>{i('imports.outcome')}</th><th>{i('imports.column')}</th><th>{i('imports.value')}</th><th>{i('imports.message')}</th>
          {!dry && <th>{i('imports.record')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => {
          const plural = row.id ? plurals[row.id.slice(0, 3)] : undefined;
          return (
            <tr key={at}>
              <td className="num">{row.line}</td>
              <td><Sign word={row.status} label={i(`imports.${row.status}`)} tone={look[row.status]} icon={icons[row.status]} /></td>
              <td>{row.column}</td>
              <td className="muted">{row.value}</td>
              <td className={css.message}>{row.message}</td>
              {!dry && <td>{plural && <Link className="link" to={`/${plural}/${row.id}`}>{i('imports.open')}</Link>}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function saveResults(run: Run, name: string): void {
  const lines = run.rows.map((row) => [String(row.line), row.status, row.id, row.column, row.value, row.message].map((text) => cell(text ?? '')).join(','));
  save(`${name}.results.csv`, `\uFEFF${['line,status,id,column,value,message', ...lines].join('\r\n')}\r\n`);
}

/* As they are in the file, to be corrected and imported again. */
function saveFailed(run: Run, table: Table, name: string): void {
  const failed = new Set(run.rows.filter((row) => row.status === 'failed').map((row) => row.line));
  save(`${name}.failed.csv`, `\uFEFF${textOf(table, table.rows.filter((row) => failed.has(row.line)))}`);
}

export function Report({ run, table, name }: { run: Run; table: Table; name: string }) {
  const counts = countsOf(run);
  const [chosen, setChosen] = useState<Filter | null>(null);
  const [most, setMost] = useState(step);
  const filter = chosen ?? (counts.failed > 0 ? 'failed' : 'all');
  const filters: [Filter, number][] = [
    ['all', run.rows.length], ...statuses.map((one) => [one, counts[one]] as [Filter, number]), ['noted', run.rows.filter((row) => isShown(row, 'noted')).length],
  ];
  const rows = run.rows.filter((row) => isShown(row, filter));
  const stem = name.replace(/\.[^.]*$/, '');
  return (
    <Section
      title={i('imports.report')}
      beside={(
        <div className={css.buttons}>
          {counts.failed > 0 && <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => saveFailed(run, table, stem)}>{i('imports.download_failed')}</Button>}
          <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => saveResults(run, stem)}>{i('imports.download')}</Button>
        </div>
      )}
    >
      <div aria-live="polite"><Sentence run={run} /></div>
      <div className={css.tabs} role="group" aria-label={i('imports.filter')}>
        {filters.map(([one, count]) => (
          <button key={one} type="button" aria-pressed={one === filter} onClick={() => { setChosen(one); setMost(step); }}>
            {i(`imports.${one}`)}<span className={css.count}>{number(count)}</span>
          </button>
        ))}
      </div>
      {rows.length === 0 ? <p className="muted">{i('imports.none')}</p> : (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={i('imports.report')}><Outcomes rows={rows.slice(0, most)} dry={run.dry} /></div>
      )}
      {rows.length > most && <Button className={css.more} variant="default" onClick={() => setMost(most + step)}>{i('imports.show_more')}</Button>}
    </Section>
  );
}
