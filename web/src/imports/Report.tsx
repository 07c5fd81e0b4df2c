/* What became, or would become, of each row. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { IconCircleCheck, IconDownload, IconMinus, IconRefresh } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { Asked } from '@/parts/States';
import { Status as Sign } from '@/parts/Status';
import { tellProblem } from '@/parts/toast';
import { i } from '@/text/imports';
import { number } from '@/text/t';
import css from './Imports.module.css';
import { actOn, type Filter, isActive, type Job, type Outcome, saveRows, statuses, useOutcomes } from './job';

const plurals: Record<string, string> = {
  acc: 'accounts', con: 'contacts', prd: 'products', tem: 'teams', hol: 'holiday_sets', cal: 'calendars', ast: 'assets', ctt: 'contract_templates',
  ctr: 'contracts', ctl: 'contract_lines', tpl: 'entitlement_templates', ent: 'entitlements', cov: 'contract_coverages', cas: 'cases', mst: 'milestones',
};

function Progress({ job }: { job: Job }) {
  const [stopping, setStopping] = useState(false);
  const text = i(job.dry_run ? 'imports.trying' : 'imports.running', { done: number(job.done), total: number(job.total) });
  const stop = () => {
    setStopping(true);
    actOn(job.id, 'stop').catch((error: unknown) => { setStopping(false); tellProblem(error); });
  };
  return (
    <div className={css.progress}>
      <p aria-live="polite">{text}</p>
      <progress aria-label={text} value={job.done} max={Math.max(job.total, 1)} />
      <Button variant="default" disabled={stopping} title={i('imports.stop_hint')} onClick={stop}>{i('imports.stop')}</Button>
    </div>
  );
}

function Sentence({ job }: { job: Job }) {
  const given = { object: job.kind ?? '', done: number(job.done), total: number(job.total), error: job.last_error ?? '' };
  if (job.state === 'failed') return <p role="alert" className={css.bad}>{i('imports.broken', given)}</p>;
  if (job.state === 'stopped') return <p>{i(job.dry_run ? 'imports.tried_part' : 'imports.stopped', given)}</p>;
  return <p>{i(job.dry_run ? 'imports.tried' : 'imports.finished', given)}</p>;
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
        {rows.map((row) => {
          const plural = row.id ? plurals[row.id.slice(0, 3)] : undefined;
          return (
            <tr key={row.line}>
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

function Rows({ job }: { job: Job }) {
  const [chosen, setChosen] = useState<Filter | null>(null);
  const filter = chosen ?? (job.failed > 0 ? 'failed' : 'all');
  const found = useOutcomes(job, filter);
  const rows = found.data?.pages.flatMap((page) => page.data) ?? [];
  const filters: [Filter, number | null][] = [['all', job.done - job.blank], ...statuses.map((one): [Filter, number] => [one, job[one]]), ['noted', null]];
  return (
    <>
      <div className={css.tabs} role="group" aria-label={i('imports.filter')}>
        {filters.map(([one, count]) => (
          <button key={one} type="button" aria-pressed={one === filter} onClick={() => setChosen(one)}>
            {i(`imports.${one}`)}{count !== null && <span className={css.count}>{number(count)}</span>}
          </button>
        ))}
      </div>
      <Asked of={found}>{() => (rows.length === 0 ? <p className="muted">{i('imports.none')}</p> : (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={i('imports.report')}><Outcomes rows={rows} dry={job.dry_run} /></div>
      ))}</Asked>
      {found.hasNextPage && <Button className={css.more} variant="default" onClick={() => void found.fetchNextPage()}>{i('imports.show_more')}</Button>}
    </>
  );
}

export function Report({ job }: { job: Job }) {
  const stem = (job.name || job.kind || 'import').replace(/\.[^.]*$/, '');
  const keep = (format: 'csv' | 'file', name: string) => { saveRows(job, format, name).catch(tellProblem); };
  const ended = !isActive(job);
  return (
    <Section
      title={i('imports.report')}
      beside={ended && (
        <div className={css.buttons}>
          {(job.state === 'stopped' || job.state === 'failed') && <Button variant="default" onClick={() => { actOn(job.id, 'resume').catch(tellProblem); }}>{i('imports.resume')}</Button>}
          {job.failed > 0 && <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => keep('file', `${stem}.failed.csv`)}>{i('imports.download_failed')}</Button>}
          <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => keep('csv', `${stem}.results.csv`)}>{i('imports.download')}</Button>
        </div>
      )}
    >
      {ended ? <div aria-live="polite"><Sentence job={job} /></div> : <Progress job={job} />}
      <Rows key={ended ? 'ended' : 'active'} job={job} />
    </Section>
  );
}
