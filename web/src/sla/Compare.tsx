/* Two versions side by side: what was added, removed, changed. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { type Row, textOf, useRow } from '@/api/records';
import { IconCircleCheck, IconMinus, IconPencil, IconPlus } from '@/parts/icons';
import { Empty } from '@/parts/States';
import { Status } from '@/parts/Status';
import { d } from '@/text/designers';
import { humanize } from '@/text/words';
import css from './Compare.module.css';
import { type Difference, differencesOf, type Version } from './differences';
import { versionOf } from './draft';

const marks = { added: ['ok', IconPlus], removed: ['bad', IconMinus], changed: ['accent', IconPencil] } as const;

function CalendarName({ id }: { id: string }) {
  const { data } = useRow('calendars', id);
  return <>{textOf(data, 'name') || id}</>;
}

function Side({ text, member }: { text: string; member: string }) {
  if (text === '') return <span className="muted">–</span>;
  if (member === 'calendar_id') return <CalendarName id={text} />;
  const isCode = member.endsWith('criteria') || member === 'actions';
  return <>{text.split('\n').map((line, i) => (isCode ? <code key={i}>{line}</code> : <span key={i}>{['targets', 'rule', 'pause_statuses'].includes(member) ? line : humanize(line)}</span>))}</>;
}

function Line({ one, first }: { one: Difference; first: boolean }) {
  const [tone, icon] = marks[one.kind];
  return (
    <tr data-kind={one.kind} data-first={first || undefined}>
      <th scope="row"><b className={first ? undefined : 'visually-hidden'}>{one.rule || d('pol.for_all')}</b></th>
      <td>{one.member === 'rule' ? d('cmp.whole') : d(`pol.m_${one.member}` as 'pol.m_kind')}</td>
      <td><Status word={one.kind} tone={tone} icon={icon} label={d(`cmp.${one.kind}`)} /></td>
      <td className={css.side}><Side text={one.before} member={one.member} /></td>
      <td className={css.side}><Side text={one.after} member={one.member} /></td>
    </tr>
  );
}

export function Compare({ versions, current, draft }: { versions: Row[]; current: Row; draft: Version }) {
  const before = versions.find((one) => Number(one.number) < Number(current.number)) ?? versions.find((one) => one.id !== current.id);
  const [left, setLeft] = useState(before?.id ?? '');
  const other = versions.find((one) => one.id === left);
  if (versions.length < 2 || !other) return <Empty title={d('cmp.one')} hint={d('cmp.one_hint')} />;
  const found = differencesOf(versionOf(other), draft);
  const nameOf = (one: Row) => `${d('pol.version', { number: Number(one.number) })} · ${humanize(textOf(one, 'state'))}`;
  return (
    <>
      <div className={css.choice}>
        <Select label={d('cmp.with')} allowDeselect={false} value={left} onChange={(id) => setLeft(id ?? left)} data={versions.filter((one) => one.id !== current.id).map((one) => ({ value: one.id, label: nameOf(one) }))} />
      </div>
      {found.length === 0 ? <Empty icon={IconCircleCheck} title={d('cmp.same')} /> : (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={d('cmp.table')}>
          <table className={css.table}>
            <thead><tr><th scope="col">{d('cmp.rule')}</th><th scope="col">{d('cmp.member')}</th><th scope="col">{d('cmp.change')}</th><th scope="col">{nameOf(other)}</th><th scope="col">{nameOf(current)}</th></tr></thead>
            <tbody>{found.map((one, i) => <Line key={`${one.rule}/${one.member}`} one={one} first={found[i - 1]?.rule !== one.rule} />)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}
