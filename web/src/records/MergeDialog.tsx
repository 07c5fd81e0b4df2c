/* Two people changed the same record: nothing is lost without being looked at. */
import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import type { MetaType } from '@/api/meta';
import type { Json, Row } from '@/api/records';
import css from '@/parts/MergeParts.module.css';
import { isEmpty, useLabel, valueText } from '@/parts/Value';
import { t } from '@/text/t';
import { type Clash, clashesOf } from './changes';

function Side({ clash, value, theirs }: { clash: Clash; value: Json; theirs: Row }) {
  const label = useLabel();
  if (isEmpty(value)) return <span className="muted">{t('record.none')}</span>;
  return <>{valueText(clash.field, { ...theirs, [clash.field.name]: value, [clash.field.name.replace(/_id$/, '')]: null }, label)}</>;
}

export function MergeDialog({ type, before, mine, theirs, onClose, onSave }: {
  type: MetaType;
  before: Row;
  mine: Record<string, Json>;
  theirs: Row;
  onClose: () => void;
  onSave: (mine: Record<string, Json>) => void;
}) {
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
            <Radio value="mine" size="xs" label={<><b>{t('merge.mine')}</b><Side clash={clash} value={clash.mine} theirs={theirs} /></>} />
            <Radio value="theirs" size="xs" label={<><b>{t('merge.theirs')}</b><Side clash={clash} value={clash.theirs} theirs={theirs} /></>} />
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
