/* A calendar: when somebody is at work, drawn, tried out and changed in one place. */
import { Button, Select, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { MetaType } from '@/api/meta';
import { useMeta } from '@/api/meta';
import { Problem } from '@/api/problem';
import { getRow, type Row, textOf, updateRow } from '@/api/records';
import { useMay } from '@/api/session';
import { afterChoices } from '@/parts/hurry';
import { IconCircleCheck, IconCircleX, IconDownload } from '@/parts/icons';
import { merge, type Parts } from '@/parts/merge';
import { MergeParts } from '@/parts/MergeParts';
import { Page } from '@/parts/Page';
import { SaveBar } from '@/parts/SaveBar';
import { Asked, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { tell, tellProblem } from '@/parts/toast';
import { Actions } from '@/records/Actions';
import { relationsOf } from '@/records/arrange';
import { History } from '@/records/History';
import { Facts, useRecord, useTab } from '@/records/RecordPage';
import { RelatedList } from '@/records/Related';
import { d } from '@/text/designers';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import { useAnswer, wall, wallNow } from './ask';
import css from './CalendarPage.module.css';
import { type Draft, draftOf, patchOf, useDraft, withVersion } from './draft';
import { HolidaysTab } from './HolidaysTab';
import { HoursTab } from './HoursTab';
import { Moves } from './Moves';
import { draftFrom, inCommon, partsOf } from './parts';
import { Revisions } from './Revisions';
import { Tester } from './Tester';
import { AddVersion, Versions } from './Versions';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export default function CalendarPage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <Calendar type={type} row={row} />}</Asked>;
}

/* Open or closed at this moment, and until when. */
function OpenNow({ row }: { row: Row }) {
  const at = `${wallNow(textOf(row, 'time_zone'))}:00`;
  const revision = Number(row.revision);
  const open = useAnswer(row.id, revision, { op: 'is_open', at }).data?.open;
  const next = useAnswer(row.id, revision, open === undefined ? null : { op: open ? 'next_close' : 'next_open', at }).data;
  if (open === undefined) return null;
  const when = next?.time ? d(open ? 'cal.closes' : 'cal.opens', { when: wall(next.time) }) : next?.never ? d(open ? 'cal.always' : 'cal.never_opens') : '';
  return (
    <>
      <Status strong word={open ? 'open_now' : 'closed_now'} tone={open ? 'ok' : 'quiet'} icon={open ? IconCircleCheck : IconCircleX} label={d(open ? 'cal.open_now' : 'cal.closed_now')} />
      {when && <span className={css.next}>{when}</span>}
    </>
  );
}

function faultsOf(problem: Problem): string[] {
  return problem.issues.length > 0 ? problem.issues.map((issue) => `${issue.pointer.replace(/^#\//, '')}: ${issue.detail}`) : [problem.message];
}

function Design({ row, draft, setDraft, dirty, readOnly, tab }: { row: Row; draft: Draft; setDraft: (draft: Draft) => void; dirty: boolean; readOnly: boolean; tab: 'hours' | 'holidays' }) {
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, draft.versions.length - 1);
  const change = (versions: Draft['versions'], next: number) => {
    setDraft({ ...draft, versions });
    setChosen(next);
  };
  return (
    <div className={css.body}>
      <div>
        <Versions versions={draft.versions} at={at} readOnly={readOnly} onChoose={setChosen} onChange={change} />
        {tab === 'hours'
          ? <HoursTab key={at} week={draft.versions[at]!.week} readOnly={readOnly} onChange={(week) => setDraft(withVersion(draft, at, { week }))} />
          : <HolidaysTab key={at} draft={draft} at={at} readOnly={readOnly} onChange={setDraft} />}
      </div>
      <aside>
        <Tester id={row.id} zone={textOf(row, 'time_zone')} revision={Number(row.revision)} dirty={dirty} />
        {!readOnly && (
          <div className={css.zone}>
            <Select label={d('cal.zone')} searchable allowDeselect={false} data={zones} limit={50} value={draft.time_zone} onChange={(zone) => setDraft({ ...draft, time_zone: zone ?? draft.time_zone })} />
            <AddVersion versions={draft.versions} onChange={change} />
          </div>
        )}
      </aside>
    </div>
  );
}

/* Mine and theirs, since the calendar was read. */
function mergeOf(base: Row, mine: Draft, theirs: Row) {
  const drafts = [draftOf(base), mine, draftOf(theirs)] as const;
  const common = inCommon(...drafts);
  const [before, here, there] = drafts.map((draft) => partsOf(draft, common)) as [Parts, Parts, Parts];
  return merge(before, here, there);
}

