/* The same change to many records, one request each, so that each is judged by itself. */
import { Button, Menu, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { isInput, type MetaAction, type MetaField, type MetaType } from '@/api/meta';
import { act, deleteRow, type Json, type Row, updateRow } from '@/api/records';
import { useMay } from '@/api/session';
import { IconChevronDown, IconPencil, IconTrash, IconX } from '@/parts/icons';
import { tell, tellProblem } from '@/parts/toast';
import { number, t, tn } from '@/text/t';
import { ActionDialog } from './ActionDialog';
import css from './Bulk.module.css';
import { FieldInput } from './inputs';

/* All of them; refusals are counted and the first is told. */
async function forEach(rows: Row[], run: (row: Row) => Promise<unknown>): Promise<void> {
  const refused: string[] = [];
  for (const row of rows) {
    await run(row).catch((error: Error) => refused.push(error.message));
  }
  if (rows.length > refused.length) tell(tn('list.bulk_done', rows.length - refused.length));
  if (refused.length > 0) {
    tellProblem(new Error(t('list.bulk_failed', { failed: refused.length, count: rows.length, reason: refused[0]! })));
  }
}

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

export function Bulk({ type, rows, onDone }: { type: MetaType; rows: Row[]; onDone: () => void }) {
  const may = useMay();
  const [dialog, setDialog] = useState<MetaAction | 'field' | null>(null);
  if (rows.length === 0) return null;
  const actions = type.actions.filter((action) => may(action.permission) && action.fields.every((field) => field.rule !== 'required' || field.kind !== 'ids'));
  const path = (row: Row) => `${type.plural}/${row.id}`;
  const remove = () => { void forEach(rows, (row) => deleteRow(path(row))).then(onDone); };
  return (
    <div className={css.bar} role="toolbar" aria-label={tn('list.selected', rows.length)}>
      <span className={css.count}>{tn('list.selected', rows.length)}</span>
      {actions.length > 0 && (
        <Menu position="top-start">
          <Menu.Target><Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>{t('record.more')}</Button></Menu.Target>
          <Menu.Dropdown>
            {actions.map((action) => <Menu.Item key={action.name} onClick={() => setDialog(action)}>{action.label}</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      )}
      {type.updatable && may(type.permissions.update) && (
        <Button size="xs" variant="default" leftSection={<IconPencil size={14} />} onClick={() => setDialog('field')}>{t('list.change_field')}</Button>
      )}
      {type.deletable && may(type.permissions.delete) && (
        <Button size="xs" variant="default" leftSection={<IconTrash size={14} />} onClick={remove}>{t('record.delete')}</Button>
      )}
      <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={onDone}>{t('list.deselect')}</Button>
      {dialog === 'field' && (
        <ChangeField type={type} count={rows.length} onClose={() => setDialog(null)}
          onSet={(field, value) => forEach(rows, (row) => updateRow(path(row), { [field.name]: value })).then(onDone)} />
      )}
      {dialog !== null && dialog !== 'field' && (
        <ActionDialog action={dialog} title={`${dialog.label}: ${tn('list.selected', rows.length)}`} onClose={() => setDialog(null)}
          onRun={async (given) => { await forEach(rows, (row) => act(path(row), dialog.name, given)); onDone(); }} />
      )}
    </div>
  );
}
