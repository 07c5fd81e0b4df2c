import { humanize } from '@/text/words';
import css from './Status.module.css';
import { type Icon, lookOf, type Tone } from './tone';

/* A state as icon and word, never by colour alone. */
export function Status({ word, label, tone, icon, strong }: {
  word: string;
  label?: string;
  tone?: Tone;
  icon?: Icon;
  strong?: boolean;
}) {
  const look = lookOf(word);
  const Shown = icon ?? look?.icon;
  return (
    <span className={css.status} data-tone={tone ?? look?.tone ?? 'plain'} data-strong={strong || undefined}>
      {Shown && <Shown size={15} stroke={2} aria-hidden />}
      <span>{label ?? humanize(word)}</span>
    </span>
  );
}