function Calendar({ type, row }: { type: MetaType; row: Row }) {
  const meta = useMeta();
  const may = useMay();
  const [tab, setTab] = useTab('hours');
  const { draft, setDraft, patch, dirty, base, take, rebase } = useDraft(row);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [theirs, setTheirs] = useState<Row | null>(null);
  const [moving, setMoving] = useState<'after' | 'asked' | null>(null);
  const readOnly = !may(type.permissions.update);
  const users = relationsOf(meta, type).filter((one) => may(one.type.permissions.read) && one.type.name !== 'calendar_revision');
  const send = async (changes: typeof patch, from: Row) => {
    setBusy(true);
    setProblem(null);
    try {
      const saved = Object.keys(changes).length === 0 ? from : await updateRow(`calendars/${row.id}`, changes, from.version);
      take(saved);
      setTheirs(null);
      tell(d('cal.saved', { name: textOf(saved, 'name') }));
      if (saved.revision !== base.revision && may('calendar.recalculate')) setMoving('after');
    } catch (error) {
      if (!(error instanceof Problem)) tellProblem(error);
      else if (error.code === 'precondition_failed') setTheirs(await getRow(`calendars/${row.id}`));
      else { setTheirs(null); setProblem(error); }
    } finally {
      setBusy(false);
    }
  };
  const save = () => send(patch, base);
  const saveMerged = (from: Row) => (parts: Parts) => {
    const merged = draftFrom(parts);
    rebase(from);
    setDraft(merged);
    void send(patchOf(draftOf(from), merged), from);
  };
  const design = { row, draft, setDraft, dirty, readOnly };
  return (
    <Page
      title={textOf(row, 'name')}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }]}
      beside={<OpenNow row={row} />}
      actions={<>
        <Button variant="default" component="a" href={`/v1/calendars/${row.id}/ics`} download={`${textOf(row, 'name')}.ics`} leftSection={<IconDownload size={15} />}>{d('cal.export')}</Button>
        {may('calendar.recalculate') && <Button variant="default" onClick={() => setMoving('asked')}>{d('moves.preview')}</Button>}
        <Actions type={type} row={row} hidden={['recalculate']} />
      </>}
    >
      <p className={css.line}>{[textOf(row, 'description'), d('cal.in_zone', { zone: draft.time_zone }), d('cal.revision', { number: Number(row.revision) })].filter(Boolean).join(' · ')}</p>
      <Tabs value={tab} onChange={(next) => afterChoices(() => setTab(next), true)} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          <Tabs.Tab value="hours">{d('cal.hours')}</Tabs.Tab>
          <Tabs.Tab value="holidays">{d('cal.holidays')}</Tabs.Tab>
          {may('calendar.read') && <Tabs.Tab value="revisions">{d('cal.revisions')}</Tabs.Tab>}
          {users.length > 0 && <Tabs.Tab value="related">{d('cal.usage')}</Tabs.Tab>}
          {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="hours"><Design {...design} tab="hours" /></Tabs.Panel>
        <Tabs.Panel value="holidays"><Design {...design} tab="holidays" /></Tabs.Panel>
        <Tabs.Panel value="revisions"><div className={css.body}><div><Revisions id={row.id} now={Number(row.revision)} /></div><aside><Facts type={type} row={row} /></aside></div></Tabs.Panel>
        <Tabs.Panel value="related">{users.map((one) => <RelatedList key={`${one.type.name}${one.field.name}`} relation={one} row={row} twice={users.filter((other) => other.type === one.type).length > 1} />)}</Tabs.Panel>
        <Tabs.Panel value="history"><History type={type} id={row.id} /></Tabs.Panel>
      </Tabs>
      {dirty && (
        <SaveBar text={d('cal.unsaved')} save={d('cal.save')} discard={d('cal.discard')} busy={busy} onSave={() => void save()} onDiscard={() => { setProblem(null); take(row); }}
          problem={problem && <ul>{faultsOf(problem).map((text) => <li key={text}>{text}</li>)}</ul>} />
      )}
      {theirs && <MergeParts merged={mergeOf(base, draft, theirs)} busy={busy} onClose={() => setTheirs(null)} onSave={saveMerged(theirs)} />}
      {moving && <Moves path={`calendars/${row.id}`} action="recalculate" quiet={moving === 'after'} title={d('moves.title')} body={d('moves.body')} onClose={() => setMoving(null)} />}
    </Page>
  );
}
