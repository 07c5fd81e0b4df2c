/* A set of holidays that calendars share: the year that it makes, its rules, import and export. */
import { Button, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { MetaType } from '@/api/meta';
import { Problem } from '@/api/problem';
import { getRow, type Row, textOf, updateRow, usePage } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { IconDownload, IconPlus } from '@/parts/icons';
import { merge, type Parts } from '@/parts/merge';
import { MergeParts } from '@/parts/MergeParts';
import { MissedPart } from '@/parts/Missed';
import { Page, Section } from '@/parts/Page';
import { SaveBar } from '@/parts/SaveBar';
import { Asked, isLost, PageBars } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { Actions } from '@/records/Actions';
import { useDesign } from '@/records/draft';
import { History } from '@/records/History';
import { Facts, useRecord, useTab } from '@/records/RecordPage';
import { d, dn } from '@/text/designers';
import { dayOf } from '@/text/format';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import { Link } from 'react-router';
import css from './CalendarPage.module.css';
import { type Holiday, holidaysOf, planYear } from './dates';
import { withHoliday } from './draft';
import { type Editing, HolidayDialog } from './HolidayDialog';
import { HolidayRows } from './HolidayRows';
import { days, type Week } from './hours';
import rows from './HolidaysTab.module.css';
import { IcsImport } from './IcsImport';
import { holidayParts } from './parts';
import { Year } from './Year';

export default function HolidaySetPage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <HolidaySet type={type} row={row} />}</Asked>;
}

const always: Week = Object.fromEntries(days.map((day) => [day, [['00:00', '24:00']]]));

function UsedBy({ id }: { id: string }) {
  const asked = usePage('calendars', { limit: '200' });
  const using = (asked.data?.data ?? []).filter((one) => Array.isArray(one.holiday_sets) && one.holiday_sets.includes(id));
  if (isLost(asked)) return <MissedPart title={d('cal.usage')} of={[asked]} />;
  if (using.length === 0) return null;
  return (
    <Section title={d('cal.usage')}>
      <ul className={rows.sets}>{using.map((one) => <li key={one.id}><Link to={`/calendars/${one.id}`}>{textOf(one, 'name')}</Link><span className="muted">{textOf(one, 'time_zone')}</span></li>)}</ul>
    </Section>
  );
}

function mergeOf(base: Row, mine: Holiday[], theirs: Row) {
  const partsOf = (holidays: Holiday[]): Parts => new Map(holidayParts(holidays));
  return merge(partsOf(holidaysOf(base.holidays)), partsOf(mine), partsOf(holidaysOf(theirs.holidays)));
}

function HolidaySet({ type, row }: { type: MetaType; row: Row }) {
  const may = useMay();
  const { time_zone: zone } = useSession();
  const [tab, setTab] = useTab('holidays');
  const { draft, setDraft, dirty, base, take, rebase } = useDesign(row, (from) => holidaysOf(from.holidays), (saved, now) => JSON.stringify(saved) === JSON.stringify(now));
  const [theirs, setTheirs] = useState<Row | null>(null);
  const [year, setYear] = useState(() => Number(dayOf(new Date()).slice(0, 4)));
  const [editing, setEditing] = useState<Editing | null>(null);
  const [importing, setImporting] = useState(false);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const readOnly = !may(type.permissions.update);
  const send = async (holidays: Holiday[], from: Row) => {
    setBusy(true);
    setProblem('');
    try {
      const after = await updateRow(`holiday_sets/${row.id}`, { holidays }, from.version);
      take(after);
      setTheirs(null);
      tell(d('cal.saved', { name: textOf(after, 'name') }));
    } catch (error) {
      if (!(error instanceof Problem)) tellProblem(error);
      else if (error.code === 'precondition_failed') setTheirs(await getRow(`holiday_sets/${row.id}`));
      else { setTheirs(null); setProblem(error.issues.map((issue) => issue.detail).join('; ') || error.message); }
    } finally {
      setBusy(false);
    }
  };
  const saveMerged = (from: Row) => (parts: Parts) => {
    const merged = [...parts.values()].map((part) => part.value as Holiday);
    rebase(from);
    setDraft(merged);
    void send(merged, from);
  };
  const plan = planYear([{ week: always, holidays: draft, exceptions: {}, breaks: {} }], [], year);
  return (
    <Page
      title={textOf(row, 'name')}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }]}
      beside={<span className="muted">{dn('hol.count', draft.length)}</span>}
      actions={<>
        {!readOnly && <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setImporting(true)}>{d('hol.import')}</Button>}
        <Button variant="default" component="a" href={`/v1/holiday_sets/${row.id}/ics`} download={`${textOf(row, 'name')}.ics`} leftSection={<IconDownload size={15} />}>{d('cal.export')}</Button>
        <Actions type={type} row={row} />
      </>}
    >
      {textOf(row, 'description') && <p className={css.line}>{textOf(row, 'description')}</p>}
      <Tabs value={tab} onChange={setTab} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          <Tabs.Tab value="holidays">{d('cal.holidays')}</Tabs.Tab>
          {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="holidays">
          <div className={css.body}>
            <div className={rows.body}>
              <Year year={year} onYear={setYear} plan={plan} hours={false} onChoose={readOnly ? undefined : (date) => {
                const own = draft.findIndex((one) => one.date === date);
                setEditing({ what: 'holiday', date, at: own >= 0 ? own : null });
              }} />
              <HolidayRows title={d('hol.own_of_set')} holidays={draft}
                {...(readOnly ? {} : {
                  onAdd: () => setEditing({ what: 'holiday', date: dayOf(new Date()), at: null }),
                  onEdit: (i: number) => setEditing({ what: 'holiday', date: dayOf(new Date()), at: i }),
                  onRemove: (i: number) => setDraft(withHoliday(draft, i, null)),
                })} />
            </div>
            <aside><UsedBy id={row.id} /><Facts type={type} row={row} /></aside>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="history"><History type={type} id={row.id} /></Tabs.Panel>
      </Tabs>
      {dirty && <SaveBar text={d('cal.unsaved')} problem={problem} save={d('cal.save')} discard={d('cal.discard')} busy={busy} onSave={() => void send(draft, base)} onDiscard={() => { setProblem(''); take(row); }} />}
      {theirs && <MergeParts merged={mergeOf(base, draft, theirs)} busy={busy} onClose={() => setTheirs(null)} onSave={saveMerged(theirs)} />}
      {editing && (
        <HolidayDialog editing={editing} holiday={editing.at === null ? null : draft[editing.at] ?? null} spansOf={() => []} onWhat={() => undefined} onDate={() => undefined}
          onClose={() => setEditing(null)} onHoliday={(holiday) => { setDraft(withHoliday(draft, editing.at, holiday)); setEditing(null); }} />
      )}
      {importing && <IcsImport set={row} zone={zone ?? 'UTC'} onClose={() => setImporting(false)} />}
    </Page>
  );
}
