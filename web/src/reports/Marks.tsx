/* How series are told apart: by tone and by what fills them, named in a legend. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import css from './Marks.module.css';

export interface Series {
  key: string;
  name: string;
  tone: 'ok' | 'warn' | 'bad' | 'accent' | 'quiet';
  fill: 'solid' | 'lines' | 'dots' | 'empty';
  count?: ReactNode; /* beside the name in the legend */
  to?: string;
}

/* Stripes and dots in the colour of the page, laid over a mark. */
export function Fills({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-lines`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className={css.gap} width="2.5" height="6" />
      </pattern>
      <pattern id={`${id}-dots`} width="5" height="5" patternUnits="userSpaceOnUse"><circle className={css.gap} cx="2.5" cy="2.5" r="1.3" /></pattern>
    </defs>
  );
}

export function Mark({ id, series, x, y, width, height }: { id: string; series: Pick<Series, 'tone' | 'fill'>; x: number; y: number; width: number; height: number }) {
  const { tone, fill } = series;
  if (width <= 0 || height <= 0) return null;
  const inset = fill === 'empty' ? 0.75 : 0;
  const box = { x: x + inset, y: y + inset, width: Math.max(0.5, width - 2 * inset), height: Math.max(0.5, height - 2 * inset) };
  return (
    <>
      <rect {...box} rx={1.5} className={css.mark} data-tone={tone} data-fill={fill} />
      {(fill === 'lines' || fill === 'dots') && <rect {...box} fill={`url(#${id}-${fill})`} />}
    </>
  );
}

/* A part of a bar, in percent of its width. */
export function Strip({ id, series, x, width }: { id: string; series: Series; x: number; width: number }) {
  return (
    <svg x={`${x}%`} width={`${Math.max(width, 0.6)}%`} height="10">
      <rect className={css.mark} width="100%" height="10" data-tone={series.tone} data-fill={series.fill} />
      {(series.fill === 'lines' || series.fill === 'dots') && <rect width="100%" height="10" fill={`url(#${id}-${series.fill})`} />}
    </svg>
  );
}

export function Legend({ id, series }: { id: string; series: Series[] }) {
  return (
    <ul className={css.legend}>
      {series.map((one) => (
        <li key={one.key}>
          <svg width="12" height="12" aria-hidden><Mark id={id} series={one} x={0} y={0} width={12} height={12} /></svg>
          {one.name}
          {one.count !== undefined && (one.to ? <Link className={css.count} to={one.to}>{one.count}</Link> : <b>{one.count}</b>)}
        </li>
      ))}
    </ul>
  );
}
