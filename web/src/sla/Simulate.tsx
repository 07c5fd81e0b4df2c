/* What would happen to a case by these rules: a script of events, the time line that follows, and how
 * every target comes about. The rules are those on the page, saved or not. */
import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { useSession } from '@/api/session';
import { IconAlertTriangle, IconPlus, IconTrash } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { Bars, Empty } from '@/parts/States';
import { Status } from '@/parts/Status';
import { why } from '@/parts/why';
import { d } from '@/text/designers';
import { humanize } from '@/text/words';
import { sentOf } from './draft';
import type { Version } from './differences';
import { priorities } from './rules';
import css from './Simulate.module.css';
import { lifeLabel, StepTable, TimeLine } from './TimeLine';
import { instantOf, type Life } from './timeline';

const deeds = ['support', 'customer', 'status', 'priority', 'resolve', 'reopen', 'cancel'] as const;
type Deed = (typeof deeds)[number];
interface Event {
  at: string;
  deed: Deed;
  value: string;
}
interface Script {
  opened: string;
  priority: string;
  tier: string;
  channel: string;
  events: Event[];
}

/* The wall clock some days and minutes after a Monday. */
function later(monday: string, days: number, time: string): string {
  const date = new Date(Date.parse(`${monday}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return `${date}T${time}`;
}

/* A story to begin with: answered, on hold over night, solved. */
function firstScript(status: string): Script {
  const today = new Date();
  const monday = new Date(today.getTime() + ((8 - today.getUTCDay()) % 7 || 7) * 86_400_000).toISOString().slice(0, 10);
  return {
    opened: later(monday, 0, '09:00'), priority: 'high', tier: '', channel: 'email',
    events: [
      { at: later(monday, 0, '10:30'), deed: 'support', value: '' },
      { at: later(monday, 0, '14:00'), deed: 'status', value: status },
      { at: later(monday, 1, '10:00'), deed: 'status', value: 'in_progress' },
      { at: later(monday, 2, '11:00'), deed: 'customer', value: '' },
      { at: later(monday, 4, '15:00'), deed: 'resolve', value: '' },
    ],
  };
}

function eventOf({ at, deed, value }: Event, zone: string): Record<string, unknown> {
  const when = { at: instantOf(at, zone) };
  switch (deed) {
    case 'support':
    case 'customer': return { ...when, comment: deed };
    case 'status':
    case 'priority': return { ...when, set: { [deed]: value || null } };
    default: return { ...when, [deed]: true };
  }
}

function questionOf(script: Script, version: Version, zone: string): Record<string, unknown> | null {
  if (!script.opened || version.rules.length === 0 || script.events.some((event) => !event.at)) return null;
  const ordered = [...script.events].sort((a, b) => a.at.localeCompare(b.at));
  return {
    version: sentOf(version),
    organisation: { time_zone: zone },
    case: { title: 'Simulated', created_at: instantOf(script.opened, zone), priority: script.priority, ...(script.channel ? { channel: script.channel } : {}) },
    ...(script.tier ? { account: { name: 'Simulated', tier: script.tier } } : {}),
    events: ordered.map((event) => eventOf(event, zone)),
  };
}

function EventRow({ event, number, onChange, onRemove }: { event: Event; number: number; onChange: (event: Event) => void; onRemove: () => void }) {
  const set = (change: Partial<Event>) => onChange({ ...event, ...change });
  return (
    <li>
      <TextInput type="datetime-local" aria-label={d('sim.event_at', { number })} value={event.at} onChange={(one) => set({ at: one.currentTarget.value })} />
      <Select aria-label={d('sim.event_what', { number })} allowDeselect={false} value={event.deed} data={deeds.map((deed) => ({ value: deed, label: d(`sim.deed_${deed}`) }))}
        onChange={(deed) => set({ deed: deed as Deed, value: deed === 'priority' ? 'critical' : deed === 'status' ? 'on_hold' : '' })} />
      <ActionIcon aria-label={d('sim.remove_event', { number })} onClick={onRemove}><IconTrash size={14} /></ActionIcon>
      {event.deed === 'status' && <TextInput className={css.value} aria-label={d('sim.event_value', { number })} value={event.value} onChange={(one) => set({ value: one.currentTarget.value.replaceAll(' ', '_') })} />}
      {event.deed === 'priority' && <Select className={css.value} aria-label={d('sim.event_value', { number })} allowDeselect={false} value={event.value} data={priorities.map((one) => ({ value: one, label: humanize(one) }))} onChange={(value) => set({ value: value ?? '' })} />}
    </li>
  );
}

function ScriptForm({ script, onChange }: { script: Script; onChange: (script: Script) => void }) {
  const { channels } = useSession();
  const set = (change: Partial<Script>) => onChange({ ...script, ...change });
  const last = script.events.at(-1)?.at ?? script.opened;
  return (
    <Section title={d('sim.script')}>
      <div className={css.form}>
        <TextInput type="datetime-local" label={d('sim.opened')} value={script.opened} onChange={(event) => set({ opened: event.currentTarget.value })} />
        <div className={css.two}>
          <Select label={d('pol.priority')} allowDeselect={false} value={script.priority} data={priorities.map((one) => ({ value: one, label: humanize(one) }))} onChange={(priority) => set({ priority: priority ?? 'normal' })} />
          <TextInput label={d('pol.tier')} value={script.tier} onChange={(event) => set({ tier: event.currentTarget.value })} />
        </div>
        <Select label={d('sim.channel')} clearable value={script.channel || null} data={channels.map((one) => ({ value: one, label: humanize(one) }))} onChange={(channel) => set({ channel: channel ?? '' })} />
        <h3>{d('sim.events')}</h3>
        <ol className={css.events}>
          {script.events.map((event, i) => (
            <EventRow key={i} event={event} number={i + 1} onChange={(next) => set({ events: script.events.map((one, j) => (j === i ? next : one)) })} onRemove={() => set({ events: script.events.filter((_, j) => j !== i) })} />
          ))}
        </ol>
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={() => set({ events: [...script.events, { at: last, deed: 'customer', value: '' }] })}>{d('sim.add_event')}</Button>
      </div>
    </Section>
  );
}

export function Simulate({ version }: { version: Version }) {
  const { time_zone } = useSession();
  const zone = time_zone ?? 'UTC';
  const [script, setScript] = useState(() => firstScript(version.pause_statuses?.[0] ?? 'on_hold'));
  const [question] = useDebouncedValue(questionOf(script, version, zone), 200);
  const { data, error } = useQuery({
    queryKey: ['simulate', question],
    queryFn: async () => body(await api.POST('/v1/sla/simulate', { body: question as never })),
    enabled: question !== null,
    placeholderData: (before) => before,
    retry: false,
  });
  const lives = (data?.milestones ?? []) as unknown as Life[];
  const issues = error instanceof Problem ? error.issues.map((issue) => `${issue.pointer.replace(/^#\//, '')}: ${issue.detail}`) : [];
  const faults = error && issues.length === 0 ? [why(error)] : issues;
  return (
    <div className={css.body}>
      <ScriptForm script={script} onChange={setScript} />
      <div aria-live="polite" className={css.result}>
        {question === null && <Empty title={d('sim.nothing')} hint={d('sim.nothing_hint')} />}
        {faults.length > 0 && <ul className={css.faults} role="alert">{faults.map((text) => <li key={text}><IconAlertTriangle size={14} aria-hidden />{text}</li>)}</ul>}
        {question !== null && !data && !error && <Bars count={6} />}
        {question !== null && data && !error && (
          <>
            <Section title={d('sim.title')}>
              {lives.length === 0 ? <p className="muted">{d('sim.no_milestone')}</p> : (
                <>
                  <ul className={css.states}>{lives.map((life, i) => <li key={i}><b>{life.name}{life.occurrence > 1 ? ` ${life.occurrence}` : ''}</b><Status strong word={life.state} label={lifeLabel(life.state)} /></li>)}</ul>
                  <TimeLine lives={lives} until={data.until} calendar={version.calendar_id} />
                </>
              )}
            </Section>
            {lives.length > 0 && <Section title={d('sim.steps')}><StepTable lives={lives} /></Section>}
          </>
        )}
      </div>
    </div>
  );
}
