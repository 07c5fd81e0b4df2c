/* Hours that hold from a date on: which of them one looks at, and adding or removing one. */
import { ActionIcon, Button, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { IconPlus, IconTrash } from '@/parts/icons';
import { d } from '@/text/designers';
import { day } from '@/text/format';
import type { Version } from './dates';
import css from './Versions.module.css';

/* A copy of what holds then, to be changed from that date on. */
function added(versions: Version[], from: string, name: string): Version[] {
  const before = versions.findLast((one) => !one.effective_from || one.effective_from < from) ?? versions[0]!;
  const { effective_from: _, name: __, ...copy } = structuredClone(before);
  return [...versions, { effective_from: from, ...(name ? { name } : {}), ...copy }].sort((a, b) => (a.effective_from ?? '').localeCompare(b.effective_from ?? ''));
}

export function AddVersion({ versions, onChange }: { versions: Version[]; onChange: (versions: Version[], at: number) => void }) {
  const [opened, setOpened] = useState(false);
  const [from, setFrom] = useState('');
  const [name, setName] = useState('');
  const taken = versions.some((one) => one.effective_from === from && from !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!from || taken) return;
    setOpened(false);
    setFrom('');
    setName('');
    const next = added(versions, from, name.trim());
    onChange(next, next.findIndex((one) => one.effective_from === from));
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target><Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpened(!opened)}>{d('cal.add_version')}</Button></Popover.Target>
      <Popover.Dropdown>
        <form className={css.form} onSubmit={submit}>
          <TextInput label={d('cal.effective_from')} type="date" required value={from} error={taken && d('cal.version_taken')} data-autofocus onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput label={d('cal.version_name')} value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
          <p>{d('cal.add_version_hint')}</p>
          <Button type="submit">{d('cal.add')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

export function Versions({ versions, at, onChoose, onChange, readOnly }: {
  versions: Version[];
  at: number;
  onChoose: (at: number) => void;
  onChange: (versions: Version[], at: number) => void;
  readOnly: boolean;
}) {
  const chosen = versions[at]!;
  if (versions.length === 1) return null;
  const labelOf = (one: Version, i: number) => {
    const until = versions[i + 1]?.effective_from;
    if (!one.effective_from) return until ? d('cal.until', { date: day(until) }) : d('cal.from_now');
    return [d('cal.from', { date: day(one.effective_from) }), one.name].filter(Boolean).join(' · ');
  };
  return (
    <div className={css.versions}>
      <div className={css.scroll}>
        <SegmentedControl aria-label={d('cal.which')} value={String(at)} onChange={(value) => onChoose(Number(value))} data={versions.map((one, i) => ({ value: String(i), label: labelOf(one, i) }))} />
      </div>
      {chosen.effective_from && !readOnly && (
        <ActionIcon aria-label={d('cal.remove_version', { date: day(chosen.effective_from) })} onClick={() => onChange(versions.filter((_, i) => i !== at), 0)}><IconTrash size={15} /></ActionIcon>
      )}
    </div>
  );
}
