/* A secret that is shown once. It is closed by saying so, never by a stray Escape or click. */
import { Button, CopyButton, Modal } from '@mantine/core';
import { t } from '@/text/t';
import { IconCheck, IconCopy } from './icons';
import css from './Secret.module.css';

export function Secret({ title, body, secret, onClose }: { title: string; body: string; secret: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={title} closeOnEscape={false} closeOnClickOutside={false} withCloseButton={false}>
      <p className="muted">{body}</p>
      <p className={css.secret}>
        <code>{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => <Button data-autofocus variant="default" onClick={copy} leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}>{t(copied ? 'record.copied' : 'form.copy')}</Button>}
        </CopyButton>
      </p>
      <div className={css.buttons}><Button onClick={onClose}>{t('form.secret_done')}</Button></div>
    </Modal>
  );
}
