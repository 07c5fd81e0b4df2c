/* The form of any type. The server judges; what it says stands at the field it is about. */
import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { MetaField, MetaType } from '@/api/meta';
import { fieldOf, Problem } from '@/api/problem';
import { createRow, type Json, type Row, updateRow } from '@/api/records';
import { IconAlertTriangle, IconHistory } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Keys } from '@/parts/Keys';
import { tellProblem } from '@/parts/toast';
import { ago } from '@/text/format';
import { t } from '@/text/t';
import { lower, nameOf } from '@/text/words';
import { changesOf, clashesOf, inputsOf, isLocked, type Values } from './changes';
import { useDraft } from './draft';
import css from './Form.module.css';
import { FieldInput, isUnread, isWide } from './inputs';
import { type Meeting, MergeDialog, meetingOf } from './MergeDialog';

function messages(problem: Problem | null): Record<string, string[]> {
  const out: Record<string, string[]> = {};
  for (const issue of problem?.issues ?? []) {
    const { field, rest } = fieldOf(issue.pointer);
    const where = rest === '' ? '' : `${rest.replace(/^(\d+)\/?/, (_, n: string) => `${Number(n) + 1}: `)} `;
    (out[field] ??= []).push(`${where}${issue.detail}`);
  }
  return out;
}

function groupsOf(fields: MetaField[]): [MetaField[], MetaField[]] {
  return [fields.filter((field) => field.show !== 'side'), fields.filter((field) => field.show === 'side')];
}

/* Fields that belong together, with what they are about. */
export interface FieldGroup {
  id: string;
  title: string;
  hint: string;
  names: string[];
}

export function Form({ type, row: latest, path, first, groups, onSaved, onCancel }: {
  type: MetaType;
  row: Row | null;
  path: string;
  first: Values;
  groups?: FieldGroup[];
  onSaved: (row: Row) => void;
  onCancel: () => void;
}) {
  const isNew = latest === null;
  const { values, set, row, restored, isGuess, discard, forget } = useDraft(`draft.${path}`, isNew ? first : {}, latest);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const shown: Values = { ...(row ?? {}), ...values };
  const errors = messages(problem);
  const fields = inputsOf(type, isNew);
  const [main, side] = groupsOf(fields);
  const known = new Set(fields.map((field) => field.name));
  const elsewhere = Object.entries(errors).filter(([name]) => !known.has(name)).flatMap(([, texts]) => texts);
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  useKeys({ 'mod+enter': () => form.current?.requestSubmit() });

  const send = async (given: Record<string, Json>, version?: number) => {
    setBusy(true);
    setProblem(null);
    try {
      const saved = isNew ? await createRow(path, given) : await updateRow(path, given, version);
      forget();
      setMeeting(null);
      onSaved(saved);
    } catch (error) {
      const met = row && await meetingOf(error, path, row, given);
      setMeeting(met);
      if (!(error instanceof Problem)) tellProblem(error);
      else if (!met) setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isUnread(form.current)) return;
    const given = changesOf(type, row, values);
    if (row !== null && Object.keys(given).length === 0) { forget(); onSaved(row); return; }
    const unknown = { object: type.name, id: row?.id ?? '' };
    if (row !== null && isGuess && clashesOf(type, unknown, given, row).length > 0) setMeeting({ before: unknown, mine: given, theirs: row });
    else void send(given, row?.version);
  };
  const input = (field: MetaField, i: number) => (
    <div key={field.name} className={css.field} data-wide={isWide(field) || undefined}
      {...(i === 0 ? { 'data-first': true } : {})}>
      <FieldInput field={field} value={shown[field.name]} form={shown} locked={isLocked(field, isNew)} error={errors[field.name]?.join('; ')}
        onChange={(value) => set({ ...values, [field.name]: value })} />
    </div>
  );
  return (
    <form ref={form} onSubmit={submit} className={css.form} data-grouped={groups !== undefined || undefined} noValidate aria-label={nameOf(type)}>
      {restored && (
        <p className={css.draft} role="status">
          <IconHistory size={16} aria-hidden />{t('form.draft', { when: ago(restored) })}
          <button type="button" onClick={discard}>{t('form.discard')}</button>
        </p>
      )}
      {problem && (
        <div className={css.refused} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <div><b>{t('form.refused')}</b>: {elsewhere.length > 0 ? elsewhere.join('; ') : problem.message}</div>
        </div>
      )}
      {groups?.map((group) => {
        const own = main.filter((field) => group.names.includes(field.name));
        return own.length > 0 && (
          <section key={group.id} id={group.id} className={css.group} aria-label={group.title}>
            <div><h2>{group.title}</h2><p>{group.hint}</p></div>
            <div className={css.fields}>{own.map(input)}</div>
          </section>
        );
      })}
      {!groups && <div className={css.fields}>{main.map(input)}</div>}
      {side.length > 0 && (
        <details className={css.more}>
          <summary>{t('form.more')}</summary>
          <div className={css.fields}>{side.map((field) => input(field, 1))}</div>
        </details>
      )}
      <div className={css.buttons}>
        <Button type="submit" loading={busy} rightSection={<Keys of="mod+enter" />}>
          {isNew ? t('form.create', { name: lower(nameOf(type)) }) : t('form.save')}
        </Button>
        <Button variant="default" onClick={() => { forget(); onCancel(); }}>{t('form.cancel')}</Button>
      </div>
      {meeting && <MergeDialog type={type} meeting={meeting} onClose={() => setMeeting(null)} onSave={(mine) => void send(mine, meeting.theirs.version)} />}
    </form>
  );
}
