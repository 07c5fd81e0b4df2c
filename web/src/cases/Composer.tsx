/* Saying something on a case: to the customer, to colleagues, or how long it took. */
import { Button, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { fieldNamed, useMeta } from '@/api/meta';
import { createRow, type Row } from '@/api/records';
import { useMay } from '@/api/session';
import { useKeys } from '@/parts/keys';
import { Keys } from '@/parts/Keys';
import { NumberField } from '@/parts/NumberField';
import { tell, tellProblem } from '@/parts/toast';
import { keep, recall } from '@/records/storage';
import { minutes } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Composer.module.css';

type Mode = 'comment' | 'internal' | 'time';

function Time({ row, onDone }: { row: Row; onDone: () => void }) {
  const type = useMeta().type('case_activity');
  const [spent, setSpent] = useState<number | null>(null);
  const [billable, setBillable] = useState<number | null>(null);
  const [kind, setKind] = useState('time_entry');
  const [subject, setSubject] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await createRow('case_activities', {
        case_id: row.id, kind, subject: subject.trim() || humanize(kind), state: 'done', minutes: spent, billable_minutes: billable ?? spent,
      });
      tell(t('case.logged', { minutes: minutes(Number(spent)) }));
      setSpent(null); setBillable(null); setSubject('');
      onDone();
    } catch (error) {
      tellProblem(error);
    }
  };
  const kinds = (type ? fieldNamed(type, 'kind')?.values : undefined) ?? ['time_entry'];
  return (
    <form className={css.time} onSubmit={(event) => void submit(event)}>
      <TextInput className={css.wide} label={t('case.what_done')} value={subject} onChange={(event) => setSubject(event.currentTarget.value)} />
      <Select label={t('case.kind')} allowDeselect={false} value={kind} onChange={(one) => setKind(one ?? kind)} data={kinds.map((value) => ({ value, label: humanize(value) }))} />
      <NumberField label={t('case.minutes')} min={0} value={spent} onChange={setSpent} />
      <NumberField label={t('case.billable')} min={0} placeholder={spent === null ? '' : String(spent)} value={billable} onChange={setBillable} />
      <Button type="submit" disabled={spent === null}>{t('case.log_time')}</Button>
    </form>
  );
}

interface Draft {
  text: string;
  mode: Mode;
}

/* What was begun: a note for colleagues stays one. A draft of before does not tell for whom it was. */
function begun(store: string, portal: boolean): Draft {
  const kept = recall<Draft | string>(store);
  if (typeof kept === 'string') return { text: kept, mode: portal ? 'comment' : 'internal' };
  return kept ?? { text: '', mode: 'comment' };
}

export function Composer({ row, box, portal = false }: { row: Row; box: RefObject<HTMLTextAreaElement | null>; portal?: boolean }) {
  const may = useMay();
  const store = `draft.comment.${row.id}`;
  const form = useRef<HTMLFormElement>(null);
  const [{ text, mode }, setDraft] = useState(() => begun(store, portal));
  const [busy, setBusy] = useState(false);
  useEffect(() => keep(store, text ? { text, mode } : null), [store, text, mode]);
  const setMode = (next: Mode) => setDraft((before) => ({ ...before, mode: next }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    setBusy(true);
    try {
      await createRow('case_comments', { case_id: row.id, body: text.trim(), ...(portal ? {} : { internal: mode === 'internal' }) });
      setDraft((now) => ({ ...now, text: now.text.startsWith(text) ? now.text.slice(text.length) : now.text })); /* what was typed meanwhile stays */
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  useKeys({ 'mod+enter': () => form.current?.requestSubmit() });
  if (!may('case_comment.create')) return null;
  const modes = [
    { value: 'comment', label: t('case.comment') },
    { value: 'internal', label: t('case.internal') },
    ...(may('case_activity.create') ? [{ value: 'time', label: t('case.time') }] : []),
  ];
  return (
    <div className={css.composer} data-mode={mode}>
      {!portal && <SegmentedControl size="xs" aria-label={t('case.kind')} value={mode} onChange={(value) => setMode(value as Mode)} data={modes} />}
      {mode === 'time' ? <Time row={row} onDone={() => setMode('comment')} /> : (
        <form ref={form} onSubmit={(event) => void submit(event)}>
          <Textarea ref={box} autosize minRows={2} maxRows={12} aria-label={mode === 'internal' ? t('case.internal') : t('case.comment')}
            placeholder={mode === 'internal' ? t('case.write_internal') : portal ? t('portal.write') : t('case.write')} value={text} onChange={(event) => setDraft({ text: event.currentTarget.value, mode })} />
          <div className={css.buttons}>
            <Button type="submit" size="xs" loading={busy} disabled={!text.trim()} rightSection={<Keys of="mod+enter" />}>
              {mode === 'internal' ? t('case.add_note') : t('case.send')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
