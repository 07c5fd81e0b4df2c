/* Which open milestones new hours (or another version of their policy) would move, and moving them. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { act, getRow, type Json, type Row, textOf, useRow } from '@/api/records';
import { Bars } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { When } from '@/parts/Value';
import { d, dn } from '@/text/designers';
import { span } from '@/text/format';
import { t } from '@/text/t';
import css from './Moves.module.css';

interface Move {
  case_id: string;
  name: string;
  stage: string;
  target_before: string | null;
  target_at: string | null;
}

export function movesOf(job: Row | undefined): Move[] {
  return (Array.isArray(job?.report) ? job.report : []) as unknown as Move[];
}

/* A job as it goes on, asked for until it is done. */
function useJob(id: string | null) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => getRow(`sla_jobs/${id}`, {}, signal),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === 'running' || !query.state.data ? 400 : false),
  });
}

function CaseName({ id }: { id: string }) {
  const { data } = useRow('cases', id);
  return <Link to={`/cases/${id}`} title={textOf(data, 'title')}>{textOf(data, 'number') || id}</Link>;
}

function Shift({ move }: { move: Move }) {
  if (!move.target_before || !move.target_at) return <span className="muted">{d('moves.paused')}</span>;
  const by = (Date.parse(move.target_at) - Date.parse(move.target_before)) / 1000;
  return <>{d(by > 0 ? 'moves.later' : 'moves.earlier', { time: span(by) })}</>;
}

export function MovesTable({ moves }: { moves: Move[] }) {
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={d('moves.table')}>
      <table className={css.table}>
        <thead><tr>{(['case', 'milestone', 'before', 'after', 'shift'] as const).map((name) => <th key={name} scope="col">{d(`moves.${name}`)}</th>)}</tr></thead>
        <tbody>
          {moves.map((move, i) => (
            <tr key={i}>
              <td><CaseName id={move.case_id} /></td>
              <td>{move.name}</td>
              <td>{move.target_before ? <When at={move.target_before} /> : '–'}</td>
              <td>{move.target_at ? <When at={move.target_at} /> : '–'}</td>
              <td><Shift move={move} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* `path` and `action` begin a job that takes dry_run. With `quiet` it shows only if something would move. */
export function Moves({ path, action, given = {}, title, body, quiet = false, confirm, onClose }: {
  path: string;
  action: string;
  given?: Record<string, Json>;
  title: string;
  body: string;
  quiet?: boolean;
  confirm?: (count: number) => string;
  onClose: () => void;
}) {
  const [preview, setPreview] = useState<string | null>(null);
  const [real, setReal] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const looked = useJob(preview).data;
  const done = useJob(real).data;
  useEffect(() => {
    let over = false;
    act(path, action, { ...given, dry_run: true }).then((job) => { if (!over) setPreview(job.id); }, (error: unknown) => { tellProblem(error); onClose(); });
    return () => { over = true; };
  }, [path, action]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    if (done?.state !== 'done') return;
    tell(dn('moves.done', Number(done.moved ?? 0)));
    onClose();
  }, [done?.state]); // eslint-disable-line react-hooks/exhaustive-deps
  const isReady = looked !== undefined && looked.state !== 'running';
  const moves = movesOf(looked);
  const count = moves.length;
  const isNothing = isReady && count === 0 && !confirm;
  useEffect(() => { if (quiet && isNothing) onClose(); }, [quiet, isNothing]); // eslint-disable-line react-hooks/exhaustive-deps
  const run = () => {
    act(path, action, { ...given, ...(reason.trim() ? { reason: reason.trim() } : {}) }).then((job) => setReal(job.id), tellProblem);
  };
  if (quiet && (!isReady || isNothing)) return null;
  return (
    <Modal opened onClose={onClose} title={title} size={760} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className={css.form}>
        {!isReady && <><p className="muted">{looked ? d('moves.looking', { done: Number(looked.done), total: Number(looked.total) }) : ' '}</p><Bars count={4} /></>}
        {isReady && <p className="muted">{count > 0 || confirm ? body : d('moves.none')}</p>}
        {isReady && confirm && count === 0 && <p>{d('moves.none')}</p>}
        {count > 0 && <MovesTable moves={moves} />}
        {Number(looked?.failed ?? 0) > 0 && <p className={css.bad}>{d('moves.failed', { count: Number(looked!.failed), why: textOf(looked, 'last_error') })}</p>}
        {isReady && (count > 0 || confirm) && <TextInput label={d('moves.reason')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{isNothing ? t('common.close') : d('moves.keep')}</Button>
          {isReady && (count > 0 || confirm) && <Button loading={real !== null} onClick={run}>{confirm ? confirm(count) : dn('moves.move', count)}</Button>}
        </div>
      </div>
    </Modal>
  );
}
