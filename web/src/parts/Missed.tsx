/* Where a part of a page would stand that could not be had: that it is missing, why, and asking once more. */
import { useLayoutEffect } from 'react';
import { t } from '@/text/t';
import { IconAlertTriangle } from './icons';
import css from './Missed.module.css';
import { Section } from './Page';
import { type Ask, isLost } from './States';
import { setTold } from './told';
import { Request, TryAgain } from './TryAgain';
import { why } from './why';

function Told({ error }: { error: unknown }) {
  useLayoutEffect(() => setTold(error), [error]);
  return null;
}

/* Nothing while nothing is lost. `what` is missing, where no heading says so. */
export function Missed({ of, what }: { of: Ask[]; what?: string }) {
  const lost = of.filter(isLost);
  const first = lost[0];
  if (!first) return null;
  return (
    <p className={css.missed} role="alert">
      {lost.map(({ error }, i) => <Told key={i} error={error} />)}
      <IconAlertTriangle size={15} aria-hidden />
      <span>{what ? `${what}: ` : ''}{t('app.missed', { why: why(first.error) })} <Request error={first.error} /></span>
      <TryAgain onClick={() => lost.forEach((one) => void one.refetch())} />
    </p>
  );
}

/* The same below the heading that the part would have. */
export function MissedPart({ title, of }: { title: string; of: Ask[] }) {
  return of.some(isLost) && <Section title={title}><Missed of={of} /></Section>;
}

/* A number that could not be had; the sign above the page tells why. */
export function Unknown() {
  return <span title={t('app.unknown')} role="img" aria-label={t('app.unknown')}>?</span>;
}
