/* The holidays of a calendar: its year, its own rules, the sets that it shares, single dates. */
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { createRow, getRow, type Row, textOf } from '@/api/records';
import { useMay } from '@/api/session';
import { IconDownload, IconPlus, IconX } from '@/parts/icons';
import { Missed } from '@/parts/Missed';
import { Picker } from '@/parts/Picker';
import { Section } from '@/parts/Page';
import type { Ask } from '@/parts/States';
import { tellProblem } from '@/parts/toast';
import { d, dn } from '@/text/designers';
import { dayOf } from '@/text/format';
import { type Holiday, holidaysOf, planYear } from './dates';
import { type Draft, withHoliday, withVersion } from './draft';
import { type Editing, HolidayDialog } from './HolidayDialog';
import { DateRows, HolidayRows } from './HolidayRows';
import css from './HolidaysTab.module.css';
import { IcsImport } from './IcsImport';
import { Year } from './Year';

function useSets(ids: string[]): { sets: Row[]; asked: Ask[] } {
  const found = useQueries({
    queries: ids.map((id) => ({ queryKey: ['rows', 'holiday_sets', 'one', id, {}], queryFn: ({ signal }: { signal: AbortSignal }) => getRow(`holiday_sets/${id}`, {}, signal) })),
  });
  return { sets: found.flatMap((one) => one.data ?? []), asked: found };
}

function NewSet({ onMade }: { onMade: (id: string) => void }) {
  const [opened, setOpened] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (!name) return;
    createRow('holiday_sets', { name, holidays: [] }).then((row) => { setOpened(false); onMade(row.id); }, tellProblem);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target><Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpened(true)}>{d('hol.new_set')}</Button></Popover.Target>
      <Popover.Dropdown>
        <form className={css.new} onSubmit={submit}>
          <TextInput name="name" label={d('hol.name')} maxLength={120} required data-autofocus />
          <Button type="submit">{d('cal.add')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function Sets({ sets, draft, onChange, readOnly }: { sets: Row[]; draft: Draft; onChange: (ids: string[]) => void; readOnly: boolean }) {
  const may = useMay();
  const [importing, setImporting] = useState<Row | null>(null);
  return (
    <Section title={d('hol.sets')} beside={!readOnly && may('holiday_set.create') && <NewSet onMade={(id) => onChange([...draft.holiday_sets, id])} />}>
      <p className={css.hint}>{d('hol.sets_hint')}</p>
      <ul className={css.sets}>
        {sets.map((set) => (
          <li key={set.id}>
            <Link to={`/holiday_sets/${set.id}`}>{textOf(set, 'name')}</Link>
            <span className="muted">{dn('hol.count', holidaysOf(set.holidays).length)}</span>
            {may('holiday_set.update') && <Button variant="subtle" size="xs" leftSection={<IconDownload size={14} />} onClick={() => setImporting(set)}>{d('hol.import')}</Button>}
            {!readOnly && <ActionIcon aria-label={d('hol.detach', { name: textOf(set, 'name') })} onClick={() => onChange(draft.holiday_sets.filter((id) => id !== set.id))}><IconX size={14} /></ActionIcon>}
          </li>
        ))}
      </ul>
      {!readOnly && <Picker type="holiday_set" label={d('hol.attach')} hideLabel placeholder={d('hol.attach')} value={null} onChange={(id) => { if (id && !draft.holiday_sets.includes(id)) onChange([...draft.holiday_sets, id]); }} />}
      {importing && <IcsImport set={importing} zone={draft.time_zone} onClose={() => setImporting(null)} />}
    </Section>
  );
}

export function HolidaysTab({ draft, at, onChange, readOnly }: { draft: Draft; at: number; onChange: (draft: Draft) => void; readOnly: boolean }) {
  const version = draft.versions[at]!;
  const { sets, asked } = useSets(draft.holiday_sets);
  const shared: Holiday[] = sets.flatMap((set) => holidaysOf(set.holidays));
  const [year, setYear] = useState(() => Number((version.effective_from ?? dayOf(new Date())).slice(0, 4)));
  const [editing, setEditing] = useState<Editing | null>(null);
  const plan = planYear(draft.versions, shared, year);
  const set = (change: Parameters<typeof withVersion>[2]) => onChange(withVersion(draft, at, change));
  const today = dayOf(new Date());
  const without = (dates: typeof version.breaks, date: string) => Object.fromEntries(Object.entries(dates).filter(([name]) => name !== date));
  const choose = (date: string) => {
    const own = version.holidays.findIndex((one) => one.date === date);
    const what = version.breaks[date] ? 'break' : version.exceptions[date] ? 'exception' : 'holiday';
    setEditing({ what, date, at: what === 'holiday' && own >= 0 ? own : null, free: true });
  };
  const name = (what: 'exception' | 'break') => (what === 'exception' ? 'exceptions' : 'breaks');
  return (
    <div className={css.body}>
      <div>
        <Missed of={asked} what={d('hol.sets')} />
        <Year year={year} onYear={setYear} plan={plan} hours onChoose={readOnly ? undefined : choose} />
      </div>
      <div className={css.lists}>
        <HolidayRows title={d('hol.own')} holidays={version.holidays}
          {...(readOnly ? {} : {
            onAdd: () => setEditing({ what: 'holiday', date: today, at: null }),
            onEdit: (i: number) => setEditing({ what: 'holiday', date: today, at: i }),
            onRemove: (i: number) => set({ holidays: withHoliday(version.holidays, i, null) }),
          })} />
        <Sets sets={sets} draft={draft} readOnly={readOnly} onChange={(ids) => onChange({ ...draft, holiday_sets: ids })} />
        {(['exception', 'break'] as const).map((what) => (
          <DateRows key={what} title={d(`hol.${name(what)}`)} hint={d(`hol.${name(what)}_hint`)} add={d(`hol.add_${what}`)} dates={version[name(what)]}
            {...(readOnly ? {} : {
              onAdd: () => setEditing({ what, date: today, at: null }),
              onEdit: (date: string) => setEditing({ what, date, at: 0 }),
              onRemove: (date: string) => set({ [name(what)]: without(version[name(what)], date) }),
            })} />
        ))}
      </div>
      {editing && (
        <HolidayDialog editing={editing} holiday={editing.what === 'holiday' && editing.at !== null ? version.holidays[editing.at] ?? null : null}
          spansOf={(what, date) => version[name(what)][date] ?? []}
          onWhat={(what) => setEditing({ ...editing, what, at: null })} onClose={() => setEditing(null)}
          onHoliday={(holiday) => { set({ holidays: withHoliday(version.holidays, editing.at, holiday) }); setEditing(null); }}
          onDate={(what, date, spans) => {
            const kept = editing.at === null ? version[name(what)] : without(version[name(what)], editing.date);
            set({ [name(what)]: { ...kept, [date]: spans } });
            setEditing(null);
          }} />
      )}
    </div>
  );
}
