/* What is changed most, changed in place; each change can be undone. */
import { Button, Select } from '@mantine/core';
import { fieldNamed, type MetaType } from '@/api/meta';
import { Problem } from '@/api/problem';
import { type Json, type Row, textOf, updateRow } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { Picker } from '@/parts/Picker';
import { tell, tellProblem } from '@/parts/toast';
import { Value } from '@/parts/Value';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Properties.module.css';

const order = ['low', 'normal', 'high', 'critical'];

function useChange(type: MetaType, row: Row): (name: string, value: Json) => void {
  const path = `${type.plural}/${row.id}`;
  return (name, value) => {
    const before = row[name] ?? null;
    updateRow(path, { [name]: value }, row.version).then(
      (after) => tell(t('case.changed', { field: fieldNamed(type, name)?.label ?? name }), { undo: () => updateRow(path, { [name]: before }, after.version) }),
      (error: unknown) => tellProblem(error instanceof Problem && error.code === 'precondition_failed' ? new Error(t('merge.title')) : error),
    );
  };
}

export function Properties({ type, row }: { type: MetaType; row: Row }) {
  const may = useMay();
  const session = useSession();
  const change = useChange(type, row);
  const canEdit = may(type.permissions.update) && row.state === 'open';
  const field = (name: string) => fieldNamed(type, name)!;
  if (!canEdit) {
    return (
      <dl className={css.plain}>
        {['priority', 'assignee_id', 'team_id', 'channel', 'status'].map((name) => (
          <div key={name}><dt>{field(name).label}</dt><dd><Value field={field(name)} row={row} /></dd></div>
        ))}
      </dl>
    );
  }
  const priorities = [...field('priority').values].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return (
    <div className={css.inputs}>
      <Select label={field('priority').label} allowDeselect={false} value={textOf(row, 'priority')} onChange={(value) => value && value !== row.priority && change('priority', value)}
        data={priorities.map((value) => ({ value, label: humanize(value) }))} />
      <Picker type="user" label={field('assignee_id').label} value={row.assignee_id as string | null} placeholder={t('case.unassigned')} onChange={(id) => change('assignee_id', id)} />
      <Picker type="team" label={field('team_id').label} value={row.team_id as string | null} onChange={(id) => change('team_id', id)} />
      {row.assignee_id !== session.id && (
        <Button size="xs" variant="subtle" className={css.me} onClick={() => change('assignee_id', session.id)}>{t('case.assign_me')}</Button>
      )}
    </div>
  );
}
