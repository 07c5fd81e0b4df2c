/* What happens on the way: warnings before the target, escalations behind it, and on occasions. */
import { ActionIcon, Button, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMeta } from '@/api/meta';
import { IconChevronDown, IconChevronRight, IconPlus, IconTrash } from '@/parts/icons';
import { NumberField } from '@/parts/NumberField';
import { Picker } from '@/parts/Picker';
import { d } from '@/text/designers';
import { humanize, lower } from '@/text/words';
import { actionInShort } from './differences';
import { DurationField } from './DurationField';
import { Expression } from './Expression';
import css from './Ladder.module.css';
import { type Action, ladderOf, priorities, short } from './rules';

type When = 'before' | 'at' | 'after' | 'share' | 'on';
const whens: When[] = ['before', 'at', 'after', 'share', 'on'];
const occasions = ['started', 'paused', 'resumed', 'completed', 'met', 'met_late', 'cancelled', 'reopened'] as const;
const deeds = ['email', 'webhook', 'set', 'assign', 'task', 'open_case'] as const;
const receivers = ['assignee', 'team', 'contact', 'account'];

function whenOf(action: Action): When {
  if (action.on) return 'on';
  const at = action.at ?? '';
  return at.endsWith('%') ? 'share' : at.startsWith('-') ? 'before' : at === 'PT0S' ? 'at' : 'after';
}

export function whenText(action: Action): string {
  const when = whenOf(action);
  if (when === 'on') return d('pol.on', { what: lower(humanize(action.on!)) });
  if (when === 'share') return d('pol.at_share', { share: action.at! });
  if (when === 'at') return d('pol.at_target');
  return d(when === 'before' ? 'pol.before_target' : 'pol.after_target', { time: short(action.at!.replace(/^-/, '')) });
}

const firstAt: Record<When, Partial<Action>> = { before: { at: '-PT30M' }, at: { at: 'PT0S' }, after: { at: 'PT1H' }, share: { at: '75%' }, on: { on: 'completed' } };

function TimeFields({ action, set }: { action: Action; set: (change: Partial<Action>) => void }) {
  const when = whenOf(action);
  return (
    <div className={css.two}>
      <Select label={d('pol.when')} allowDeselect={false} value={when} data={whens.map((one) => ({ value: one, label: d(`pol.when_${one}`) }))}
        onChange={(value) => set({ at: null, on: null, ...firstAt[value as When] })} />
      {(when === 'before' || when === 'after') && <DurationField label={d('pol.how_long')} value={action.at?.replace(/^-/, '')} onChange={(iso) => { if (iso) set({ at: when === 'before' ? `-${iso}` : iso }); }} />}
      {when === 'share' && <NumberField label={d('pol.share')} min={1} max={1000} value={Number.parseInt(action.at ?? '75', 10)} onChange={(share) => set({ at: `${share ?? 75}%` })} />}
      {when === 'on' && <Select label={d('pol.occasion')} allowDeselect={false} value={action.on} data={occasions.map((one) => ({ value: one, label: humanize(one) }))} onChange={(value) => set({ on: value as Action['on'] })} />}
    </div>
  );
}

