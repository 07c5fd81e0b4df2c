/* Columns over a time, steps of a waterfall, and bars of a ranking: drawn as wide as there is room. */
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import { Link } from 'react-router';
import { r } from '@/text/reports';
import css from './Chart.module.css';
import { Fills, Legend, Mark, type Series, Strip } from './Marks';
import { type Floating, ticks } from './sums';

const high = 168;
const above = 20;
const below = 22;
const room = 56; /* of the scale */
const ground = above + high;

interface Scaled {
  title: string;
  show: (value: number) => string; /* at the scale */
  whole?: boolean;
}

/* Room for `count` columns: where they begin, how wide they are, and how many have a name below them. */
function layout(width: number, count: number) {
  const pitch = Math.max(1, (width - room) / count);
  const column = Math.min(44, pitch * 0.68);
  return { at: (i: number) => room + i * pitch + (pitch - column) / 2, middle: (i: number) => room + (i + 0.5) * pitch, column, pitch };
}

function Plane({ title, most, least = 0, show, whole, foot, children }: Scaled & { most: number; least?: number; foot?: (width: number) => number; children: (width: number, y: (value: number) => number, id: string) => ReactNode }) {
  const { ref, width } = useElementSize();
  const id = useId();
  const scale = ticks(most, 4, whole);
  const top = scale.at(-1) ?? 1;
  const y = (value: number) => ground - ((value - least) / (top - least)) * high;
  return (
    <div ref={ref} className={css.box}>
      {width > 0 && (
        <svg className={css.drawing} width={width} height={ground + (foot?.(width) ?? below)} role="img" aria-label={r('drawn', { title })}>
          <Fills id={id} />
          {scale.map((value) => (
            <g key={value}>
              <line className={css.line} data-ground={value === 0 || undefined} x1={room} x2={width} y1={y(value)} y2={y(value)} />
              <text className={css.tick} x={room - 8} y={y(value) + 4}>{show(value)}</text>
            </g>
          ))}
          {children(width, y, id)}
        </svg>
      )}
    </div>
  );
}

export interface Group {
  key: string;
  name: string; /* below */
  hint: string;
  values: Record<string, number>;
  mark?: string; /* above */
}

export function Columns({ groups, series, legend = true, notes, ...scaled }: Scaled & { groups: Group[]; series: Series[]; legend?: boolean; notes?: ReactNode }) {
  const id = useId();
  const most = Math.max(...groups.map((group) => series.reduce((all, one) => all + (group.values[one.key] ?? 0), 0)));
  return (
    <>
      <Plane {...scaled} most={most}>
        {(width, y, id) => {
          const { at, middle, column, pitch } = layout(width, groups.length);
          const every = Math.max(1, Math.ceil(44 / pitch));
          return groups.map((group, i) => {
            let sum = 0;
            return (
              <g key={group.key}>
                <title>{group.hint}</title>
                <rect className={css.hit} x={middle(i) - pitch / 2} y={0} width={pitch} height={ground} />
                {series.map((one) => {
                  const value = group.values[one.key] ?? 0;
                  const bottom = y(sum);
                  sum += value;
                  return <Mark key={one.key} id={id} series={one} x={at(i)} y={y(sum)} width={column} height={bottom - y(sum) - (sum > value && value > 0 ? 1 : 0)} />;
                })}
                {group.mark && pitch >= group.mark.length * 7 && <text className={css.value} x={middle(i)} y={y(sum) - 6}>{group.mark}</text>}
                {(groups.length - 1 - i) % every === 0 && <text className={css.name} x={Math.min(middle(i), width - 3.2 * group.name.length)} y={ground + 16}>{group.name}</text>}
              </g>
            );
          });
        }}
      </Plane>
      <svg className={css.none} aria-hidden><Fills id={id} /></svg>
      {legend && <Legend id={id} series={series} />}
      {notes && <p className={css.notes}>{notes}</p>}
    </>
  );
}

export function Waterfall({ steps, nameOf, text, ...scaled }: Scaled & { steps: Floating[]; nameOf: (step: Floating) => string; text: (step: Floating) => string }) {
  const longest = Math.max(...steps.map((step) => nameOf(step).length)) * 6.6;
  const leans = (width: number) => layout(width, steps.length).pitch < longest;
  return (
    <Plane {...scaled} foot={(width) => (leans(width) ? 14 + longest * 0.72 : below)} most={Math.max(...steps.flatMap((step) => [step.from, step.to]))}>
      {(width, y, id) => {
        const { at, middle, column, pitch } = layout(width, steps.length);
        return steps.map((step, i) => {
          const top = Math.min(y(step.from), y(step.to));
          const height = Math.abs(y(step.from) - y(step.to));
          const rises = step.to >= step.from;
          const next = steps[i + 1];
          return (
            <g key={step.key}>
              <title>{`${nameOf(step)}: ${text(step)}`}</title>
              <rect className={css.hit} x={middle(i) - pitch / 2} y={0} width={pitch} height={ground} />
              <Mark id={id} series={step.total ? { tone: 'quiet', fill: 'solid' } : rises ? { tone: 'ok', fill: 'solid' } : { tone: 'bad', fill: 'lines' }} x={at(i)} y={top} width={column} height={Math.max(height, step.to === step.from ? 0 : 2)} />
              {next && <line className={css.joint} x1={at(i) + column} x2={at(i + 1)} y1={y(step.to)} y2={y(step.to)} />}
              {pitch >= 52 && <text className={css.value} x={middle(i)} y={top - 6}>{text(step)}</text>}
              {leans(width) ? <text className={css.leaning} transform={`translate(${middle(i) + 4} ${ground + 12}) rotate(-45)`}>{nameOf(step)}</text>
                : <text className={css.name} x={middle(i)} y={ground + 16}>{nameOf(step)}</text>}
            </g>
          );
        });
      }}
    </Plane>
  );
}

export interface Bar {
  key: string;
  name: string;
  to?: string;
  values: Record<string, number>;
  text: ReactNode; /* at the end */
  whole?: number; /* what the bar is a part of; else the greatest of all */
}

export function Ranking({ title, bars, series, legend = true, most = 12 }: { title: string; bars: Bar[]; series: Series[]; legend?: boolean; most?: number }) {
  const id = useId();
  const sumOf = (bar: Bar) => series.reduce((all, one) => all + (bar.values[one.key] ?? 0), 0);
  const greatest = Math.max(...bars.map(sumOf), 1e-9);
  return (
    <>
      <ul className={css.bars} aria-label={title}>
        {bars.slice(0, most).map((bar) => {
          const whole = bar.whole ?? greatest;
          const scale = 100 / Math.max(whole, 1e-9);
          let sum = 0;
          return (
            <li key={bar.key}>
              <span className={css.bar_name}>{bar.to ? <Link to={bar.to}>{bar.name}</Link> : bar.name}</span>
              <span className={css.bar_text}>{bar.text}</span>
              <svg className={css.track} width="100%" height="10" aria-hidden data-whole={bar.whole !== undefined || undefined}>
                {series.map((one) => {
                  const value = Math.min(bar.values[one.key] ?? 0, whole - sum);
                  const x = sum * scale;
                  sum += value;
                  return value > 0 && <Strip key={one.key} id={id} series={one} x={x} width={value * scale} />;
                })}
              </svg>
            </li>
          );
        })}
      </ul>
      <svg className={css.none} aria-hidden><Fills id={id} /></svg>
      {bars.length > most && <p className={css.notes}>{r('first_drawn', { shown: most, count: bars.length })}</p>}
      {legend && <Legend id={id} series={series} />}
    </>
  );
}
