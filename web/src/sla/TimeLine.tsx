/* Lives of milestones, drawn on one axis; closed hours of a calendar are shaded. Every mark is also a
 * row of the table beside it. */
import { useElementSize } from '@mantine/hooks';
import { useAnswer } from '@/calendars/ask';
import { Status } from '@/parts/Status';
import { d } from '@/text/designers';
import { instant, zoneName } from '@/text/format';
import { isKey, locale, t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './TimeLine.module.css';
import { clock, stepText } from './words';
import { type Life, offsetAt, rangeOf, spansOf, ticksOf } from './timeline';

const row = 52;
const top = 28;

function tick(at: number, whole: boolean): string {
  const options: Intl.DateTimeFormatOptions = whole ? { weekday: 'short', day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: zoneName() }).format(new Date(at));
}

function Marks({ life, x, y }: { life: Life; x: (at: number) => number; y: number }) {
  return (
    <>
      {life.timeline.map((step, i) => {
        const at = x(Date.parse(step.at));
        const title = <title>{`${stepText(step)}, ${instant(step.at)}`}</title>;
        switch (step.what) {
          case 'warned': return <path key={i} className={css.warned} d={`M${at} ${y - 9}l5 9h-10z`}>{title}</path>;
          case 'violated': return <g key={i} className={css.violated}>{title}<circle cx={at} cy={y} r={6} /><path d={`M${at} ${y - 3.5}v4M${at} ${y + 2.6}v.8`} /></g>;
          case 'completed': return <g key={i} className={css.completed} data-late={step.late || undefined}>{title}<circle cx={at} cy={y} r={7} /><path d={`M${at - 3} ${y}l2.2 2.4 4-4.6`} /></g>;
          case 'cancelled':
          case 'withdrawn': return <g key={i} className={css.ended}>{title}<circle cx={at} cy={y} r={6} /><path d={`M${at - 2.5} ${y - 2.5}l5 5m0-5l-5 5`} /></g>;
          case 'action': return <circle key={i} className={css.action} cx={at} cy={y + 12} r={3}>{title}</circle>;
          case 'started': return <path key={i} className={css.started} d={`M${at} ${y - 8}v16`}>{title}</path>;
          default: return null;
        }
      })}
      {life.target_at && <path className={css.target} d={`M${x(Date.parse(life.target_at))} ${y - 14}v28m0-28l8 4-8 4`}><title>{d('sim.target_at', { when: instant(life.target_at) })}</title></path>}
    </>
  );
}

function Closed({ calendar, range, x, height }: { calendar: string; range: [number, number]; x: (at: number) => number; height: number }) {
  const from = new Date(range[0]).toISOString().slice(0, 19) + 'Z';
  const { data } = useAnswer(calendar, 0, { op: 'periods', at: from, count: 120 });
  const opened = useAnswer(calendar, 0, { op: 'is_open', at: from }).data?.open;
  const next = useAnswer(calendar, 0, opened ? { op: 'next_close', at: from } : null).data?.time;
  if (!data?.periods || opened === undefined || (opened && !next)) return null;
  let at = opened && next ? Date.parse(next) : range[0];
  const closed: [number, number][] = [];
  for (const period of data.periods) {
    const opens = Date.parse(period.from);
    if (opens > at) closed.push([at, Math.min(opens, range[1])]);
    at = Math.max(at, Date.parse(period.to));
    if (at >= range[1]) break;
  }
  if (at < range[1]) closed.push([at, range[1]]);
  return <>{closed.filter(([a, b]) => b > a).map(([a, b]) => <rect key={a} className={css.closed} x={x(a)} y={top} width={x(b) - x(a)} height={height} />)}</>;
}

