/* A table of another system: choose it, say what its columns are, try it, import it. */
import { Button, Checkbox, FileButton, Select, TextInput } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Offline, Problem } from '@/api/problem';
import { useMay } from '@/api/session';
import { IconLock } from '@/parts/icons';
import { Page, Section } from '@/parts/Page';
import { Empty, Failed } from '@/parts/States';
import { i, inum } from '@/text/imports';
import { number } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Imports.module.css';
import { isActive, startJob, useJob } from './job';
import { Mapping } from './Mapping';
import { Past } from './Past';
import { Report } from './Report';
import { type Choice, nothing, objects, optionsOf, type Source, sources } from './sources';
import { cut, largest, looked, type Table } from './table';

interface Given {
  file: File;
  table: Table; /* of its beginning */
}

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/* The header of a file and rows to show, or what is wrong with it. The rest is the server's to judge. */
async function read(file: File): Promise<Given | string> {
  const { name } = file;
  if (file.size > largest) return i('imports.too_large', { name });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.slice(0, looked).arrayBuffer(), { stream: file.size > looked });
  } catch {
    return i('imports.not_utf8', { name });
  }
  const table = cut(text);
  if (!table) return i('imports.no_header', { name });
  return table.rows.length > 0 ? { file, table } : i('imports.no_rows', { name });
}

/* Small ones are counted, of large ones the size is told. */
function sizeOf({ file, table }: Given): string {
  return file.size <= looked ? inum('imports.rows', table.rows.length) : i('imports.size', { size: number(Math.round(file.size / 104_857.6) / 10) });
}

function FileChoice({ given, wrong, disabled, onFile }: { given: Given | null; wrong: string | null; disabled: boolean; onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent, inside: boolean) => { event.preventDefault(); setOver(inside && !disabled); };
  const drop = (event: DragEvent) => {
    drag(event, false);
    const file = event.dataTransfer.files[0];
    if (file && !disabled) onFile(file);
  };
  return (
    <div className={css.drop} data-over={over || undefined} onDragOver={(event) => drag(event, true)} onDragLeave={(event) => drag(event, false)} onDrop={drop}>
      <FileButton accept=".csv,.txt,.tsv,text/csv,text/plain" disabled={disabled} onChange={(file) => file && onFile(file)} inputProps={{ 'aria-label': i('imports.choose') }}>
        {(props) => <Button variant="default" disabled={disabled} {...props}>{i(given ? 'imports.other' : 'imports.choose')}</Button>}
      </FileButton>
      <p aria-live="polite">
        {given ? <><b>{given.file.name}</b> · {sizeOf(given)} · {inum('imports.columns', given.table.header.cells.length)}</> : <span className="muted">{i('imports.drop')}</span>}
      </p>
      {wrong && <p role="alert" className={css.bad}>{wrong}</p>}
    </div>
  );
}

function More({ choice, onChange }: { choice: Choice; onChange: (change: Partial<Choice>) => void }) {
  const orders = ['iso', 'mdy', 'dmy', 'ymd'] as const;
  return (
    <details className={css.more_options}>
      <summary>{i('imports.more')}</summary>
      <div className={css.fields}>
        <Select label={i('imports.date_order')} allowDeselect={false} data={orders.map((value) => ({ value, label: i(`imports.date_${value}`) }))} value={choice.dateOrder} onChange={(dateOrder) => dateOrder && onChange({ dateOrder })} />
        <TextInput label={i('imports.currency')} description={i('imports.currency_hint')} maxLength={3} value={choice.currency} onChange={(event) => onChange({ currency: event.currentTarget.value })} />
        <TextInput label={i('imports.system')} description={i('imports.system_hint')} maxLength={40} value={choice.system} onChange={(event) => onChange({ system: event.currentTarget.value })} />
        <Select label={i('imports.zone')} description={i('imports.zone_hint')} searchable clearable data={zones} limit={50} value={choice.timeZone || null} onChange={(timeZone) => onChange({ timeZone: timeZone ?? '' })} />
        <Checkbox label={i('imports.nulls')} checked={choice.nulls} onChange={(event) => onChange({ nulls: event.currentTarget.checked })} />
      </div>
    </details>
  );
}

