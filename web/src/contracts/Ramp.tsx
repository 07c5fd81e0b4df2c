/* A price in steps: as a drawing, and as the same numbers in a table. */
import type { Row } from '@/api/records';
import { day, money } from '@/text/format';
import { number, t } from '@/text/t';
import { humanize, lower } from '@/text/words';
import { amountOf } from './price';
import { type Step, stepsOf } from './ramp';
import css from './Ramp.module.css';

const wide = 320;
const high = 72;

/* What a step is drawn as high as: what it costs, or how many there are. */
function heightOf(step: Step): number {
  return (step.price ?? 1) * (step.quantity ?? 1);
}

export function Drawing({ steps }: { steps: Step[] }) {
  const days = (step: Step) => Math.max(1, (Date.parse(step.to ?? step.from) - Date.parse(step.from)) / 86_400_000 + 1);
  const whole = steps.reduce((sum, step) => sum + days(step), 0);
  const most = Math.max(...steps.map(heightOf), 1e-9);
  const today = Date.now();
  let x = 0;
  return (
    <svg className={css.drawing} viewBox={`0 0 ${wide} ${high + 1}`} preserveAspectRatio="none" aria-hidden>
      {steps.map((step) => {
        const width = (days(step) / whole) * wide;
        const height = Math.max(2, (heightOf(step) / most) * (high - 4));
        const left = x;
        x += width;
        const now = Date.parse(step.from) <= today && today < Date.parse(step.to ?? step.from) + 86_400_000;
        return (
          <g key={step.from} data-now={now || undefined}>
            <rect x={left} y={high - height} width={Math.max(1, width - 1)} height={height} />
            <line x1={left} x2={left + width - 1} y1={high - height} y2={high - height} />
          </g>
        );
      })}
    </svg>
  );
}

export function Ramp({ line }: { line: Row }) {
  const steps = stepsOf(line);
  const currency = (amountOf(line, 'unit_price') ?? amountOf(line, 'list_price'))?.currency;
  const percent = line.ramp_percent ? t('ramp.rises', { percent: String(line.ramp_percent), increase: lower(humanize(String(line.ramp_increase))) }) : '';
  return (
    <div className={css.ramp}>
      <p className="muted">{[humanize(String(line.ramp)), percent].filter(Boolean).join(', ')}</p>
      {steps.length > 0 && (
        <>
          <Drawing steps={steps} />
          <table className={css.table}>
            <thead><tr><th scope="col">{t('ramp.from')}</th><th scope="col" data-number>{t('lines.quantity')}</th><th scope="col" data-number>{t('ramp.price')}</th></tr></thead>
            <tbody>
              {steps.map((step) => (
                <tr key={step.from}>
                  <td>{day(step.from)}</td>
                  <td data-number>{step.quantity === null ? '–' : number(step.quantity)}</td>
                  <td data-number>{step.price === null || !currency ? '–' : money(String(Number(step.price.toFixed(6))), currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}
