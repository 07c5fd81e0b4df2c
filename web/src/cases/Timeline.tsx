/* Everything on a case in one line of time: what was said, done and changed. */
import { SegmentedControl } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useType } from '@/api/meta';
import { type Page, type Row, rowOf, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { IconCalendar, IconCheck, IconClock, IconHistory, IconLock, IconMail, IconMessage, IconPhone, IconTool } from '@/parts/icons';
import { Missed } from '@/parts/Missed';
import { type Ask, Bars, isLost } from '@/parts/States';
import type { Icon } from '@/parts/tone';
import { When } from '@/parts/Value';
import { Actor, Changes, eventText } from '@/records/History';
import { initials } from '@/shell/Me';
import { stepText } from '@/sla/words';
import { minutes } from '@/text/format';
import { t } from '@/text/t';
import { humanize, lower } from '@/text/words';
import { type ToldLife, useLives } from './life';
import css from './Timeline.module.css';

interface Item {
  at: string;
  row: Row;
}

const activityIcons: Record<string, Icon> = { task: IconCheck, call: IconPhone, email: IconMail, visit: IconTool, time_entry: IconClock };
/* What comments and activities tell themselves. */
const said = /^(case_comment|case_activity)\./;

function Comment({ row }: { row: Row }) {
  const author = textOf(row, 'author');
  const internal = row.internal === true;
  return (
    <div className={css.comment} data-internal={internal || undefined}>
      <p className={css.head}>
        <b><Actor actor={author} /></b>
        {internal && <span className={css.badge}><IconLock size={12} aria-hidden />{t('case.internal_badge')}</span>}
        <span className="muted"><When at={textOf(row, 'created_at')} /></span>
      </p>
      <p className={css.text}>{textOf(row, 'body')}</p>
    </div>
  );
}

function Activity({ row }: { row: Row }) {
  const spent = Number(row.minutes ?? 0);
  const billable = Number(row.billable_minutes ?? 0);
  return (
    <div className={css.note}>
      <p className={css.head}>
        <span><b>{humanize(textOf(row, 'kind'))}</b> · {textOf(row, 'subject')}</span>
        {spent > 0 && <span className="num">{minutes(spent)}{billable > 0 && billable !== spent ? ` (${minutes(billable)} ${lower(t('case.billable'))})` : ''}</span>}
        <span className="muted">{textOf(rowOf(row, 'user'), 'name')} <When at={textOf(row, 'created_at')} /></span>
      </p>
      {row.body !== null && <p className={css.text}>{textOf(row, 'body')}</p>}
    </div>
  );
}

function Event({ row }: { row: Row }) {
  const type = useType('case');
  return (
    <div className={css.note}>
      <p className={css.head}>
        <span><b>{eventText(row)}</b> <span className="muted"><Actor actor={textOf(row, 'actor')} /></span></span>
        <span className="muted"><When at={textOf(row, 'created_at')} /></span>
      </p>
      {row.reason !== null && <p className={css.reason}>{textOf(row, 'reason')}</p>}
      {textOf(row, 'type') !== 'case.opened' && <Changes type={type} event={row} />}
    </div>
  );
}

/* What happened to a clock, with how its target comes about. */
function Clock({ row }: { row: Row }) {
  const actor = textOf(row, 'actor');
  return (
    <div className={css.note}>
      <p className={css.head}>
        <span>{textOf(row, 'name')}: <b>{textOf(row, 'text')}</b> <span className="muted">{actor && <Actor actor={actor} />}</span></span>
        <span className="muted"><When at={textOf(row, 'created_at')} /></span>
      </p>
      {row.reason !== null && <p className={css.reason}>{textOf(row, 'reason')}</p>}
      {row.sum !== null && <p className={css.sum}>{textOf(row, 'sum')}</p>}
    </div>
  );
}

function clockRows(lives: ToldLife[]): Row[] {
  return lives.flatMap((life) => life.timeline.map((step, i) => ({
    object: 'step', id: `${life.id}.${i}`, created_at: step.at, name: life.name, text: stepText(step), sum: step.sum?.text ?? null, actor: step.actor, reason: step.reason,
  })));
}

function Sign({ row }: { row: Row }) {
  if (row.object === 'case_comment') return <span className={css.face} aria-hidden>{initials(textOf(row, 'author').startsWith('usr_') ? '' : textOf(row, 'author')) || <IconMessage size={14} />}</span>;
  const Shown = row.object === 'step' ? IconClock : row.object === 'case_activity' ? (activityIcons[textOf(row, 'kind')] ?? IconCalendar) : IconHistory;
  return <span className={css.dot} aria-hidden><Shown size={14} /></span>;
}

const rowsOf = (asked: Ask<Page>): Row[] => (isLost(asked) ? [] : asked.data?.data ?? []);

export function Timeline({ id, canSeeAll = true }: { id: string; canSeeAll?: boolean }) {
  const may = useMay();
  const [only, setOnly] = useState('all');
  const newest = { sort: '-created_at', limit: '100' };
  const comments = usePage('case_comments', { case_id: id, ...newest }, may('case_comment.read'));
  const activities = usePage('case_activities', { case_id: id, expand: 'user', ...newest }, canSeeAll && may('case_activity.read'));
  const events = usePage('events', { subject_id: id, ...newest }, canSeeAll && may('event.read'));
  const lives = useLives(id, canSeeAll && may('milestone.read'));
  const parts: Pick<UseQueryResult, 'data' | 'error' | 'refetch' | 'isLoading'>[] = [comments, activities, events, lives];
  const rows = [
    ...rowsOf(comments),
    ...rowsOf(activities),
    ...(only === 'all' ? rowsOf(events).filter((event) => !said.test(textOf(event, 'type'))) : []),
    ...(only === 'all' ? clockRows(lives.data ?? []) : []),
  ];
  const waits = parts.some((part) => part.isLoading);
  const items: Item[] = rows.map((row) => ({ at: textOf(row, 'created_at'), row })).sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section aria-label={t('case.timeline')}>
      <div className={css.bar}>
        <h2>{t('case.timeline')}</h2>
        {canSeeAll && (
          <SegmentedControl size="xs" aria-label={t('list.filter')} value={only} onChange={setOnly}
            data={[{ value: 'all', label: t('case.filter_all') }, { value: 'talk', label: t('case.filter_talk') }]} />
        )}
      </div>
      {waits ? <Bars /> : <Missed of={parts} />}
      {!waits && !parts.some(isLost) && items.length === 0 && <p className="muted">{t('case.empty')}</p>}
      <ol className={css.line}>
        {!waits && items.map(({ row }) => (
          <li key={row.id} data-kind={row.object}>
            <Sign row={row} />
            {row.object === 'case_comment' ? <Comment row={row} /> : row.object === 'case_activity' ? <Activity row={row} /> : row.object === 'step' ? <Clock row={row} /> : <Event row={row} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