/* Rows of our own tables that cannot be found again. */
function lacksIdentity(table: Table, choice: Choice): boolean {
  const names = table.header.cells.map((name) => (choice.columns[name] ?? name).toLowerCase().replace(/[ _-]/g, ''));
  return choice.from === 'csv' && !names.includes('externalid') && !names.includes('id');
}

function refusalOf(error: unknown): string {
  if (error instanceof Offline) return i('imports.offline');
  if (error instanceof Problem && error.issues.length > 0) return error.issues.map((issue) => issue.detail).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function Import() {
  const [address, setAddress] = useSearchParams();
  const [choice, setChoice] = useState<Choice>(nothing);
  const [given, setGiven] = useState<Given | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const id = address.get('job');
  const { data: job, error, refetch } = useJob(id);
  const busy = sending || (given !== null && job !== undefined && isActive(job));
  const show = (one: string | null) => setAddress(one === null ? {} : { job: one }, { replace: given !== null });
  /* What was told of another table, or of other columns, is told no more. */
  const clear = () => { setRefused(null); show(null); };
  const change = (part: Partial<Choice>) => { setChoice({ ...choice, ...part }); clear(); };
  const onFile = async (file: File) => {
    const found = await read(file);
    setWrong(typeof found === 'string' ? found : null);
    setGiven(typeof found === 'string' ? null : found);
    setChoice((before) => ({ ...before, columns: {} }));
    clear();
  };
  const go = async (dry: boolean) => {
    if (!given) return;
    setSending(true);
    setRefused(null);
    try {
      show((await startJob(given.file, optionsOf(choice, given.file.name), dry)).id);
    } catch (failure) {
      show(null);
      setRefused(i('imports.refused', { error: refusalOf(failure) }));
    } finally {
      setSending(false);
    }
  };
  const table = given?.table;
  return (
    <>
      <p className={css.hint}>{i('imports.lead')}</p>
      <fieldset className={css.given} disabled={busy}>
        <Section title={i('imports.table')}>
          <div className={css.fields}>
            <Select label={i('imports.from')} allowDeselect={false} disabled={busy} data={sources.map((value) => ({ value, label: i(`imports.from_${value}`) }))}
              value={choice.from} onChange={(from) => from && change({ from: from as Source, object: '' })} />
            <Select label={i('imports.object')} allowDeselect={false} disabled={busy} value={choice.object} onChange={(object) => change({ object: object ?? '' })}
              data={[{ value: '', label: i('imports.object_told') }, ...objects[choice.from].map((value) => ({ value, label: choice.from === 'csv' ? humanize(value) : value }))]} />
          </div>
          <FileChoice given={given} wrong={wrong} disabled={busy} onFile={(file) => void onFile(file)} />
          <More choice={choice} onChange={change} />
        </Section>
        {table && <Mapping table={table} choice={choice} ignored={(job?.ignored as string[] | undefined) ?? []} onChange={(columns) => change({ columns })} />}
      </fieldset>
      {given && table && (
        <>
          {lacksIdentity(table, choice) && <p className={css.warning}>{i('imports.no_identity')}</p>}
          {sending && <p className={css.act} aria-live="polite">{i('imports.sending')}</p>}
          {!busy && (
            <div className={css.act}>
              {(!job || job.dry_run) && <Button variant={job ? 'default' : 'filled'} onClick={() => void go(true)}>{i(job ? 'imports.try_again' : 'imports.try')}</Button>}
              {job?.dry_run && job.state === 'done' && <Button onClick={() => void go(false)}>{inum('imports.run', job.total)}</Button>}
              {job && !job.dry_run && (job.failed > 0 || job.state !== 'done') && <Button variant="default" title={i('imports.again_hint')} onClick={() => void go(false)}>{i('imports.again')}</Button>}
            </div>
          )}
        </>
      )}
      {refused && <p role="alert" className={css.bad}>{refused}</p>}
      {error && <Failed error={error} again={() => void refetch()} />}
      {job && <Report key={job.id} job={job} />}
      <Past />
    </>
  );
}

export default function ImportPage() {
  const may = useMay();
  if (!may('import.run')) return <Empty alone icon={IconLock} title={i('imports.denied')} hint={i('imports.denied_hint')} />;
  return <Page title={i('imports.title')}><Import /></Page>;
}