function DeedFields({ action, set }: { action: Action; set: (change: Partial<Action>) => void }) {
  const cases = useMeta().type('case');
  const subject = <TextInput label={d('pol.subject')} value={action.subject ?? ''} onChange={(event) => set({ subject: event.currentTarget.value || null })} />;
  const text = <Textarea label={d('pol.body')} autosize minRows={2} value={action.body ?? ''} onChange={(event) => set({ body: event.currentTarget.value || null })} />;
  const assignee = <Picker type="user" label={d('pol.assignee')} value={action.assignee_id ?? null} onChange={(id) => set({ assignee_id: id })} />;
  const team = <Picker type="team" label={d('pol.team')} value={action.team_id ?? null} onChange={(id) => set({ team_id: id })} />;
  const field = cases?.fields.find((one) => one.name === action.field);
  const settable = (cases?.fields ?? []).filter((one) => ['optional', 'required'].includes(one.rule) && ['enum', 'text', 'bool', 'int', 'count'].includes(one.kind));
  switch (action.do) {
    case 'email': return <>
      <TagsInput label={d('pol.to')} data={receivers} value={Array.isArray(action.to) ? action.to : action.to ? [action.to] : []} onChange={(to) => set({ to })} />{subject}{text}</>;
    case 'webhook': return <Picker type="webhook_endpoint" label={d('pol.endpoint')} value={action.endpoint_id ?? null} onChange={(id) => set({ endpoint_id: id })} />;
    case 'set': return (
      <div className={css.two}>
        <Select label={d('pol.field')} searchable allowDeselect={false} value={action.field ?? null} data={settable.map((one) => ({ value: one.name, label: one.label }))} onChange={(value) => set({ field: value, value: null })} />
        {field?.kind === 'enum'
          ? <Select label={d('pol.value')} value={typeof action.value === 'string' ? action.value : null} data={field.values.map((one) => ({ value: one, label: humanize(one) }))} onChange={(value) => set({ value })} />
          : <TextInput label={d('pol.value')} value={action.value == null ? '' : String(action.value)} onChange={(event) => set({ value: event.currentTarget.value || null })} />}
      </div>
    );
    case 'assign': return <div className={css.two}>{team}{assignee}</div>;
    case 'task': return <>{subject}{text}<div className={css.two}><DurationField label={d('pol.due_in')} value={action.due_in} onChange={(iso) => set({ due_in: iso })} />{assignee}</div></>;
    case 'open_case': return <>{subject}{text}<div className={css.two}>
      <Select label={d('pol.priority')} clearable value={action.priority ?? null} data={priorities.map((one) => ({ value: one, label: humanize(one) }))} onChange={(value) => set({ priority: value as Action['priority'] })} />{team}{assignee}</div></>;
  }
}

function Step({ action, opened, readOnly, error, onToggle, onChange, onRemove }: {
  action: Action;
  opened: boolean;
  readOnly: boolean;
  error: string;
  onToggle: () => void;
  onChange: (action: Action) => void;
  onRemove: () => void;
}) {
  const set = (change: Partial<Action>) => onChange({ ...action, ...change });
  const what = actionInShort({ ...action, condition: null }).replace(/^[^:]*: /, '');
  return (
    <li data-when={whenOf(action)}>
      <div className={css.head}>
        <button type="button" aria-expanded={opened} onClick={onToggle}>
          {opened ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
          <b>{whenText(action)}</b><span>{humanize(what)}</span>
        </button>
        {!readOnly && <ActionIcon aria-label={d('pol.remove_action', { name: whenText(action) })} onClick={onRemove}><IconTrash size={14} /></ActionIcon>}
      </div>
      {action.condition && !opened && <code className={css.condition}>{action.condition}</code>}
      {error && <p className={css.error}>{error}</p>}
      {opened && (
        <fieldset className={css.fields} disabled={readOnly}>
          <TimeFields action={action} set={set} />
          <Select label={d('pol.do')} allowDeselect={false} value={action.do} data={deeds.map((one) => ({ value: one, label: d(`pol.do_${one}`) }))}
            onChange={(value) => onChange({ at: action.at, on: action.on, condition: action.condition, name: action.name, do: value as Action['do'] })} />
          <DeedFields action={action} set={set} />
          <Expression label={d('pol.condition')} value={action.condition} readOnly={readOnly} onChange={(condition) => set({ condition })} />
        </fieldset>
      )}
    </li>
  );
}

export function Ladder({ actions, onChange, readOnly, errorAt }: { actions: Action[]; onChange: (actions: Action[]) => void; readOnly: boolean; errorAt: (at: number) => string }) {
  const [opened, setOpened] = useState<number | null>(null);
  const put = (at: number, action: Action) => onChange(actions.map((one, i) => (i === at ? action : one)));
  return (
    <>
      {actions.length === 0 && <p className={css.none}>{d('pol.no_actions')}</p>}
      <ol className={css.ladder}>
        {ladderOf(actions).map(({ action, at }) => (
          <Step key={at} action={action} opened={opened === at} readOnly={readOnly} error={errorAt(at)} onToggle={() => setOpened(opened === at ? null : at)}
            onChange={(next) => put(at, next)} onRemove={() => { setOpened(null); onChange(actions.filter((_, i) => i !== at)); }} />
        ))}
      </ol>
      {!readOnly && (
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={() => { setOpened(actions.length); onChange([...actions, { at: '-PT30M', do: 'task', subject: d('pol.first_subject') }]); }}>{d('pol.add_action')}</Button>
      )}
    </>
  );
}
