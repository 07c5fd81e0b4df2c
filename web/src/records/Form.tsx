/* The form of any type. The server judges; what it says stands at the field it is about. */
import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { MetaField, MetaType } from '@/api/meta';
import { fieldOf, Problem } from '@/api/problem';
import { createRow, getRow, type Json, type Row, updateRow } from '@/api/records';
import { IconAlertTriangle, IconHistory } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Keys } from '@/parts/Keys';
import { tellProblem } from '@/parts/toast';
import { ago } from '@/text/format';
import { t } from '@/text/t';
import { lower, nameOf } from '@/text/words';
import { changesOf, inputsOf, isLocked, type Values } from './changes';
import css from './Form.module.css';
import { FieldInput, isWide } from './inputs';
import { MergeDialog } from './MergeDialog';
import { keep, recall } from './storage';

interface Draft {
  at: string;
  values: Values;
}

function messages(problem: Problem | null): Record<string, string[]> {
  const out: Record<string, string[]> = {};
  for (const issue of problem?.issues ?? []) {
    const { field, rest } = fieldOf(issue.pointer);
    const where = rest === '' ? '' : `${rest.replace(/^(\d+)\/?/, (_, n: string) => `${Number(n) + 1}: `)} `;
    (out[field] ??= []).push(`${where}${issue.detail}`);
  }
  return out;
}

/* Values, kept as a draft from the first change on until they are saved. */
function useDraft(name: string, first: Values) {
  const [draft] = useState(() => recall<Draft>(name));
  const [values, setValues] = useState<Values>(draft?.values ?? first);
  const [restored, setRestored] = useState(draft?.at ?? null);
  const set = (next: Values) => {
    setValues(next);
    const { password: _, ...safe } = next;
    keep(name, { at: new Date().toISOString(), values: safe });
  };
  const discard = () => { setValues(first); setRestored(null); keep(name, null); };
  return { values, set, restored, discard, forget: () => keep(name, null) };
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

/* What others save while somebody types is not taken over unseen: the form stays on what was edited. */
function useBase(row: Row | null, isTouched: boolean): Row | null {
  const [base, setBase] = useState(row);
  if (!isTouched && base !== row) setBase(row);
  return isTouched ? base : row;
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
  const { values, set, restored, discard, forget } = useDraft(`draft.${path}`, isNew ? first : {});
  const row = useBase(latest, Object.keys(values).length > 0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [clash, setClash] = useState<{ mine: Record<string, Json>; theirs: Row } | null>(null);
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
      setClash(null);
      onSaved(saved);
    } catch (error) {
      if (!(error instanceof Problem)) tellProblem(error);
      else if (error.code === 'precondition_failed') setClash({ mine: given, theirs: await getRow(path) });
      else { setClash(null); setProblem(error); }
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = changesOf(type, row, values);
    if (row !== null && Object.keys(given).length === 0) { forget(); onSaved(row); return; }
    void send(given, row?.version);
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
      {clash && row && (
        <MergeDialog type={type} before={row} mine={clash.mine} theirs={clash.theirs} onClose={() => setClash(null)}
          onSave={(mine) => void send(mine, clash.theirs.version)} />
      )}
    </form>
  );
}
