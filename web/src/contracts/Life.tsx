/* The life of a contract and of its renewals on one axis: where it began, where today is, what comes. */
import { Link } from 'react-router';
import { type Row, textOf, usePage } from '@/api/records';
import { Missed } from '@/parts/Missed';
import type { Ask } from '@/parts/States';
import { day, dayOf, daysBetween } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Life.module.css';
import { addMonths } from './ramp';
import { dayIn, noticeDay, renewalDay } from './story';

/* A contract with those that it renewed and that renewed it, the oldest first. */
export function useChain(contract: Row): { chain: Row[]; asked: Ask[] } {
  const root = textOf(contract, 'renewal_root_id') || contract.id;
  const params = { sort: 'starts_on', limit: '20', fields: 'number,name,state,starts_on,ends_on,renewed_from_id,auto_renew' };
  const others = usePage('contracts', { ...params, renewal_root_id: root });
  const first = usePage('contracts', { ...params, id: root }, root !== contract.id);
  const rows = [...(first.data?.data ?? []), ...(others.data?.data ?? []), contract];
  const unique = new Map(rows.map((row) => [row.id, row]));
  const chain = [...unique.values()].sort((a, b) => (textOf(a, 'starts_on') < textOf(b, 'starts_on') ? -1 : 1));
  return { chain, asked: [others, first] };
}

export interface Axis {
  from: string;
  days: number;
  at: (date: string) => number; /* percent of its width, kept inside */
}

export function axisOf(chain: Row[], today: string): Axis {
  const starts = chain.map((row) => textOf(row, 'starts_on')).filter(Boolean);
  const ends = chain.map((row) => textOf(row, 'ends_on') || addMonths(today, 12));
  const from = [...starts, today].reduce((a, b) => (a < b ? a : b));
  const to = [...ends, today].reduce((a, b) => (a > b ? a : b));
  const days = Math.max(30, daysBetween(from, to) + 1);
  return { from, days, at: (date) => Math.max(0, Math.min(100, (daysBetween(from, date) / days) * 100)) };
}

/* Firsts of years, or of quarters where it is short. */
function ticksOf(axis: Axis): { on: string; text: string }[] {
  const step = axis.days > 1200 ? 12 : axis.days > 500 ? 6 : 3;
  const ticks = [];
  let on = `${axis.from.slice(0, 4)}-01-01`;
  for (let i = 0; i < 60; i++, on = addMonths(on, step)) {
    const days = daysBetween(axis.from, on);
    if (days > axis.days * 0.91) break; /* its text would be cut */
    if (days > 0) ticks.push({ on, text: on.endsWith('-01-01') ? on.slice(0, 4) : day(on).split(' ')[1] ?? '' });
  }
  return ticks;
}

function Pauses({ contract, axis, today }: { contract: Row; axis: Axis; today: string }) {
  const rows = Array.isArray(contract.suspensions) ? (contract.suspensions as Row[]) : [];
  return rows.map((one) => {
    const from = axis.at(dayIn(contract, textOf(one, 'starts_at')));
    const to = axis.at(one.ends_at ? dayIn(contract, textOf(one, 'ends_at')) : textOf(contract, 'ends_on') || today);
    return <span key={one.id} className={css.pause} style={{ left: `${from}%`, width: `${Math.max(0.4, to - from)}%` }} title={t('life.suspended')} />;
  });
}

export function Life({ contract, operations }: { contract: Row; operations: Row[] }) {
  const { chain, asked } = useChain(contract);
  const today = dayOf(new Date());
  const axis = axisOf(chain, today);
  const marks = [
    { on: noticeDay(contract), text: t('life.notice'), kind: 'notice' },
    { on: renewalDay(contract), text: t('life.renewal_made'), kind: 'renewal' },
    ...operations.filter((row) => ['applied', 'scheduled'].includes(textOf(row, 'state'))).map((row) => ({ on: textOf(row, 'effective_on') || null, text: humanize(textOf(row, 'kind')), kind: textOf(row, 'state') })),
  ].filter((mark): mark is { on: string; text: string; kind: string } => mark.on !== null);
  return (
    <section className={css.life} aria-label={t('life.title')}>
      <div className={css.rows}>
        {chain.map((row) => {
          const from = axis.at(textOf(row, 'starts_on'));
          const to = row.ends_on ? axis.at(textOf(row, 'ends_on')) : 100;
          const own = row.id === contract.id;
          const text = `${textOf(row, 'number')}, ${day(textOf(row, 'starts_on'))} – ${row.ends_on ? day(textOf(row, 'ends_on')) : t('ent.open_end')}, ${humanize(textOf(row, 'state'))}`;
          return (
            <Link key={row.id} to={`/contracts/${row.id}`} className={css.bar} data-own={own || undefined} data-open={!row.ends_on || undefined} aria-current={own ? 'page' : undefined}
              aria-label={text} title={text} style={{ left: `${from}%`, width: `${Math.max(1, to - from)}%` }}>
              {own && <i className={css.gone} style={{ width: `${Math.max(0, Math.min(100, ((axis.at(today) - from) / Math.max(1, to - from)) * 100))}%` }} />}
              {chain.length > 1 && <span>{textOf(row, 'number')}</span>}
            </Link>
          );
        })}
        <Pauses contract={contract} axis={axis} today={today} />
        {marks.map((mark, i) => <span key={`${mark.kind}${mark.on}${i}`} className={css.mark} data-kind={mark.kind} style={{ left: `${axis.at(mark.on)}%` }} title={`${mark.text}, ${day(mark.on)}`} />)}
        <span className={css.today} style={{ left: `${axis.at(today)}%` }} title={t('life.today')} />
      </div>
      <div className={css.ticks} aria-hidden>
        {ticksOf(axis).map((tick) => <span key={tick.on} style={{ left: `${axis.at(tick.on)}%` }}>{tick.text}</span>)}
      </div>
      <Missed of={asked} what={t('nav.renewals')} />
    </section>
  );
}
