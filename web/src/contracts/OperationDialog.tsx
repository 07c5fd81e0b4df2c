/* The dialog of every operation: the form on one side, what would happen on the other. */
import { Button, Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { isStale, Problem } from '@/api/problem';
import { type Row, textOf } from '@/api/records';
import { IconX } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { tell, tellProblem } from '@/parts/toast';
import { FieldInput } from '@/records/inputs';
import { dayOf } from '@/text/format';
import { t, tn } from '@/text/t';
import css from './OperationDialog.module.css';
import { asShown, bodyOf, errorsOf, isComplete, type Offer, type Plan, topmost, undoOf, useApply, usePreview, type Values } from './operations';
import { AddLines, PerLineInput } from './PerLine';
import { Preview } from './Preview';

/* The lines that it is about, each with what the server has against it. */
function Chosen({ ids, byId, errors, needed, onDrop }: { ids: string[]; byId: Map<string, Row>; errors: Record<string, string>; needed: boolean; onDrop: (id: string) => void }) {
  const shown = ids.slice(0, 6);
  return (
    <fieldset className={css.lines}>
      <legend>{t('ops.lines')}</legend>
      {ids.length === 0 && <p className={needed ? css.needed : 'muted'}>{t(needed ? 'ops.choose_lines' : 'ops.whole')}</p>}
      <ul>
        {shown.map((id, i) => (
          <li key={id}>
            <span>{textOf(byId.get(id), 'name')} <span className="muted num">{textOf(byId.get(id), 'number')}</span></span>
            <button type="button" aria-label={t('ops.leave_out', { name: textOf(byId.get(id), 'name') })} onClick={() => onDrop(id)}><IconX size={13} aria-hidden /></button>
            {errors[`lines/${i}`] && <p className={css.error}>{errors[`lines/${i}`]}</p>}
          </li>
        ))}
      </ul>
      {ids.length > shown.length && <p className="muted">{tn('ops.more_lines', ids.length - shown.length)}</p>}
      {errors.lines && !shown.some((_, i) => errors[`lines/${i}`]) && <p className={css.error}>{errors.lines}</p>}
    </fieldset>
  );
}

function useNames(contract: Row, byId: Map<string, Row>): Map<string, string> {
  return useMemo(() => new Map([[contract.id, textOf(contract, 'name')], ...[...byId].map(([id, row]): [string, string] => [id, textOf(row, 'name')])]), [contract, byId]);
}

/* The focus is at the first field. */
function begin(form: HTMLElement | null): void {
  form?.querySelector('input:not([type="checkbox"]), textarea')?.setAttribute('data-autofocus', '');
}

export function OperationDialog({ offer, contract, byId, selected, onClose, onDone }: {
  offer: Offer;
  contract: Row;
  byId: Map<string, Row>;
  selected: Set<string>;
  onClose: () => void;
  onDone: () => void;
}) {
  const { operation, action } = offer;
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(() => (operation.takes === 'none' ? [] : topmost(selected, byId)));
  const [values, setValues] = useState<Values>(() => operation.first?.(contract, dayOf(new Date())) ?? {});
  const [tried, setTried] = useState(false);
  const [touched, setTouched] = useState<Set<string>>(new Set());
  const [changed, setChanged] = useState(false); /* by somebody else, while this was open */
  const body = useMemo(() => bodyOf(operation, values, chosen), [operation, values, chosen]);
  const [asked] = useDebouncedValue(body, 250);
  const complete = isComplete(offer, values, chosen);
  const preview = usePreview(contract.id, operation.name, asked, complete && body === asked);
  const waits = complete && (preview.isFetching || body !== asked);
  const apply = useApply(contract.id, operation.name);
  const names = useNames(contract, byId);
  const problem = apply.error instanceof Problem ? apply.error : preview.error instanceof Problem ? preview.error : null;
  const errors = errorsOf(problem);
  const errorAt = (name: string) => (tried || touched.has(name) || values[name] != null || problem?.issues.some((issue) => issue.code !== 'required') ? errors[name] : undefined);
  const set = (name: string, value: Values[string]) => {
    apply.reset();
    setChanged(false);
    setTouched(new Set(touched).add(name));
    setValues({ ...values, [name]: value });
  };
  const done = async (plan: Plan) => {
    onClose();
    onDone();
    const made = plan.made?.find((one) => one.type === 'contract');
    const undo = await undoOf(plan).catch(() => null);
    tell(t(undo ? 'ops.scheduled' : 'ops.done', { action: action.label }), { ...(undo ? { undo } : {}), ...(made ? { link: { to: `/contracts/${made.id}`, text: made.number ?? t('list.open_full') } } : {}) });
    if (made && ['merge', 'transfer'].includes(operation.name)) void navigate(`/contracts/${made.id}`);
  };
  const submit = () => {
    setTried(true);
    if (apply.isPending || preview.error || !complete) return;
    const shown = waits ? undefined : preview.data;
    const sent = asShown(body, shown, action.fields.some((field) => field.name === 'versions'));
    apply.mutate({ body: sent, version: shown?.contract_version ?? contract.version }, {
      onSuccess: (plan) => void done(plan).catch(tellProblem),
      onError: (error) => {
        if (!isStale(error)) return;
        apply.reset();
        setChanged(true);
        void preview.refetch();
      },
    });
  };
  useKeys({ 'mod+enter': submit });
  const fields = action.fields.filter((field) => !['lines', 'versions', operation.perLine?.field].includes(field.name));
  return (
    <Modal opened onClose={onClose} size={1040} title={`${action.label}: ${textOf(contract, 'name')}`} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={css.dialog} noValidate onSubmit={(event: FormEvent) => { event.preventDefault(); submit(); }}>
        <div className={css.form} ref={begin}>
          <p className="muted">{action.summary}.</p>
          {operation.perLine ? <PerLineInput perLine={operation.perLine} field={action.fields.find((field) => field.name === operation.perLine?.field)} ids={chosen} byId={byId} value={values[operation.perLine.field]} errors={errors} currency={contract.currency ?? null} onChange={(value) => set(operation.perLine!.field, value)} />
            : operation.adds ? <AddLines value={values[operation.adds]} errors={errors} form={{ account_id: contract.account_id ?? null, currency: contract.currency ?? null }} onChange={(value) => set(operation.adds!, value)} />
            : operation.takes !== 'none' && <Chosen ids={chosen} byId={byId} errors={errors} needed={operation.takes === 'some'} onDrop={(id) => setChosen(chosen.filter((one) => one !== id))} />}
          {fields.map((field) => (
            <FieldInput key={field.name} field={field} value={values[field.name]} form={{ account_id: contract.account_id, currency: contract.currency }} error={errorAt(field.name)} onChange={(value) => set(field.name, value)} />
          ))}
        </div>
        <Preview complete={complete} plan={preview.data} error={apply.error ?? preview.error} fetching={waits} changed={changed} names={names} />
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={apply.isPending} disabled={!complete || preview.error !== null || (preview.data?.changes.length === 0 && !waits)}>{action.label}</Button>
        </div>
      </form>
    </Modal>
  );
}
