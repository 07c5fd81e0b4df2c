/* Holidays from an iCalendar file: first what it would do, then doing it. */
import { Button, Checkbox, FileButton, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { api, body } from '@/api/client';
import { queries } from '@/api/query';
import { type Row, textOf } from '@/api/records';
import type { components } from '@/api/schema';
import { tell, tellProblem } from '@/parts/toast';
import { d, dn } from '@/text/designers';
import { t } from '@/text/t';
import { holidaysOf } from './dates';
import { holidayInWords, nameOf } from './describe';
import css from './IcsImport.module.css';

type Report = components['schemas']['HolidayReport'];
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

function Preview({ report, before }: { report: Report; before: unknown[] }) {
  const known = new Set(before.map((one) => JSON.stringify(one)));
  const added = holidaysOf(report.holidays as never).filter((one) => !known.has(JSON.stringify(one)) && !known.has(JSON.stringify(one.date)));
  return (
    <div className={css.preview}>
      <p><b>{dn('ics.read', report.event_count)}</b> · {d('ics.added', { count: report.added_count })} · {d('ics.skipped', { count: report.skipped_count })}</p>
      {report.added_count === 0 && <p className="muted">{d('ics.nothing')}</p>}
      {report.added_count > 0 && (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={d('ics.table')}>
          <table><tbody>{added.map((one, i) => <tr key={i}><td>{nameOf(one)}</td><td>{holidayInWords(one)}</td></tr>)}</tbody></table>
        </div>
      )}
      {report.skipped.length > 0 && (
        <>
          <h3>{d('ics.skipped_table')}</h3>
          <ul>{report.skipped.map((one, i) => <li key={i}>{one.name}: <span className="muted">{one.reason}</span></li>)}</ul>
        </>
      )}
    </div>
  );
}

export function IcsImport({ set, zone, onClose }: { set: Row; zone: string; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [replace, setReplace] = useState(false);
  const [timeZone, setTimeZone] = useState(zone);
  const [report, setReport] = useState<Report | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (dry: boolean) => {
    if (!file) return;
    setBusy(true);
    try {
      const reply = body(await api.POST('/v1/holiday_sets/{id}/import', {
        params: { path: { id: set.id }, header: { 'Idempotency-Key': crypto.randomUUID() } },
        body: { ics: await file.text(), time_zone: timeZone, replace, dry_run: dry },
      }));
      if (dry) { setReport(reply); return; }
      tell(dn('ics.done', reply.added_count));
      void queries.invalidateQueries({ queryKey: ['rows'] });
      onClose();
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const changed = <T,>(change: (value: T) => void) => (value: T) => { change(value); setReport(null); };
  return (
    <Modal opened onClose={onClose} title={d('ics.title', { name: textOf(set, 'name') })} size={640} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className={css.form}>
        <div className={css.file}>
          <FileButton accept=".ics,text/calendar" onChange={changed(setFile)} inputProps={{ 'aria-label': d('ics.file') }}>
            {(props) => <Button variant="default" data-autofocus {...props}>{d('ics.choose')}</Button>}
          </FileButton>
          <span className="muted">{file?.name ?? d('ics.file')}</span>
        </div>
        <Select label={d('ics.zone')} searchable allowDeselect={false} data={zones} limit={50} value={timeZone} onChange={changed((value: string | null) => setTimeZone(value ?? zone))} />
        <Checkbox label={d('ics.replace')} checked={replace} onChange={(event) => changed(setReplace)(event.currentTarget.checked)} />
        <div aria-live="polite">{report && <Preview report={report} before={replace ? [] : holidaysOf(set.holidays)} />}</div>
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          {report && (report.added_count > 0 || replace)
            ? <Button loading={busy} onClick={() => void run(false)}>{dn('ics.import', report.added_count)}</Button>
            : <Button loading={busy} disabled={!file} onClick={() => void run(true)}>{d('ics.preview')}</Button>}
        </div>
      </div>
    </Modal>
  );
}
