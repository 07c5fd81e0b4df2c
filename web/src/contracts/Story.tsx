/* What is ahead of a contract and what happened to it, around today. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { act, type Row, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { IconBell, IconCheck, IconCircleX, IconPencil, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@/parts/icons';
import { Missed } from '@/parts/Missed';
import { type Ask, isLost } from '@/parts/States';
import { Status } from '@/parts/Status';
import { tell, tellProblem } from '@/parts/toast';
import type { Icon } from '@/parts/tone';
import { Actor } from '@/records/History';
import { day, dayOf } from '@/text/format';
import { t } from '@/text/t';
import { amountOf, moneyOf } from './price';
import { distance, type Moment, type Story as Told, storyOf } from './story';
import css from './Story.module.css';

const icons: Record<Moment['kind'], Icon> = {
  begin: IconPlayerPlay, end: IconCircleX, pause: IconPlayerPause, change: IconPencil, renewal: IconRefresh, notice: IconBell, approval: IconCheck,
};

export function useOperations(contract: string) {
  const may = useMay();
  return usePage('contract_operations', { contract_id: contract, sort: '-created_at', limit: '100' }, may('contract_operation.read'));
}

/* With all that it is made of. */
export function useStory(contract: Row): { story: Told; operations: Row[]; asked: Ask[] } {
  const may = useMay();
  const done = useOperations(contract.id);
  const operations = done.data?.data ?? [];
  const links = may('contract_link.read');
  const into = usePage('contract_links', { from_contract_id: contract.id, 'from_line_id[null]': 'true', expand: 'to_contract', limit: '50' }, links);
  const from = usePage('contract_links', { to_contract_id: contract.id, 'from_line_id[null]': 'true', expand: 'from_contract', limit: '50' }, links);
  const events = usePage('events', { subject_id: contract.id, sort: '-created_at', limit: '100' }, may('event.read'));
  const found = { operations, links: [...(into.data?.data ?? []), ...(from.data?.data ?? [])], events: events.data?.data ?? [] };
  return { story: storyOf(contract, found, dayOf(new Date())), operations, asked: [done, into, from, events] };
}

function One({ one, today }: { one: Moment; today: string }) {
  const may = useMay();
  const Shown = icons[one.kind];
  const delta = one.operation && amountOf(one.operation, 'price_delta');
  const state = one.operation ? String(one.operation.state) : '';
  return (
    <li data-kind={one.kind}>
      <span className={css.icon}><Shown size={14} aria-hidden /></span>
      <div className={css.what}>
        <p>{one.to ? <Link className={css.title} to={one.to}>{one.title}</Link> : <span className={css.title}>{one.title}</span>}{['undone', 'failed', 'scheduled'].includes(state) && <Status word={state} />}</p>
        {(one.detail || one.actor) && <p className="muted">{one.detail}{one.detail && one.actor ? ' · ' : ''}{one.actor && <Actor actor={one.actor} />}</p>}
      </div>
      {state === 'scheduled' && may('contract.undo') && <Button className={css.undo} size="compact-xs" variant="subtle" onClick={() => { act(`contract_operations/${one.key}`, 'undo', {}).then(() => tell(t('action.undone')), tellProblem); }}>{t('ops.undo')}</Button>}
      {delta && Number(delta.amount) !== 0 && <span className={css.delta}>{Number(delta.amount) > 0 ? '+' : ''}{moneyOf(delta)}</span>}
      <time dateTime={one.on} title={day(one.on)}>{one.on >= today ? distance(one.on, today) : day(one.on)}{one.on > today && <span className="muted"> {day(one.on)}</span>}</time>
    </li>
  );
}

export function Moments({ moments, label }: { moments: Moment[]; label: string }) {
  const today = dayOf(new Date());
  return <ol className={css.moments} aria-label={label}>{moments.map((one) => <One key={one.key} one={one} today={today} />)}</ol>;
}

export function Story({ story, asked }: { story: Told; asked: Ask[] }) {
  const whole = !asked.some(isLost);
  return (
    <div className={css.story}>
      <Missed of={asked} />
      <h2>{t('life.ahead')}</h2>
      {story.ahead.length > 0 ? <Moments moments={story.ahead} label={t('life.ahead')} /> : whole && <p className="muted">{t('life.nothing_ahead')}</p>}
      <h2>{t('life.past')}</h2>
      {story.past.length > 0 ? <Moments moments={story.past} label={t('life.past')} /> : whole && <p className="muted">{t('record.no_history')}</p>}
    </div>
  );
}
