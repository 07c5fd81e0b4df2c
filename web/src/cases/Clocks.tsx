/* The clocks of a case. They are shown where the server has milestones. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMeta } from '@/api/meta';
import { type Row, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { MissedPart } from '@/parts/Missed';
import { Section } from '@/parts/Page';
import { isLost } from '@/parts/States';
import { Status } from '@/parts/Status';
import { When } from '@/parts/Value';
import { Actions } from '@/records/Actions';
import { minutes, span } from '@/text/format';
import { isKey, t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Clocks.module.css';

/* One tick for all that count; `false` while nothing does. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

export const live = new Set(['running', 'violated']);

/* How a clock stands: what to say and how loud. Warned from the last quarter on. */
export function standing(row: Row, now: number): { word: string; text: string } {
  const state = textOf(row, 'state');
  const target = row.target_at ? Date.parse(textOf(row, 'target_at')) : NaN;
  if (state === 'paused') {
    const left = typeof row.remaining_seconds === 'number' ? t('sla.left', { time: span(row.remaining_seconds) }) : '';
    return { word: 'paused', text: left };
  }
  if (!live.has(state) || Number.isNaN(target)) return { word: state, text: '' };
  const left = (target - now) / 1000;
  if (left < 0) return { word: 'violated', text: t('sla.late_by', { time: span(left) }) };
  const whole = row.started_at ? (target - Date.parse(textOf(row, 'started_at'))) / 1000 : 0;
  return { word: whole > 0 && left < whole / 4 ? 'at_risk' : 'running', text: t('sla.due_in', { time: span(left) }) };
}

function label(word: string): string {
  const key = `sla.${word}`;
  return isKey(key) ? t(key) : humanize(word);
}

export function ClockStatus({ row, now }: { row: Row; now: number }) {
  const { word, text } = standing(row, now);
  return (
    <span className={css.clock} data-word={word}>
      <Status word={word === 'at_risk' ? 'running' : word} tone={word === 'at_risk' ? 'warn' : undefined} label={label(word)} />
      {text && <span className={css.time}>{text}</span>}
    </span>
  );
}

const Explain = lazy(() => import('./Explain'));

/* How much of the time allowed is used, on the clock that counts: business time where that is meant. */
function Used({ row }: { row: Row }) {
  const used = Number(row.actual_seconds ?? NaN);
  const left = row.remaining_seconds == null ? NaN : Number(row.remaining_seconds);
  const paused = Number(row.paused_seconds ?? 0);
  if (Number.isNaN(used)) return null;
  const whole = used + left;
  const spoken = (seconds: number) => minutes(Math.round(Math.abs(seconds) / 60));
  const parts = [
    t(row.unit === 'calendar' ? 'sla.used' : 'sla.used_business', { time: spoken(used) }),
    !Number.isNaN(left) && t(left < 0 ? 'sla.over' : 'sla.left_of', { time: spoken(left) }),
    paused > 0 && t('sla.paused_for', { time: spoken(paused) }),
  ].filter(Boolean).join(' · ');
  return (
    <>
      {whole > 0 && <span className={css.used} aria-hidden><i style={{ width: `${Math.min(100, Math.max(0, (used / whole) * 100))}%` }} /></span>}
      <span className={css.sums}>{parts}</span>
    </>
  );
}

export function Clocks({ id }: { id: string }) {
  const type = useMeta().type('milestone');
  const may = useMay();
  const asked = type?.plural != null && may(type.permissions.read);
  const found = usePage('milestones', { case_id: id, limit: '50' }, asked);
  const rows = found.data?.data ?? [];
  const now = useNow(rows.some((row) => live.has(textOf(row, 'state'))));
  const [explained, setExplained] = useState<string | null>(null);
  if (asked && isLost(found)) return <MissedPart title={t('sla.title')} of={[found]} />;
  if (!asked || !type || rows.length === 0) return null;
  return (
    <Section title={t('sla.title')}>
      <ul className={css.clocks}>
        {rows.map((row) => (
          <li key={row.id} data-word={standing(row, now).word}>
            <div className={css.name}>
              <b>{textOf(row, 'name') || humanize(textOf(row, 'kind'))}</b>
              {row.target_at && <span className="muted"><When at={textOf(row, 'target_at')} /></span>}
            </div>
            <ClockStatus row={row} now={now} />
            <Used row={row} />
            <button type="button" className={css.why} onClick={() => setExplained(row.id)} aria-label={t('sla.explain_of', { name: textOf(row, 'name') })}>{t('sla.explain')}</button>
            {live.has(textOf(row, 'state')) && <span className={css.actions}><Actions type={type} row={row} primary="complete" /></span>}
          </li>
        ))}
      </ul>
      {explained && <Suspense fallback={null}><Explain caseId={id} id={explained} onClose={() => setExplained(null)} /></Suspense>}
    </Section>
  );
}
