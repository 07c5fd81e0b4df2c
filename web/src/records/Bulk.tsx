/* The same change to many records, one request each, so that each is judged by itself. */
import { Button, Menu, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { isInput, type MetaAction, type MetaField, type MetaType } from '@/api/meta';
import { act, deleteRow, type Json, type Row, updateRow } from '@/api/records';
import { useMay } from '@/api/session';
import { IconChevronDown, IconPencil, IconTrash, IconX } from '@/parts/icons';
import { number, t, tn } from '@/text/t';
import { ActionDialog } from './ActionDialog';
import css from './Bulk.module.css';
import { FieldInput } from './inputs';
import { type Left, LeftAlone, type Run, runAll } from './LeftAlone';

function ChangeField({ type, count, onClose, onSet }: {
  type: MetaType;
  count: number;
  onClose: () => void;
  onSet: (field: MetaField, value: Json) => Promise<void>;
}) {
  const kinds = new Set(['enum', 'id', 'text', 'bool', 'date']);
  const fields = type.fields.filter((field) => isInput(field) && kinds.has(field.kind) && field.rule === 'optional' && field.show !== 'side');
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState<Json>(null);
  const [busy, setBusy] = useState(false);
  const field = fields.find((one) => one.name === name);
  return (
    <Modal opened onClose={onClose} title={t('list.change_field')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        if (!field) return;
        setBusy(true);
        void onSet(field, value).then(onClose);
      }}>
        <Select label={t('merge.field')} searchable data-autofocus value={name} onChange={(one) => { setName(one); setValue(null); }}
          data={fields.map((one) => ({ value: one.name, label: one.label }))} />
        {field && <FieldInput field={field} value={value} onChange={setValue} form={{}} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={busy} disabled={!field}>{t('form.save')} ({number(count)})</Button>
        </div>
      </form>
    </Modal>
  );
}

type Dialog = { what: 'field' | MetaAction; rows: Row[] }; /* as they were when it was opened */

/* What was left alone stays selected. */
export function Bulk({ type, rows, onSelect }: { type: MetaType; rows: Row[]; onSelect: (ids: string[]) => void }) {
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [result, setResult] = useState<{ left: Left[]; run: Run } | null>(null);
  const [busy, setBusy] = useState(false);
  const path = (row: Row) => `${type.plural}/${row.id}`;
  const start = async (chosen: Row[], run: Run) => {
    setBusy(true);
    const left = await runAll(type, chosen, run);
    setBusy(false);
    setResult(left.length > 0 ? { left, run } : null);
    onSelect(left.map(({ row }) => row.id));
  };
  if (rows.length === 0 && dialog === null && result === null) return null;
  const actions = type.actions.filter((action) => may(action.permission) && action.fields.every((field) => field.rule !== 'required' || field.kind !== 'ids'));
  return (
    <div className={css.bar} role="toolbar" aria-label={tn('list.selected', rows.length)}>
      <span className={css.count}>{tn('list.selected', rows.length)}</span>
      {actions.length > 0 && (
        <Menu position="top-start">
          <Menu.Target><Button size="xs" variant="default" disabled={busy} rightSection={<IconChevronDown size={14} />}>{t('record.more')}</Button></Menu.Target>
          <Menu.Dropdown>
            {actions.map((action) => <Menu.Item key={action.name} onClick={() => setDialog({ what: action, rows })}>{action.label}</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      )}
      {type.updatable && may(type.permissions.update) && (
        <Button size="xs" variant="default" disabled={busy} leftSection={<IconPencil size={14} />} onClick={() => setDialog({ what: 'field', rows })}>{t('list.change_field')}</Button>
      )}
      {type.deletable && may(type.permissions.delete) && (
        <Button size="xs" variant="default" disabled={busy} leftSection={<IconTrash size={14} />} onClick={() => void start(rows, (row) => deleteRow(path(row), row.version))}>{t('record.delete')}</Button>
      )}
      <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={() => onSelect([])}>{t('list.deselect')}</Button>
      {dialog?.what === 'field' && (
        <ChangeField type={type} count={dialog.rows.length} onClose={() => setDialog(null)}
          onSet={(field, value) => start(dialog.rows, (row) => updateRow(path(row), { [field.name]: value }, row.version))} />
      )}
      {dialog !== null && dialog.what !== 'field' && (
        <ActionDialog action={dialog.what} title={`${dialog.what.label}: ${tn('list.selected', dialog.rows.length)}`} onClose={() => setDialog(null)}
          onRun={(given) => start(dialog.rows, (row) => act(path(row), (dialog.what as MetaAction).name, given, row.version))} />
      )}
      {result && <LeftAlone type={type} left={result.left} onClose={() => setResult(null)} onAgain={(again) => start(again, result.run)} />}
    </div>
  );
}
