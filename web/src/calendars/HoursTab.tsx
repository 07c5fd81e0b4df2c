/* The week of a calendar, drawn and typed. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Section } from '@/parts/Page';
import { d } from '@/text/designers';
import { minutes } from '@/text/format';
import css from './HoursTab.module.css';
import { blocksOf, type Parsed, parseWeek, type Week, weekText } from './hours';
import { WeekEditor } from './Week';

/* The text follows the drawing unless somebody types; what is typed is drawn as soon as it can be read. */
function WeekText({ week, onChange, readOnly }: { week: Week; onChange: (week: Week) => void; readOnly: boolean }) {
  const [typed, setTyped] = useState<string | null>(null);
  const parsed: Parsed | null = typed === null ? null : parseWeek(typed);
  const fault = parsed && 'fault' in parsed ? parsed : null;
  const type = (text: string) => {
    setTyped(text);
    const next = parseWeek(text);
    if ('week' in next) onChange(next.week);
  };
  return (
    <div className={css.text}>
      <TextInput label={d('week.as_text')} classNames={{ input: css.input }} value={typed ?? weekText(week)} readOnly={readOnly} spellCheck={false} autoComplete="off"
        error={fault && (
          <>
            <code className={css.caret} aria-hidden>{' '.repeat(fault.at)}^</code>
            {d(`week.fault_${fault.fault}`, { word: fault.word })}
          </>
        )}
        onChange={(event) => type(event.currentTarget.value)} onBlur={() => { if (!fault) setTyped(null); }} />
    </div>
  );
}

export function HoursTab({ week, onChange, readOnly }: { week: Week; onChange: (week: Week) => void; readOnly: boolean }) {
  const total = blocksOf(week).reduce((sum, block) => sum + block.to - block.from, 0);
  return (
    <Section title={d('week.title')} beside={<span className="muted num">{d('week.total', { time: minutes(total) })}</span>}>
      <WeekText week={week} onChange={onChange} readOnly={readOnly} />
      <WeekEditor week={week} onChange={onChange} readOnly={readOnly} />
      {!readOnly && <p className={css.help}>{d('week.help')}</p>}
    </Section>
  );
}
