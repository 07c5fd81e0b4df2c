/* Somebody else saved what is designed here: what both changed is chosen part by part, the rest is told. */
import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { t } from '@/text/t';
import type { Clash, Merged, Part, Parts } from './merge';
import css from './MergeParts.module.css';

function Side({ title, part }: { title: string; part: Part | undefined }) {
  return <><b>{title}</b>{part ? <span className={css.text}>{part.text}</span> : <span className="muted">{t('merge.removed')}</span>}</>;
}

function One({ clash, side, onSide }: { clash: Clash; side: string; onSide: (side: string) => void }) {
  return (
    <Radio.Group className={css.clash} label={clash.label} value={side} onChange={onSide}>
      <div className={css.sides}>
        <Radio value="mine" size="xs" label={<Side title={t('merge.mine')} part={clash.mine} />} />
        <Radio value="theirs" size="xs" label={<Side title={t('merge.theirs')} part={clash.theirs} />} />
      </div>
    </Radio.Group>
  );
}

function Told({ title, labels }: { title: string; labels: string[] }) {
  if (labels.length === 0) return null;
  return <section className={css.told}><h3>{title}</h3><p>{labels.join(' · ')}</p></section>;
}

export function MergeParts({ merged, busy, onClose, onSave }: { merged: Merged; busy: boolean; onClose: () => void; onSave: (parts: Parts) => void }) {
  const [sides, setSides] = useState<Record<string, string>>({});
  return (
    <Modal opened onClose={onClose} size={720} title={t('merge.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <p className="muted">{t(merged.clashes.length > 0 ? 'merge.body_parts' : 'merge.no_clash_parts')}</p>
      {merged.clashes.map((clash) => <One key={clash.key} clash={clash} side={sides[clash.key] ?? 'mine'} onSide={(side) => setSides({ ...sides, [clash.key]: side })} />)}
      <Told title={t('merge.only_mine')} labels={merged.mine} />
      <Told title={t('merge.only_theirs')} labels={merged.theirs} />
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
        <Button data-autofocus loading={busy} onClick={() => onSave(merged.parts(sides))}>{t('merge.save')}</Button>
      </div>
    </Modal>
  );
}
