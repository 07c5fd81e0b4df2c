/* The dialog of any action, drawn from what it takes. */
import { Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { MetaAction } from '@/api/meta';
import { fieldOf, Problem } from '@/api/problem';
import type { Json } from '@/api/records';
import { tellProblem } from '@/parts/toast';
import { t } from '@/text/t';
import css from './ActionDialog.module.css';
import type { Values } from './changes';
import { FieldInput, isUnread } from './inputs';

export function ActionDialog({ action, title, form = {}, first = {}, onClose, onRun }: {
  action: MetaAction;
  title: string;
  form?: Values;
  first?: Values;
  onClose: () => void;
  onRun: (given: Record<string, Json>) => Promise<void>;
}) {
  const [values, setValues] = useState<Values>(first);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const errors = Object.fromEntries((problem?.issues ?? []).map((issue) => [fieldOf(issue.pointer).field, issue.detail]));
  const known = action.fields.some((field) => errors[field.name]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isUnread(event.currentTarget)) return;
    setBusy(true);
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Record<string, Json>;
    try {
      await onRun(given);
      onClose();
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
      else tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
        <p className="muted">{action.summary}.</p>
        {problem && !known && <p className={css.refused} role="alert">{problem.message}</p>}
        {action.fields.map((field) => (
          <FieldInput key={field.name} field={field} value={values[field.name]} form={form} error={errors[field.name]}
            onChange={(value) => setValues({ ...values, [field.name]: value })} />
        ))}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={busy}>{action.label}</Button>
        </div>
      </form>
    </Modal>
  );
}
