/* The rules of a version as a table, and what holds for all of them. */
import { Button, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useRow, textOf } from '@/api/records';
import { IconBolt, IconPlus } from '@/parts/icons';
import { Picker } from '@/parts/Picker';
import { Section } from '@/parts/Page';
import { Empty } from '@/parts/States';
import { d, dn } from '@/text/designers';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import type { Version } from './differences';
import { Expression } from './Expression';
import { kindText, RuleDrawer } from './RuleDrawer';
import { targetsInShort, type Rule } from './rules';
import css from './Rules.module.css';

export type Errors = Record<string, string>; /* by pointer: "rules/0/criteria" */

function within(errors: Errors, prefix: string): Errors {
  return Object.fromEntries(Object.entries(errors).filter(([pointer]) => pointer.startsWith(prefix)).map(([pointer, text]) => [pointer.slice(prefix.length), text]));
}

function Targets({ rule }: { rule: Rule }) {
  const [first, ...rest] = targetsInShort(rule);
  return <span className={css.targets}>{first && <b>{first}</b>}{rest.map((text) => <span key={text}>{text}</span>)}</span>;
}

function CalendarName({ id }: { id: string }) {
  const { data } = useRow('calendars', id);
  return <>{textOf(data, 'name')}</>;
}

function Line({ rule, errors, onOpen }: { rule: Rule; errors: number; onOpen: () => void }) {
  const start = rule.start === 'criteria' ? d('pol.start_criteria') : rule.start === 'field' ? humanize(rule.start_field ?? '') : '';
  const actions = rule.actions?.length ?? 0;
  return (
    <tr onClick={onOpen}>
      <td>
        <button type="button" className={css.name} onClick={(event) => { event.stopPropagation(); onOpen(); }}>{rule.name || d('pol.new_rule')}</button>
        <span className={css.kind}>{[kindText(rule), start, rule.recurrence && rule.recurrence !== 'none' ? humanize(rule.recurrence) : ''].filter(Boolean).join(' · ')}</span>
        {errors > 0 && <span className={css.bad}>{dn('pol.faults', errors)}</span>}
      </td>
      <td><Targets rule={rule} /></td>
      <td>{d(`pol.unit_${rule.unit ?? 'business'}`)}{rule.calendar_id && <span className={css.kind}><CalendarName id={rule.calendar_id} /></span>}</td>
      <td>{rule.criteria ? <code>{rule.criteria}</code> : <span className="muted">{d('pol.every_case')}</span>}</td>
      <td data-number>{rule.warn_percent ?? 75} %</td>
      <td>{actions > 0 ? <span className={css.actions}><IconBolt size={13} aria-hidden />{actions}</span> : <span className="muted">–</span>}</td>
    </tr>
  );
}

/* As facts, where nothing can be changed. */
function Facts({ version }: { version: Version }) {
  const none = <span className="muted">{t('record.none')}</span>;
  return (
    <dl className={css.facts}>
      <div><dt>{d('pol.m_calendar_id')}</dt><dd>{version.calendar_id ? <Link className="link" to={`/calendars/${version.calendar_id}`}><CalendarName id={version.calendar_id} /></Link> : d('pol.calendar_chain')}</dd></div>
      <div><dt>{d('pol.m_pause_statuses')}</dt><dd>{version.pause_statuses?.map(humanize).join(', ') || none}</dd></div>
      <div><dt>{d('pol.m_pause_criteria')}</dt><dd>{version.pause_criteria ? <code>{version.pause_criteria}</code> : none}</dd></div>
      <div><dt>{d('pol.m_exit_criteria')}</dt><dd>{version.exit_criteria ? <code>{version.exit_criteria}</code> : <span className="muted">{d('pol.exit_closed')}</span>}</dd></div>
    </dl>
  );
}

function Settings({ version, readOnly, errors, onChange }: { version: Version; readOnly: boolean; errors: Errors; onChange: (change: Partial<Version>) => void }) {
  if (readOnly) return <Section title={d('pol.for_all')}><Facts version={version} /></Section>;
  return (
    <Section title={d('pol.for_all')}>
      <div className={css.settings}>
        <Picker type="calendar" label={d('pol.m_calendar_id')} disabled={readOnly} placeholder={d('pol.calendar_chain')} description={d('pol.chain_hint')} value={version.calendar_id ?? null} error={errors.calendar_id} onChange={(id) => onChange({ calendar_id: id })} />
        <TagsInput label={d('pol.m_pause_statuses')} readOnly={readOnly} error={errors.pause_statuses} value={version.pause_statuses ?? []} onChange={(words) => onChange({ pause_statuses: words.map((word) => word.replaceAll(' ', '_')) })} />
        <Expression label={d('pol.m_pause_criteria')} hint={d('pol.pause_criteria_hint')} readOnly={readOnly} value={version.pause_criteria} error={errors.pause_criteria} onChange={(value) => onChange({ pause_criteria: value })} />
        <Expression label={d('pol.m_exit_criteria')} hint={d('pol.exit_criteria_hint')} readOnly={readOnly} value={version.exit_criteria} error={errors.exit_criteria} onChange={(value) => onChange({ exit_criteria: value })} />
      </div>
    </Section>
  );
}

export function Rules({ version, readOnly, errors, onChange }: { version: Version; readOnly: boolean; errors: Errors; onChange: (version: Version) => void }) {
  const [opened, setOpened] = useState<number | null>(null);
  const rule = opened === null ? undefined : version.rules[opened];
  const put = (rules: Rule[]) => onChange({ ...version, rules });
  const add = () => { put([...version.rules, { name: '', kind: 'custom', target: 'PT8H' }]); setOpened(version.rules.length); };
  return (
    <div className={css.body}>
      <Section title={d('pol.rules')} beside={!readOnly && <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>{d('pol.add_rule')}</Button>}>
        {version.rules.length === 0 ? <Empty icon={IconBolt} title={d('pol.no_rules')} hint={d('pol.no_rules_hint')} /> : (
          <div className={css.scroll} tabIndex={0} role="group" aria-label={d('pol.rules')}>
            <table className={css.table}>
              <thead><tr>{(['rule', 'targets', 'unit', 'criteria', 'warn', 'actions'] as const).map((name) => <th key={name} scope="col" data-number={name === 'warn' || undefined}>{d(`pol.c_${name}`)}</th>)}</tr></thead>
              <tbody>{version.rules.map((one, i) => <Line key={i} rule={one} errors={Object.keys(within(errors, `rules/${i}/`)).length} onOpen={() => setOpened(i)} />)}</tbody>
            </table>
          </div>
        )}
      </Section>
      <aside><Settings version={version} readOnly={readOnly} errors={errors} onChange={(change) => onChange({ ...version, ...change })} /></aside>
      {rule && (
        <RuleDrawer rule={rule} readOnly={readOnly} errors={within(errors, `rules/${opened}/`)} onClose={() => setOpened(null)}
          onChange={(next) => put(version.rules.map((one, i) => (i === opened ? next : one)))}
          onRemove={() => { setOpened(null); put(version.rules.filter((_, i) => i !== opened)); }} />
      )}
    </div>
  );
}
