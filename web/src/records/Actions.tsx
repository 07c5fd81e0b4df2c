/* What can be done with a record: the likeliest as a button, the rest in a menu. */
import { Button, Menu, Modal } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { MetaAction, MetaType } from '@/api/meta';
import { act, deleteRow, type Json, type Row, useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { IconCopy, IconDots, IconPencil, IconTrash } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { tell, tellProblem } from '@/parts/toast';
import { useLabel } from '@/parts/Value';
import { t } from '@/text/t';
import { ActionDialog } from './ActionDialog';
import css from './Actions.module.css';

/* What the server says of an action and this record; its reason where it is not allowed. */
export interface Flag {
  name: string;
  allowed: boolean;
  code: string | null;
  reason: string | null;
}

export function flagsOf(row: Row | undefined): Map<string, Flag> | null {
  return Array.isArray(row?.actions) ? new Map((row.actions as unknown as Flag[]).map((flag) => [flag.name, flag])) : null;
}

/* Pages of a record ask for the flags with it; where it is a row of a list, they are asked for
 * when its menu is about to open: an item that moves while it has the focus would lose it. */
function useFlags(type: MetaType, row: Row, asked: boolean): Map<string, Flag> | null {
  const own = flagsOf(row);
  const { data } = useRow(type.plural!, own === null && asked ? row.id : null, { actions: 'true', fields: 'id' });
  return own ?? flagsOf(data);
}

/* Actions that a second one takes back at once. */
const undoes: Record<string, string> = { resolve: 'reopen', cancel: 'reactivate', activate: 'deactivate', set_default: 'clear_default', clear_default: 'set_default' };

/* Those that the person may use at all, and that would change something. */
export function actionsFor(type: MetaType, row: Row, may: (permission: string) => boolean): MetaAction[] {
  return type.actions.filter((action) => {
    if (action.name === 'set_default' && row.is_default === true) return false;
    if (action.name === 'clear_default' && row.is_default !== true) return false;
    if (action.name === 'unlink' && row.entitlement_id === null) return false;
    if (action.name === 'revoke' && row.revoked_at !== null) return false;
    return may(action.permission);
  });
}

export function useAct(type: MetaType, row: Row): (action: MetaAction, given: Record<string, Json>) => Promise<Row> {
  const navigate = useNavigate();
  return async (action, given) => {
    const path = `${type.plural}/${row.id}`;
    const after = await act(path, action.name, given);
    const back = type.actions.find((one) => one.name === undoes[action.name]);
    const undo = back && type.name === 'case' ? () => act(path, back.name, { reason: t('action.undo') }) : undefined;
    tell(t('action.done', { action: action.label }), undo ? { undo } : {});
    if (after.id !== row.id) void navigate(`/${type.plural}/${after.id}`);
    return after;
  };
}

export function Actions({ type, row, primary, hidden = [] }: { type: MetaType; row: Row; primary?: string; hidden?: string[] }) {
  const may = useMay();
  const label = useLabel();
  const navigate = useNavigate();
  const run = useAct(type, row);
  const [dialog, setDialog] = useState<MetaAction | null>(null);
  const [deleting, setDeleting] = useState(false);
  const [opened, setOpened] = useState(false);
  const flags = useFlags(type, row, opened);
  const why = (name: string) => flags?.get(name)?.reason ?? null;
  const known = actionsFor(type, row, may).filter((action) => !hidden.includes(action.name));
  const actions = known.filter((action) => why(action.name) === null);
  const barred = known.filter((action) => why(action.name) !== null);
  const first = actions.find((action) => action.name === primary) ?? (primary === undefined && actions.length > 0 && actions[0]!.name === 'activate' ? actions[0] : undefined);
  const rest = actions.filter((action) => action !== first);
  const canEdit = type.updatable && may(type.permissions.update);
  const canDelete = type.deletable && may(type.permissions.delete);
  const edit = `/${type.plural}/${row.id}/edit`;
  const start = (action: MetaAction) => {
    if (action.fields.every((field) => field.name === 'reason' && field.rule !== 'required') && ['set_default', 'clear_default', 'reopen', 'reactivate'].includes(action.name)) {
      run(action, {}).catch(tellProblem);
    } else setDialog(action);
  };
  const remove = () => {
    deleteRow(`${type.plural}/${row.id}`, row.version).then(() => {
      tell(t('record.deleted', { name: label(row) }));
      void navigate(`/${type.plural}`);
    }, tellProblem).finally(() => setDeleting(false));
  };
  useKeys(canEdit ? { e: () => void navigate(edit) } : {}); /* else the key is that of what is around it */
  return (
    <>
      {first && <Button onClick={() => start(first)}>{first.label}</Button>}
      {canEdit && <Button variant="default" component={Link} to={edit} leftSection={<IconPencil size={15} />}>{t('record.edit')}</Button>}
      <Menu position="bottom-end" width={260} onOpen={() => setOpened(true)}>
        <Menu.Target><Button variant="default" px={8} aria-label={t('record.more')} onFocus={() => setOpened(true)} onMouseEnter={() => setOpened(true)}><IconDots size={16} /></Button></Menu.Target>
        <Menu.Dropdown>
          {rest.map((action) => <Menu.Item key={action.name} onClick={() => start(action)}>{action.label}</Menu.Item>)}
          {rest.length > 0 && <Menu.Divider />}
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => void navigator.clipboard.writeText(row.id).then(() => tell(t('record.copied')))}>{t('record.copy_id')}</Menu.Item>
          {canDelete && <Menu.Item color="red" disabled={why('delete') !== null} title={why('delete') ?? undefined} leftSection={<IconTrash size={15} />} onClick={() => setDeleting(true)}>{t('record.delete')}</Menu.Item>}
          {barred.length > 0 && <Menu.Divider />}
          {barred.length > 0 && <Menu.Label>{t('action.not_now')}</Menu.Label>}
          {barred.map((action) => (
            <Menu.Item key={action.name} disabled className={css.barred}>
              {action.label}
              <span className={css.why}>{why(action.name)}</span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {dialog && <ActionDialog action={dialog} title={`${dialog.label}: ${label(row)}`} form={row} onClose={() => setDialog(null)} onRun={async (given) => { await run(dialog, given); }} />}
      <Modal opened={deleting} onClose={() => setDeleting(false)} title={t('record.delete_title', { name: label(row) })} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <p className="muted">{t('record.delete_body')}</p>
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, marginTop: 24 }}>
          <Button variant="default" onClick={() => setDeleting(false)}>{t('form.cancel')}</Button>
          <Button color="red" onClick={remove}>{t('record.delete')}</Button>
        </div>
      </Modal>
    </>
  );
}
