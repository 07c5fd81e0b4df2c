/* What an entitlement covers: its lists, its rows of grants, its channels. */
import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { fieldNamed, type MetaField, type MetaType } from '@/api/meta';
import { act, type Json, type Row, textOf, updateRow } from '@/api/records';
import { useMay } from '@/api/session';
import { IconPencil } from '@/parts/icons';
import { Meter } from '@/parts/Meter';
import { Section } from '@/parts/Page';
import { tell, tellProblem } from '@/parts/toast';
import { isEmpty, NameOf, Value } from '@/parts/Value';
import { changesOf } from '@/records/changes';
import { FieldInput } from '@/records/inputs';
import { type Meeting, MergeDialog, meetingOf } from '@/records/MergeDialog';
import { units } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Covers.module.css';

function Matrix({ field, rows }: { field: MetaField; rows: Row[] }) {
  const columns = (field.child ?? []).filter((one) => one.rule !== 'key');
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={field.label}>
      <table className={css.matrix}>
        <thead><tr>{columns.map((one) => <th key={one.name} scope="col">{one.label}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map((one) => (
                <td key={one.name}>
                  {isEmpty(row[one.name]) ? <span className={css.any}>{t('ent.any')}</span>
                    : one.kind === 'id' ? <NameOf plural={one.target_plural ?? ''} id={textOf(row, one.name)} /> : humanize(textOf(row, one.name))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* Rows of a draft are changed at once; those of a live entitlement by an amendment. */
function EditRows({ type, row: latest, field, onClose }: { type: MetaType; row: Row; field: MetaField; onClose: () => void }) {
  const [row] = useState(latest); /* what is edited here, whatever others save meanwhile */
  const [value, setValue] = useState<Json>((row[field.name] ?? []) as Json);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  const isDraft = row.state === 'draft';
  const save = async (changes: Record<string, Json>, version?: number) => {
    const path = `entitlements/${row.id}`;
    setBusy(true);
    try {
      if (Object.keys(changes).length > 0) {
        await (isDraft ? updateRow(path, changes, version) : act(path, 'amend', { changes, ...(reason ? { reason } : {}) }, version));
        tell(t('form.saved', { name: field.label }));
      }
      onClose();
    } catch (error) {
      const met = await meetingOf(error, path, row, changes);
      setMeeting(met);
      if (!met) tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(changesOf(type, row, { [field.name]: value }), row.version);
  };
  return (
    <Modal opened onClose={onClose} title={field.label} size={960} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} className={css.form}>
        <FieldInput field={field} value={value} onChange={setValue} form={row} />
        {!isDraft && <TextInput label={t('form.reason')} description={t('action.reason_hint')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('form.save')}</Button>
        </div>
      </form>
      {meeting && <MergeDialog type={type} meeting={meeting} onClose={() => setMeeting(null)} onSave={(mine) => void save(mine, meeting.theirs.version)} />}
    </Modal>
  );
}

function Channels({ row }: { row: Row }) {
  const unit = String(row.unit ?? 'cases');
  return (
    <ul className={css.channels}>
      {(row.channels as Row[]).map((channel) => {
        const total = channel.total === null ? null : Number(channel.total);
        const available = Number(channel.available ?? 0);
        return (
          <li key={channel.id}>
            <span>{humanize(textOf(channel, 'channel'))}</span>
            {total === null ? <span className="muted">{t('desk.unlimited')}</span>
              : total === 0 ? <span className="muted">{t('ent.channel_closed')}</span>
              : <>
                  <Meter total={total} available={available} reserved={Number(channel.remaining ?? 0) - available} used={total - Number(channel.remaining ?? 0)} />
                  <span className={css.left}>{t('units.left_short', { left: units(available, unit), total: units(total, unit) })}</span>
                </>}
          </li>
        );
      })}
    </ul>
  );
}

export function Covers({ type, row }: { type: MetaType; row: Row }) {
  const may = useMay();
  const [editing, setEditing] = useState<string | null>(null);
  const grants = fieldNamed(type, 'grants');
  const channels = fieldNamed(type, 'channels');
  const lists = ['products', 'contacts', 'asset_id', 'contact_id'].flatMap((name) => fieldNamed(type, name) ?? []).filter((field) => !isEmpty(row[field.name]));
  const hasRows = !isEmpty(row.grants);
  const mayEdit = may(row.state === 'draft' ? type.permissions.update : 'entitlement.amend') && !['cancelled', 'expired'].includes(textOf(row, 'state'));
  const edit = (name: string) => mayEdit && (
    <Button variant="subtle" size="xs" leftSection={<IconPencil size={14} />} onClick={() => setEditing(name)}>{t('record.edit')}</Button>
  );
  const field = editing ? fieldNamed(type, editing) : undefined;
  return (
    <>
      <Section title={t('ent.covers')} beside={edit('grants')}>
        {lists.length > 0 && (
          <dl className={css.lists}>
            {lists.map((one) => <div key={one.name}><dt>{one.label}</dt><dd><Value field={one} row={row} /></dd></div>)}
          </dl>
        )}
        {hasRows && grants && <><p className={css.note}>{t('ent.rows')}</p><Matrix field={grants} rows={row.grants as Row[]} /></>}
        {!hasRows && lists.length === 0 && <p className="muted">{t('ent.covers_all')}</p>}
      </Section>
      <Section title={t('ent.channels')} beside={edit('channels')}>
        {channels && !isEmpty(row.channels) && <Channels row={row} />}
        <p className={css.note}>{t(row.other_channels === 'deny' ? 'ent.other_channels_deny' : 'ent.other_channels_allow')}</p>
      </Section>
      {field && <EditRows type={type} row={row} field={field} onClose={() => setEditing(null)} />}
    </>
  );
}
