/* The open cases that wait for somebody: what is due next first, then by priority and age. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useMeta } from '@/api/meta';
import { type Params, type Row, rowOf, textOf, updateRow, usePage, useRow, useTotal } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { useKeys } from '@/parts/keys';
import { Missed, Unknown } from '@/parts/Missed';
import { Page } from '@/parts/Page';
import { type Ask, Asked, Bars, Empty, isLost } from '@/parts/States';
import { Status } from '@/parts/Status';
import { tell, tellProblem } from '@/parts/toast';
import { span } from '@/text/format';
import { number, type TextKey, t } from '@/text/t';
import { ClockStatus, live, useNow } from './Clocks';
import css from './Queue.module.css';
import { byUrgency } from './urgency';

interface Tab {
  key: string;
  text: TextKey;
  params: Params;
}

function useTabs(): { tabs: Tab[]; me: Ask } {
  const session = useSession();
  const me = useRow('users', session.who === 'user' ? session.id : null);
  const teams = Array.isArray(me.data?.teams) ? (me.data.teams as string[]) : [];
  const tabs: Tab[] = [
    { key: 'mine', text: 'queue.mine', params: { assignee_id: session.id } },
    ...(teams.length > 0 ? [{ key: 'team', text: 'queue.team' as TextKey, params: { 'team_id[in]': teams.join(',') } }] : []),
    { key: 'unassigned', text: 'queue.unassigned', params: { 'assignee_id[null]': 'true' } },
    { key: 'uncovered', text: 'queue.uncovered', params: { coverage: 'uncovered' } },
    { key: 'all', text: 'queue.all', params: {} },
  ];
  return { tabs, me };
}

function Count({ params }: { params: Params }) {
  const total = useTotal('cases', { state: 'open', ...params });
  return <span className={css.count}>{isLost(total) ? <Unknown /> : total.data === undefined ? '' : number(total.data)}</span>;
}

/* The next clock of each case, where the server has clocks. */
function useNext(): { next: Map<string, Row>; clocks: Ask } {
  const type = useMeta().type('milestone');
  const may = useMay();
  const clocks = usePage('milestones', { 'state[in]': 'running,violated', sort: 'target_at', limit: '200' }, type?.plural != null && may(type.permissions.read));
  const next = new Map<string, Row>();
  for (const row of clocks.data?.data ?? []) {
    const id = textOf(row, 'case_id');
    if (row.target_at && !next.has(id)) next.set(id, row);
  }
  return { next, clocks };
}

export default function Queue() {
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const [address, setAddress] = useSearchParams();
  const { tabs, me } = useTabs();
  const tab = tabs.find((one) => one.key === address.get('tab')) ?? tabs[0]!;
  const list = usePage('cases', { state: 'open', ...tab.params, limit: '200', expand: 'account,assignee', sort: 'created_at' });
  const { next, clocks } = useNext();
  const now = useNow([...next.values()].some((row) => live.has(textOf(row, 'state'))));
  const [at, setAt] = useState(0);
  const rows = byUrgency(list.data?.data ?? [], next);
  const move = (step: number) => setAt(Math.max(0, Math.min(rows.length - 1, at + step)));
  useKeys({ j: () => move(1), k: () => move(-1), arrowdown: () => move(1), arrowup: () => move(-1), enter: () => rows[at] && void navigate(`/cases/${rows[at].id}`), o: () => rows[at] && void navigate(`/cases/${rows[at].id}`) });
  const take = (row: Row) => {
    updateRow(`cases/${row.id}`, { assignee_id: session.id }, row.version).then(
      (after) => tell(t('case.assign_me'), { undo: () => updateRow(`cases/${row.id}`, { assignee_id: row.assignee_id }, after.version) }), tellProblem);
  };
  return (
    <Page title={t('queue.title')} beside={<span className={css.order}>{t('queue.order')}</span>}>
      <div className={css.tabs} role="group" aria-label={t('list.views')}>
        {tabs.map((one) => (
          <button key={one.key} type="button" aria-pressed={one === tab} onClick={() => { setAt(0); setAddress({ tab: one.key }, { replace: true }); }}>
            {t(one.text)}<Count params={one.params} />
          </button>
        ))}
      </div>
      <Missed of={[me]} what={t('queue.team')} />
      <Missed of={[clocks]} what={t('sla.title')} />
      <Asked of={list} wait={<Bars count={10} />}>
        {() => (rows.length === 0 ? (
          <Empty title={t('queue.empty')} hint={t('queue.empty_hint')}>
            {tab.key !== 'all' && <Button variant="default" onClick={() => setAddress({ tab: 'all' }, { replace: true })}>{t('queue.all')}</Button>}
            {may('coverage.check') && <Button component={Link} to="/coverage" variant="default">{t('nav.coverage')}</Button>}
          </Empty>
        ) : (
          <ul className={css.rows}>
            {rows.map((row, i) => {
              const clock = next.get(row.id);
              return (
                <li key={row.id} data-at={i === at || undefined} onMouseEnter={() => setAt(i)}>
                  <Link className={css.row} to={`/cases/${row.id}`}>
                    <span className={css.priority}><Status word={textOf(row, 'priority')} /></span>
                    <span className={css.number}>{textOf(row, 'number')}</span>
                    <span className={css.title}>{textOf(row, 'title')}</span>
                    <span className={css.account}>{textOf(rowOf(row, 'account'), 'name')}</span>
                    <span className={css.coverage}><Status word={textOf(row, 'coverage')} /></span>
                    <span className={css.who}>{textOf(rowOf(row, 'assignee'), 'name') || t('case.unassigned')}</span>
                    <span className={css.age}>
                      {clock ? <ClockStatus row={clock} now={now} /> : <span title={t('queue.age')}>{span((Date.now() - Date.parse(textOf(row, 'created_at'))) / 1000)}</span>}
                    </span>
                  </Link>
                  {row.assignee_id === null && may('case.update') && <Button className={css.take} size="xs" variant="default" onClick={() => take(row)}>{t('queue.take')}</Button>}
                </li>
              );
            })}
          </ul>
        ))}
      </Asked>
    </Page>
  );
}
