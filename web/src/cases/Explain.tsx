/* The arithmetic of one deadline: the sum that makes its target, what is used and left, drawn and step by step. */
import { Drawer } from '@mantine/core';
import { Link } from 'react-router';
import { type Row, textOf, useRow } from '@/api/records';
import { Section } from '@/parts/Page';
import { Asked, Bars } from '@/parts/States';
import { When } from '@/parts/Value';
import { Actor } from '@/records/History';
import { short } from '@/sla/rules';
import { TimeLine } from '@/sla/TimeLine';
import { stepText } from '@/sla/words';
import { d } from '@/text/designers';
import { minutes } from '@/text/format';
import { t } from '@/text/t';
import { ClockStatus, live, useNow } from './Clocks';
import { lower } from '@/text/words';
import css from './Explain.module.css';
import { type ToldLife, useLives } from './life';

function Amount({ seconds }: { seconds: unknown }) {
  if (typeof seconds !== 'number') return <span className="muted">–</span>;
  const text = minutes(Math.round(Math.abs(seconds) / 60));
  return <>{seconds < 0 ? d('exp.over', { time: text }) : text}</>;
}

function Amounts({ row }: { row: Row }) {
  const lines = [
    ['elapsed', row.elapsed_seconds, row.elapsed_wall_seconds], ['paused', row.paused_seconds, row.paused_wall_seconds],
    ['used', row.actual_seconds, Number(row.elapsed_wall_seconds) - Number(row.paused_wall_seconds)], ['remaining', row.remaining_seconds, row.remaining_wall_seconds],
  ] as const;
  return (
    <table className={css.amounts} aria-label={d('exp.table')}>
      <thead><tr><td /><th scope="col">{d('exp.own')}</th><th scope="col">{d('exp.wall')}</th></tr></thead>
      <tbody>{lines.map(([name, own, wall]) => <tr key={name}><th scope="row">{d(`exp.${name}`)}</th><td><Amount seconds={own} /></td><td><Amount seconds={wall} /></td></tr>)}</tbody>
    </table>
  );
}

function Counted({ row }: { row: Row }) {
  const { data } = useRow('calendars', row.calendar_id ? textOf(row, 'calendar_id') : null);
  return (
    <p className={css.counted}>
      {row.allowed !== null && d('exp.unit', { time: short(textOf(row, 'allowed')), unit: lower(d(`pol.unit_${textOf(row, 'unit')}` as 'pol.unit_business')) })}
      {data && <> · <Link className="link" to={`/calendars/${data.id}`}>{d('exp.calendar', { name: textOf(data, 'name'), revision: Number(row.calendar_revision) })}</Link></>}
    </p>
  );
}

function Steps({ life }: { life: ToldLife }) {
  return (
    <ol className={css.steps}>
      {life.timeline.map((step, i) => (
        <li key={i}>
          <p><b>{stepText(step)}</b> <span className="muted"><When at={step.at} />{step.actor && <> · <Actor actor={step.actor} /></>}</span></p>
          {step.reason && <p className={css.reason}>{step.reason}</p>}
          {step.sum?.text && <p className={css.text}>{step.sum.text}</p>}
        </li>
      ))}
    </ol>
  );
}

function Life({ life }: { life: ToldLife }) {
  const now = useNow(live.has(life.state));
  const sum = life.timeline.findLast((step) => step.sum?.text)?.sum?.text;
  const isOver = life.row.completed_at !== null || life.row.ended_at !== null;
  return (
    <div className={css.body}>
      <div><ClockStatus row={life.row} now={now} /><Counted row={life.row} /></div>
      {sum && <Section title={d('exp.sum')}><p className={css.sum}>{sum}</p></Section>}
      <Amounts row={life.row} />
      <Section title={d('exp.drawn')}><TimeLine lives={[life]} until={isOver ? null : new Date(Math.floor(now / 60_000) * 60_000).toISOString()} calendar={life.row.unit === 'calendar' ? null : textOf(life.row, 'calendar_id')} /></Section>
      <Section title={d('exp.steps')}><Steps life={life} /></Section>
    </div>
  );
}

export default function Explain({ caseId, id, onClose }: { caseId: string; id: string; onClose: () => void }) {
  const lives = useLives(caseId, true);
  const life = lives.data?.find((one) => one.id === id);
  return (
    <Drawer opened onClose={onClose} position="right" size={560} padding={24} title={d('exp.title', { name: life?.name ?? '' })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Asked of={lives}>{() => (life ? <Life life={life} /> : <Bars count={6} />)}</Asked>
    </Drawer>
  );
}