export function TimeLine({ lives, until, calendar }: { lives: Life[]; until: string | null; calendar?: string | null }) {
  const { ref, width } = useElementSize();
  const range = rangeOf(lives, until);
  const x = (at: number) => ((at - range[0]) / (range[1] - range[0])) * Math.max(1, width);
  const height = lives.length * row;
  const offset = offsetAt(zoneName(), range[0]);
  const ticks = ticksOf(range, Math.max(2, Math.floor(width / 96)), offset);
  const whole = ticks.length > 1 && (ticks[1]! - ticks[0]!) % 86_400_000 === 0;
  const end = until ? Date.parse(until) : range[1];
  return (
    <div className={css.box} ref={ref}>
      {width > 0 && (
        <svg width={width} height={top + height} role="img" aria-label={d('sim.drawing')}>
          <defs>
            <pattern id="paused" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect className={css.hatch} width="2.5" height="6" /></pattern>
          </defs>
          {calendar && range[1] - range[0] < 60 * 86_400_000 && <Closed calendar={calendar} range={range} x={x} height={height} />}
          {ticks.map((at) => {
            const day = whole || (at + offset) % 86_400_000 === 0;
            return (
              <g key={at} className={css.tick}>
                <path d={`M${x(at)} ${top - 4}V${top + height}`} />
                {x(at) < width - 40 && <text x={x(at) + 4} y={14} data-day={day || undefined}>{tick(at, day)}</text>}
              </g>
            );
          })}
          {lives.map((life, i) => {
            const y = top + i * row + 34;
            return (
              <g key={`${life.name}${life.occurrence}`}>
                <path className={css.base} d={`M0 ${top + (i + 1) * row}H${width}`} />
                {spansOf(life, Math.min(end, range[1])).map((span, j) => (
                  <g key={j}>
                    <rect className={css.span} data-kind={span.kind} x={x(span.from)} y={y - 5} width={Math.max(2, x(span.to) - x(span.from))} height={10} rx={3} />
                    {span.kind === 'paused' && <rect x={x(span.from)} y={y - 5} width={Math.max(2, x(span.to) - x(span.from))} height={10} rx={3} fill="url(#paused)" />}
                  </g>
                ))}
                <Marks life={life} x={x} y={y} />
                <text className={css.label} x={Math.min(x(Date.parse(life.timeline[0]?.at ?? '')) || 0, width - 160)} y={y - 16}>{life.name}{life.occurrence > 1 ? ` ${life.occurrence}` : ''}</text>
              </g>
            );
          })}
        </svg>
      )}
      <ul className={css.legend} aria-hidden>
        {(['running', 'paused', 'late', 'closed'] as const).map((kind) => <li key={kind}><i data-kind={kind} />{d(`sim.legend_${kind}`)}</li>)}
        <li><svg width="12" height="14"><path className={css.target} d="M2 0v14m0-14l8 4-8 4" /></svg>{d('sim.legend_target')}</li>
        <li><svg width="12" height="12"><path className={css.warned} d="M6 1l5 9H1z" /></svg>{d('sim.legend_warned')}</li>
      </ul>
    </div>
  );
}

const looks: Record<string, [string, 'ok' | 'warn' | 'bad' | 'accent' | 'quiet' | 'plain']> = {
  started: ['running', 'accent'], resumed: ['running', 'accent'], reopened: ['running', 'accent'], paused: ['paused', 'warn'], warned: ['violated', 'warn'], violated: ['violated', 'bad'],
  completed: ['met', 'ok'], cancelled: ['cancelled', 'quiet'], withdrawn: ['withdrawn', 'quiet'], action: ['scheduled', 'plain'],
};

/* Every step of every milestone, in the order of time, with its arithmetic. */
export function StepTable({ lives }: { lives: Life[] }) {
  const steps = lives.flatMap((life) => life.timeline.map((step, i) => ({ life, step, i }))).sort((a, b) => Date.parse(a.step.at) - Date.parse(b.step.at) || a.i - b.i);
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={d('sim.steps')}>
      <table className={css.table}>
        <thead><tr>{(['when', 'milestone', 'what', 'sum'] as const).map((name) => <th key={name} scope="col">{d(`sim.c_${name}`)}</th>)}</tr></thead>
        <tbody>
          {steps.map(({ life, step }, i) => {
            const [word, tone] = looks[step.what] ?? ['pending', 'plain'];
            return (
              <tr key={i}>
                <td><time dateTime={step.at} title={instant(step.at)}>{clock(step.at)}</time></td>
                <td>{life.name}{life.occurrence > 1 ? ` ${life.occurrence}` : ''}</td>
                <td><Status word={step.what === 'completed' && step.late ? 'met_late' : word} tone={step.what === 'completed' && step.late ? 'warn' : tone} label={stepText(step)} /></td>
                <td className={css.sum}>{step.sum?.text ?? ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function lifeLabel(state: string): string {
  const key = `sla.${state}`;
  return isKey(key) ? t(key) : humanize(state);
}
