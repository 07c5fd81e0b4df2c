/* What a page shows when it has nothing else to show: it waits, is empty, or failed. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { isMissing, Offline, Problem } from '@/api/problem';
import { t } from '@/text/t';
import { IconAlertTriangle, IconInbox, IconWifiOff } from './icons';
import css from './States.module.css';
import type { Icon } from './tone';

export function Empty({ icon: Shown = IconInbox, title, hint, children, alone }: {
  alone?: boolean; /* it is the page: its title is the heading */
  icon?: Icon;
  title: string;
  hint?: string;
  children?: ReactNode;
}) {
  return (
    <div className={css.state}>
      <Shown size={28} stroke={1.5} aria-hidden />
      {alone ? <h1 className={css.title}>{title}</h1> : <p className={css.title}>{title}</p>}
      {hint && <p className={css.hint}>{hint}</p>}
      {children && <div className={css.act}>{children}</div>}
    </div>
  );
}

export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  if (isMissing(error)) return <Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />;
  const problem = error instanceof Problem ? error : null;
  const offline = error instanceof Offline;
  return (
    <div role="alert">
      <Empty
        icon={offline ? IconWifiOff : IconAlertTriangle}
        title={t('app.failed')}
        hint={offline ? t('app.offline') : (problem?.message ?? String(error))}
      >
        {again && <Button variant="default" onClick={again}>{t('app.try_again')}</Button>}
      </Empty>
      {problem?.requestId && <p className={css.request}>{t('app.request', { id: problem.requestId })}</p>}
    </div>
  );
}

/* Grey bars of the size of what will be there. */
export function Bars({ count = 6, height = 16, label = t('common.loading') }: {
  count?: number;
  height?: number;
  label?: string;
}) {
  return (
    <div className={css.bars} role="status" aria-label={label}>
      {Array.from({ length: count }, (_, i) => (
        <span key={i} className={css.bar} style={{ height, width: `${92 - ((i * 37) % 48)}%` }} />
      ))}
    </div>
  );
}
