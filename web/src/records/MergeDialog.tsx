/* Two people changed the same record: nothing is lost without being looked at. */
import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import type { MetaType } from '@/api/meta';
import { Problem } from '@/api/problem';
import { getRow, type Json, type Row } from '@/api/records';
import css from '@/parts/MergeParts.module.css';
import { t } from '@/text/t';
import { clashesOf } from './changes';
import { Side } from './MergeSide';

/* What was read, what is made of it here, and what somebody else made of it meanwhile. */
export interface Meeting {
  before: Row;
  mine: Record<string, Json>;
  theirs: Row;
}

/* Null where it was refused for another reason. */
export async function meetingOf(error: unknown, path: string, before: Row, mine: Record<string, Json>): Promise<Meeting | null> {
  if (!(error instanceof Problem) || error.code !== 'precondition_failed') return null;
  const theirs = await getRow(path).catch(() => null);
  return theirs && { before, mine, theirs };
}

export function MergeDialog({ type, meeting, onClose, onSave }: {
  type: MetaType;
  meeting: Meeting;
  onClose: () => void;
  onSave: (mine: Record<string, Json>) => void;
}) {
  const { before, mine, theirs } = meeting;
  const clashes = clashesOf(type, before, mine, theirs);
  const [kept, setKept] = useState<Record<string, string>>({});
  const save = () => {
    const dropped = new Set(clashes.filter((clash) => kept[clash.field.name] === 'theirs').map((clash) => clash.field.name));
    onSave(Object.fromEntries(Object.entries(mine).filter(([name]) => !dropped.has(name))));
  };
  return (
    <Modal opened onClose={onClose} title={t('merge.title')} size={640} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <p className="muted">{clashes.length > 0 ? t('merge.body') : t('merge.no_clash')}</p>
      {clashes.map((clash) => (
        <Radio.Group key={clash.field.name} className={css.clash} label={clash.field.label} value={kept[clash.field.name] ?? 'mine'}
          onChange={(side) => setKept({ ...kept, [clash.field.name]: side })}>
          <div className={css.sides}>
            <Radio value="mine" size="xs" label={<Side title={t('merge.mine')} field={clash.field} before={before[clash.field.name] ?? null} here={clash.mine} there={clash.theirs} />} />
            <Radio value="theirs" size="xs" label={<Side title={t('merge.theirs')} field={clash.field} before={before[clash.field.name] ?? null} here={clash.theirs} there={clash.mine} />} />
          </div>
        </Radio.Group>
      ))}
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
        <Button data-autofocus onClick={save}>{t('merge.save')}</Button>
      </div>
    </Modal>
  );
}
