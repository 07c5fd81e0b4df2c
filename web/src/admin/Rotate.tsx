/* A new secret for an endpoint: for how long the old one stays valid, then the new one, once. */
import { Button, Modal, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { act, type Row, textOf } from '@/api/records';
import { Secret } from '@/parts/Secret';
import { tellProblem } from '@/parts/toast';
import { a } from '@/text/admin';
import { t } from '@/text/t';
import css from './Rotate.module.css';

const choices = ['0', '1', '24', '72', '168'] as const;

export function Rotate({ row, onClose }: { row: Row; onClose: () => void }) {
  const [hours, setHours] = useState('24');
  const [busy, setBusy] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const name = textOf(row, 'name');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    act(`webhook_endpoints/${row.id}`, 'rotate_secret', { keep_old_hours: Number(hours) })
      .then((after) => setSecret(textOf(after, 'secret')), tellProblem).finally(() => setBusy(false));
  };
  if (secret !== null) return <Secret title={a('hook.secret_of', { name })} body={t('form.secret_body')} secret={secret} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={a('hook.rotate_title', { name })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit}>
        <p className="muted">{a('hook.rotate_body')}</p>
        <Radio.Group className={css.hours} label={a('hook.keep_hours')} value={hours} onChange={setHours}>
          <div className={css.choices}>
            {choices.map((one) => <Radio key={one} size="xs" value={one} label={a(`hook.keep_${one}`)} {...(one === hours ? { 'data-autofocus': true } : {})} />)}
          </div>
        </Radio.Group>
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={busy}>{a('hook.rotate')}</Button>
        </div>
      </form>
    </Modal>
  );
}
