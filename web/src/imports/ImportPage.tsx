/* A table of another system: choose it, say what its columns are, try it, import it. */
import { Button, Checkbox, FileButton, Select, TextInput } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { useMay } from '@/api/session';
import { IconLock } from '@/parts/icons';
import { Page, Section } from '@/parts/Page';
import { Empty } from '@/parts/States';
import { i, inum } from '@/text/imports';
import { number } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Imports.module.css';
import { Mapping } from './Mapping';
import { Report } from './Report';
import { left, type Run, useRun } from './run';
import { type Choice, nothing, objects, optionsOf, type Source, sources } from './sources';
import { cut, largest, piecesOf, type Table } from './table';

interface Given {
  name: string;
  table: Table;
}

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/* The table of a file, or what is wrong with it. */
async function read(file: File): Promise<Given | string> {
  const { name } = file;
  if (file.size > largest) return i('imports.too_large', { name });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return i('imports.not_utf8', { name });
  }
  const table = cut(text);
  if (!table) return i('imports.no_header', { name });
  return table.rows.length > 0 ? { name, table } : i('imports.no_rows', { name });
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
        {given ? <><b>{given.name}</b> · {inum('imports.rows', given.table.rows.length)} · {inum('imports.columns', given.table.header.cells.length)}</> : <span className="muted">{i('imports.drop')}</span>}
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

function Progress({ run, onStop }: { run: Run; onStop: () => void }) {
  const text = i(run.dry ? 'imports.trying' : 'imports.running', { done: number(run.done), total: number(run.total) });
  return (
    <div className={css.progress}>
      <p aria-live="polite">{text}</p>
      <progress aria-label={text} value={run.done} max={run.total} />
      <Button variant="default" disabled={run.state === 'stopping'} title={i('imports.stop_hint')} onClick={onStop}>{i('imports.stop')}</Button>
    </div>
  );
}

function Import() {
  const [choice, setChoice] = useState<Choice>(nothing);
  const [given, setGiven] = useState<Given | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const { run, busy, start, stop, clear } = useRun();
  /* What was told of another table, or of other columns, is told no more. */
  const change = (part: Partial<Choice>) => { setChoice({ ...choice, ...part }); clear(); };
  const onFile = async (file: File) => {
    const found = await read(file);
    setWrong(typeof found === 'string' ? found : null);
    setGiven(typeof found === 'string' ? null : found);
    setChoice((before) => ({ ...before, columns: {} }));
    clear();
  };
  const table = given?.table;
  const rest = table ? left(table, run) : [];
  const go = (dry: boolean) => { if (given) void start(given.table, dry ? given.table.rows : rest, optionsOf(choice, given.name), dry); };
  const pieces = table ? piecesOf(table, table.rows).length : 0;
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
        {table && <Mapping table={table} choice={choice} ignored={run?.ignored ?? []} onChange={(columns) => change({ columns })} />}
      </fieldset>
      {given && table && (
        <>
          {lacksIdentity(table, choice) && <p className={css.warning}>{i('imports.no_identity')}</p>}
          {pieces > 1 && <p className={css.warning}>{i('imports.alone', { count: number(pieces) })}</p>}
          {busy && run ? <Progress run={run} onStop={stop} /> : (
            <div className={css.act}>
              {(!run || run.dry) && <Button variant={run ? 'default' : 'filled'} onClick={() => go(true)}>{i(run ? 'imports.try_again' : 'imports.try')}</Button>}
              {run?.dry && run.state === 'finished' && <Button onClick={() => go(false)}>{inum('imports.run', rest.length)}</Button>}
              {run && !run.dry && rest.length > 0 && <Button onClick={() => go(false)}>{inum('imports.again', rest.length)}</Button>}
            </div>
          )}
          {run && !busy && <Report key={run.dry ? 'dry' : 'real'} run={run} table={table} name={given.name} />}
        </>
      )}
    </>
  );
}

export default function ImportPage() {
  const may = useMay();
  if (!may('import.run')) return <Empty alone icon={IconLock} title={i('imports.denied')} hint={i('imports.denied_hint')} />;
  return <Page title={i('imports.title')}><Import /></Page>;
}
