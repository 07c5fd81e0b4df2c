/* Pieces of a table sent one after another, and what came of each row. */
import { useEffect, useRef, useState } from 'react';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/query';
import type { components } from '@/api/schema';
import { lineIn, type Piece, piecesOf, type Row, type Table } from './table';

type Request = components['schemas']['ImportTable'];
export type Outcome = components['schemas']['ImportReport']['rows'][number];
export type Status = Outcome['status'];
export const statuses: Status[] = ['created', 'updated', 'unchanged', 'failed', 'blank'];
export type Options = Omit<Request, 'text' | 'dry_run' | 'delimiter'>;

export interface Run {
  dry: boolean;
  object: string;
  ignored: string[];
  rows: Outcome[]; /* lines are those of the file */
  total: number;
  done: number; /* rows of those that were sent */
  pieces: number;
  state: 'running' | 'stopping' | 'stopped' | 'failed' | 'finished';
  error: unknown;
}

const patience = 20;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/* One piece; where the server wants us to slow down, again with the same key. */
async function send(request: Request): Promise<components['schemas']['ImportReport']> {
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = body(await api.POST('/v1/imports', { params: { header: { 'Idempotency-Key': key } }, body: request }));
      if ('rows' in reply) return reply;
      throw new TypeError('it was taken in for the background');
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'rate_limited') || attempt === patience) throw error;
      await pause(3000);
    }
  }
}

function withPiece(run: Run, table: Table, piece: Piece, report: components['schemas']['ImportReport']): Run {
  const rows = report.rows.map((row) => ({ ...row, line: lineIn(table, piece, row.line) })).sort((a, b) => a.line - b.line);
  return {
    ...run,
    object: report.object,
    ignored: [...new Set([...run.ignored, ...report.ignored])],
    rows: [...run.rows, ...rows],
    done: run.done + piece.rows.length,
  };
}

/* Rows that a real import has not brought in: not sent, or failed. */
export function left(table: Table, run: Run | null): Row[] {
  if (!run || run.dry) return table.rows;
  const settled = new Set(run.rows.filter((row) => row.status !== 'failed').map((row) => row.line));
  return table.rows.filter((row) => !settled.has(row.line));
}

export function countsOf(run: Run): Record<Status, number> {
  const counts = { created: 0, updated: 0, unchanged: 0, failed: 0, blank: 0 };
  for (const row of run.rows) counts[row.status]++;
  return counts;
}

export function useRun() {
  const [run, setRun] = useState<Run | null>(null);
  const stopping = useRef(false);
  const busy = run?.state === 'running' || run?.state === 'stopping';
  useEffect(() => () => { stopping.current = true; }, []);
  useEffect(() => {
    if (!busy) return undefined;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [busy]);

  /* What an earlier import has told of other rows stays in the report. */
  const start = async (table: Table, rows: Row[], options: Options, dry: boolean) => {
    const pieces = piecesOf(table, rows);
    const again = new Set(rows.map((row) => row.line));
    const kept = run && !run.dry && !dry ? run.rows.filter((row) => !again.has(row.line)) : [];
    let now: Run = { dry, object: '', ignored: [], rows: kept, total: rows.length, done: 0, pieces: pieces.length, state: 'running', error: null };
    stopping.current = false;
    setRun(now);
    try {
      for (const piece of pieces) {
        if (stopping.current) break;
        const report = await send({ ...options, delimiter: table.delimiter, text: piece.text, dry_run: dry });
        now = withPiece(now, table, piece, report);
        setRun(stopping.current ? { ...now, state: 'stopping' } : now);
      }
      now = { ...now, state: now.done < now.total ? 'stopped' : 'finished' };
    } catch (error) {
      now = { ...now, state: 'failed', error };
    }
    now.rows.sort((a, b) => a.line - b.line);
    setRun(now);
    if (!dry) void queries.invalidateQueries({ queryKey: ['rows'] });
  };
  const stop = () => {
    stopping.current = true;
    setRun((before) => before && { ...before, state: 'stopping' });
  };
  return { run, busy, start, stop, clear: () => setRun(null) };
}
