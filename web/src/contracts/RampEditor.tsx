/* The steps of a line's price: generated from a price and a raise, changed one by one, drawn and summed up
 * while one types. The server judges when it is saved. */
import { ActionIcon, Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useType } from '@/api/meta';
import { fieldOf, Problem } from '@/api/problem';
import { type Row, textOf, updateRow } from '@/api/records';
import { IconArrowBackUp, IconPlus, IconTrash } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Keys } from '@/parts/Keys';
import { tell, tellProblem } from '@/parts/toast';
import { type Meeting, MergeDialog, meetingOf } from '@/records/MergeDialog';
import { day, money } from '@/text/format';
import { r } from '@/text/ramp';
import { number, t } from '@/text/t';
import { amountOf } from './price';
import { Drawing } from './Ramp';
import { draftOf, drawn, followed, isCustom, type Kind, type RampDraft, type RampRow, sentOf, split, sumOf, withKind } from './rampDraft';
import css from './RampEditor.module.css';

const kinds: Kind[] = ['none', 'yearly', 'quarterly', 'custom'];

function How({ draft, line, onChange }: { draft: RampDraft; line: Row; onChange: (draft: RampDraft) => void }) {
  const set = (change: Partial<RampDraft>) => onChange(followed({ ...draft, ...change }, line));
  return (
    <div className={css.how}>
      <div className={css.field}>
        <span>{r('ed.kind')}</span>
        <SegmentedControl aria-label={r('ed.kind')} value={draft.kind} data={kinds.map((kind) => ({ value: kind, label: r(`ed.${kind}`) }))} onChange={(kind) => onChange(withKind(draft, kind as Kind, line))} />
      </div>
      {draft.kind !== 'none' && (
        <>
          <TextInput label={r('ed.price')} inputMode="decimal" data-autofocus value={draft.price} onChange={(event) => set({ price: event.currentTarget.value })} />
          <div className={css.field}>
            <span>{r('ed.raise')}</span>
            <div className={css.raise}>
              <SegmentedControl aria-label={r('ed.raise')} value={draft.by} data={[{ value: 'percent', label: r('ed.percent') }, { value: 'amount', label: r('ed.amount') }]} onChange={(by) => set({ by: by as RampDraft['by'] })} />
              <TextInput aria-label={`${r('ed.raise')}: ${r(`ed.${draft.by}`)}`} inputMode="decimal" value={draft.value} onChange={(event) => set({ value: event.currentTarget.value })} />
            </div>
          </div>
          {draft.by === 'percent' && (
            <div className={css.field}>
              <span>{r('ed.how')}</span>
              <SegmentedControl aria-label={r('ed.how')} value={draft.increase} data={[{ value: 'compound', label: r('ed.compound') }, { value: 'simple', label: r('ed.simple') }]} onChange={(increase) => set({ increase: increase as RampDraft['increase'] })} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

/* Up, down and Enter go to the same cell of the row above or below. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const step = event.key === 'ArrowDown' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const input = event.target as HTMLInputElement;
  if (step === 0 || input.tagName !== 'INPUT' || input.type === 'date') return;
  event.preventDefault();
  const row = input.closest('tr');
  const next = (step > 0 ? row?.nextElementSibling : row?.previousElementSibling)?.querySelector<HTMLInputElement>(`input[data-column="${input.dataset.column}"]`);
  next?.focus();
  next?.select();
}

/* What the server says of each step that was sent, by the day on which it begins. */
function faultsOf(problem: Problem | null, sent: { starts_on?: string }[]): { rows: Record<string, string>; rest: string[] } {
  const rows: Record<string, string> = {};
  const rest: string[] = [];
  for (const issue of problem?.issues ?? []) {
    const { field, rest: place } = fieldOf(issue.pointer);
    const at = field === 'ramp_segments' ? sent[Number.parseInt(place, 10)]?.starts_on : undefined;
    if (at) rows[at] = issue.detail; else rest.push(issue.detail);
  }
  return { rows, rest: problem && problem.issues.length === 0 ? [problem.message] : rest };
}

function Steps({ draft, line, live, currency, faults, onChange }: { draft: RampDraft; line: Row; live: boolean; currency: string; faults: Record<string, string>; onChange: (draft: RampDraft) => void }) {
  const steps = drawn(draft, line);
  const sums = steps.map((step) => sumOf(step, line));
  const total = sums.reduce((sum, one) => sum + one.amount, 0);
  const exact = sums.every((one) => one.whole);
  const custom = draft.kind === 'custom';
  const price = (amount: number) => money(amount.toFixed(2), currency);
  const set = (at: number, change: Partial<RampRow>) => onChange({ ...draft, rows: draft.rows.map((row, i) => (i === at ? { ...row, ...change, own: true } : row)) });
  const again = (at: number) => onChange(followed({ ...draft, rows: draft.rows.map((row, i) => (i === at ? { ...row, own: false } : row)) }, line));
  const remove = (at: number) => onChange({ ...draft, rows: draft.rows.filter((_, i) => i !== at) });
  const cell = (at: number, column: 'quantity' | 'price', label: string) => (
    <TextInput size="xs" aria-label={r('ed.row', { what: label, number: at + 1 })} data-column={column} inputMode="decimal" value={draft.rows[at]![column]} onChange={(event) => set(at, { [column]: event.currentTarget.value })} />
  );
  return (
    <div className={css.scroll}>
      <table className={css.table} onKeyDown={walk}>
        <thead>
          <tr>
            <th scope="col">{r('ed.from')}</th><th scope="col">{r('ed.to')}</th><th scope="col" data-number>{r('ed.quantity')}</th><th scope="col" data-number>{r('ed.unit')}</th>
            <th scope="col" data-number>{r('ed.months')}</th><th scope="col" data-number>{r('ed.sum')}</th><th><span className="visually-hidden">{t('record.more')}</span></th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, i) => (
            <tr key={i} data-own={(draft.rows[i]!.own && !custom) || undefined}>
              <td>
                {custom && i > 0 ? <TextInput size="xs" type="date" aria-label={r('ed.row', { what: r('ed.from'), number: i + 1 })} data-column="from" value={step.from} onChange={(event) => event.currentTarget.value && set(i, { from: event.currentTarget.value })} /> : day(step.from)}
                {faults[step.from] && <p className={css.error} role="alert">{faults[step.from]}</p>}
              </td>
              <td>{step.to ? day(step.to) : ''}</td>
              <td data-number>{cell(i, 'quantity', r('ed.quantity'))}</td>
              <td data-number>{cell(i, 'price', r('ed.unit'))}</td>
              <td data-number>{number(Number(sums[i]!.months.toFixed(2)))}</td>
              <td data-number>{price(sums[i]!.amount)}</td>
              <td>
                {custom && <ActionIcon aria-label={r('ed.split', { number: i + 1 })} onClick={() => onChange(split(draft, i, line))}><IconPlus size={15} /></ActionIcon>}
                {custom && i > 0 && <ActionIcon aria-label={r('ed.remove', { number: i + 1 })} onClick={() => remove(i)}><IconTrash size={15} /></ActionIcon>}
                {!custom && draft.rows[i]!.own && !live && <ActionIcon aria-label={r('ed.again', { number: i + 1 })} onClick={() => again(i)}><IconArrowBackUp size={15} /></ActionIcon>}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={5}>{r('ed.total')}</td>
            <td data-number data-testid="ramp-total" title={exact ? undefined : r('ed.about_hint')}>{exact ? price(total) : r('ed.about', { amount: price(total) })}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function notesOf(draft: RampDraft, line: Row, live: boolean): string[] {
  const [first, second] = drawn(draft, line);
  const isShort = ['yearly', 'quarterly'].includes(draft.kind) && first && second && sumOf(first, line).months < sumOf(second, line).months;
  return [live && r('ed.live'), isShort && r('ed.short'), !live && draft.kind !== 'custom' && draft.kind !== 'none' && isCustom(draft) && r('ed.as_custom')].filter((note): note is string => Boolean(note));
}

export default function RampEditor({ line: latest, onClose }: { line: Row; onClose: () => void }) {
  const [line] = useState(latest); /* what is edited here, whatever others save meanwhile */
  const type = useType('contract_line');
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  const [draft, setDraft] = useState(() => draftOf(line));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const live = textOf(line, 'state') !== 'draft';
  const currency = (amountOf(line, 'unit_price') ?? amountOf(line, 'list_price'))?.currency ?? 'EUR';
  const sent = sentOf(draft, line, live);
  const faults = faultsOf(problem, sent.ramp_segments as { starts_on?: string }[]);
  const save = async (given = sent, version = line.version) => {
    const path = `contract_lines/${line.id}`;
    setBusy(true);
    setProblem(null);
    try {
      await updateRow(path, given, version);
      tell(r('ed.saved', { name: textOf(line, 'name') }));
      onClose();
    } catch (error) {
      const met = await meetingOf(error, path, line, given);
      setMeeting(met);
      if (!(error instanceof Problem)) tellProblem(error);
      else if (!met) setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  useKeys({ 'mod+enter': () => void save() });
  const change = (next: RampDraft) => { setProblem(null); setDraft(next); };
  return (
    <Modal opened onClose={onClose} size={880} title={r('ed.title', { name: textOf(line, 'name') })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form noValidate onSubmit={(event: FormEvent) => { event.preventDefault(); void save(); }}>
        {faults.rest.length > 0 && <p className={css.refused} role="alert">{faults.rest.join('; ')}</p>}
        {!live && <How draft={draft} line={line} onChange={change} />}
        {draft.kind === 'none' ? <p className="muted">{r('ed.none_hint')}</p> : (
          <>
            <div className={css.drawing}><Drawing steps={drawn(draft, line)} /></div>
            <Steps draft={draft} line={line} live={live} currency={currency} faults={faults.rows} onChange={change} />
          </>
        )}
        {notesOf(draft, line, live).map((note) => <p key={note} className={css.note}>{note}</p>)}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={busy} rightSection={<Keys of="mod+enter" />}>{r('ed.save')}</Button>
        </div>
      </form>
      {meeting && <MergeDialog type={type} meeting={meeting} onClose={() => setMeeting(null)} onSave={(mine) => void save(mine, meeting.theirs.version)} />}
    </Modal>
  );
}
