/* One rule of a version, beside the list of all: what is due by when, for which cases, and what then. */
import { Button, Drawer, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMeta } from '@/api/meta';
import { IconTrash } from '@/parts/icons';
import { NumberField } from '@/parts/NumberField';
import { Picker } from '@/parts/Picker';
import { d } from '@/text/designers';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import { Expression } from './Expression';
import { Ladder } from './Ladder';
import css from './RuleDrawer.module.css';
import type { Rule } from './rules';
import { TargetGrid } from './TargetGrid';

const kinds = ['first_response', 'next_response', 'resolution', 'custom'] as const;
const units = ['business', 'calendar', 'business_days'] as const;
const modes = ['keep_clock_time', 'into_hours', 'end_of_day'] as const;
const starts = ['case_opened', 'criteria', 'field'] as const;
const recurrences = ['none', 'independent', 'sequential'] as const;
const reopens = ['continue', 'restart', 'new', 'keep'] as const;

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className={css.part}>
      <h3>{title}</h3>
      {hint && <p className={css.hint}>{hint}</p>}
      {children}
    </section>
  );
}

/* A choice among words, each with what it means. */
function Choice<W extends string>({ label, words, name, value, first, readOnly, error, onChange }: {
  label: string;
  words: readonly W[];
  name: string;
  value: W | null | undefined;
  first: W;
  readOnly: boolean;
  error?: string;
  onChange: (value: W) => void;
}) {
  return (
    <Select label={label} readOnly={readOnly} allowDeselect={false} error={error} value={value ?? first}
      data={words.map((word) => ({ value: word, label: d(`pol.${name}_${word}` as 'pol.kind_custom') }))} onChange={(word) => onChange(word as W)} />
  );
}

export function RuleDrawer({ rule, readOnly, errors, onChange, onRemove, onClose }: {
  rule: Rule;
  readOnly: boolean;
  errors: Record<string, string>; /* by pointer within the rule: "criteria", "targets/0/target" */
  onChange: (rule: Rule) => void;
  onRemove: () => void;
  onClose: () => void;
}) {
  const instants = (useMeta().type('case')?.fields ?? []).filter((field) => field.kind === 'instant');
  const set = (change: Partial<Rule>) => onChange({ ...rule, ...change });
  const at = (name: string) => Object.entries(errors).filter(([pointer]) => pointer === name || pointer.startsWith(`${name}/`)).map(([, text]) => text).join('; ') || undefined;
  const expression = (name: 'criteria' | 'completion_criteria' | 'pause_criteria') => (
    <Expression label={d(`pol.m_${name}`)} hint={d(`pol.${name}_hint`)} value={rule[name]} error={at(name)} readOnly={readOnly} onChange={(value) => set({ [name]: value })} />
  );
  const common = { readOnly };
  return (
    <Drawer opened onClose={onClose} position="right" size={640} padding={24} title={rule.name || d('pol.new_rule')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className={css.parts}>
        <Part title={d('pol.part_what')}>
          <TextInput label={d('pol.m_name')} required readOnly={readOnly} maxLength={120} value={rule.name} error={at('name')} data-autofocus onChange={(event) => set({ name: event.currentTarget.value })} />
          <div className={css.two}>
            <Choice {...common} label={d('pol.m_kind')} words={kinds} name="kind" first="custom" value={rule.kind} error={at('kind')} onChange={(kind) => set({ kind })} />
            <Choice {...common} label={d('pol.m_start')} words={starts} name="start" first="case_opened" value={rule.start} error={at('start')} onChange={(start) => set({ start, ...(start === 'field' ? {} : { start_field: null }) })} />
            {rule.start === 'field' && <Select label={d('pol.m_start_field')} readOnly={readOnly} error={at('start_field')} value={rule.start_field ?? null} data={instants.map((field) => ({ value: field.name, label: field.label }))} onChange={(value) => set({ start_field: value })} />}
            <Choice {...common} label={d('pol.m_recurrence')} words={recurrences} name="recurrence" first="none" value={rule.recurrence} error={at('recurrence')} onChange={(recurrence) => set({ recurrence })} />
          </div>
        </Part>
        <Part title={d('pol.part_time')} hint={d('pol.matrix_hint')}>
          <TargetGrid rule={rule} readOnly={readOnly} onChange={set} />
          {(at('target') ?? at('targets')) && <p className={css.error}>{at('target') ?? at('targets')}</p>}
          <div className={css.two}>
            <Choice {...common} label={d('pol.m_unit')} words={units} name="unit" first="business" value={rule.unit} error={at('unit')} onChange={(unit) => set({ unit, ...(unit === 'business_days' ? {} : { day_mode: null }) })} />
            {rule.unit === 'business_days' && <Choice {...common} label={d('pol.m_day_mode')} words={modes} name="mode" first="keep_clock_time" value={rule.day_mode} error={at('day_mode')} onChange={(day_mode) => set({ day_mode })} />}
            <Picker type="calendar" label={d('pol.m_calendar_id')} disabled={readOnly} placeholder={d('pol.calendar_chain')} value={rule.calendar_id ?? null} error={at('calendar_id')} onChange={(id) => set({ calendar_id: id })} />
          </div>
        </Part>
        <Part title={d('pol.part_when')}>{expression('criteria')}{expression('completion_criteria')}</Part>
        <Part title={d('pol.part_pauses')}>
          <Switch label={d('pol.m_pausable')} disabled={readOnly} checked={rule.pausable ?? true} onChange={(event) => set({ pausable: event.currentTarget.checked ? null : false })} />
          {rule.pausable !== false && <>
            <TagsInput label={d('pol.m_pause_statuses')} description={d('pol.pause_statuses_hint')} inputWrapperOrder={['label', 'input', 'description', 'error']} readOnly={readOnly} error={at('pause_statuses')}
              value={rule.pause_statuses ?? []} onChange={(words) => set({ pause_statuses: words.map((word) => word.replaceAll(' ', '_')) })} />
            {expression('pause_criteria')}
          </>}
          <Choice {...common} label={d('pol.m_reopen')} words={reopens} name="reopen" first="continue" value={rule.reopen} error={at('reopen')} onChange={(reopen) => set({ reopen })} />
        </Part>
        <Part title={d('pol.part_actions')}>
          <NumberField className={css.warn} label={d('pol.m_warn_percent')} readOnly={readOnly} min={1} max={100} value={rule.warn_percent ?? 75} error={at('warn_percent')} onChange={(warn_percent) => set({ warn_percent })} />
          <Ladder actions={rule.actions ?? []} readOnly={readOnly} onChange={(actions) => set({ actions })} errorAt={(i) => at(`actions/${i}`) ?? ''} />
        </Part>
      </div>
      <div className={css.buttons}>
        {!readOnly && <Button variant="subtle" color="red" leftSection={<IconTrash size={14} />} onClick={onRemove}>{d('pol.remove_rule')}</Button>}
        <Button onClick={onClose}>{d('week.done')}</Button>
      </div>
    </Drawer>
  );
}

export function kindText(rule: Rule): string {
  return humanize(rule.kind ?? 'custom');
}
