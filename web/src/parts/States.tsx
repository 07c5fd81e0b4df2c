/* What a page shows when it has nothing else to show: it waits, is empty, or failed. */
import { Button } from '@mantine/core';
import { type ReactNode, useLayoutEffect } from 'react';
import { isMissing, isRefused, Offline } from '@/api/problem';
import { t } from '@/text/t';
import { IconAlertTriangle, IconInbox, IconWifiOff } from './icons';
import { useTitle } from './Page';
import { setTold } from './told';
import type { Icon } from './tone';
import { requestOf, why } from './why';
import css from './States.module.css';

function Heading({ title }: { title: string }) {
  useTitle(title);
  return <h1 className={css.title}>{title}</h1>;
}

export function Empty({ icon: Shown = IconInbox, title, hint, children, alone }: {
  alone?: boolean; /* it is the page: its title is the heading */
  icon?: Icon;
  title: string;
  hint?: string;
  children?: ReactNode;
}) {
  return (
    <div className={css.state} data-empty>
      <Shown size={28} stroke={1.5} aria-hidden />
      {alone ? <Heading title={title} /> : <p className={css.title}>{title}</p>}
      {hint && <p className={css.hint}>{hint}</p>}
      {children && <div className={css.act}>{children}</div>}
    </div>
  );
}

export function Failed({ error, again, alone }: { error: unknown; again?: () => void; alone?: boolean }) {
  useLayoutEffect(() => setTold(error), [error]);
  if (alone && isMissing(error)) return <Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />;
  const request = requestOf(error);
  const offline = error instanceof Offline;
  return (
    <div role="alert">
      <Empty
        alone={alone}
        icon={offline ? IconWifiOff : IconAlertTriangle}
        title={t('app.failed')}
        hint={why(error)}
      >
        {again && <Button variant="default" onClick={again}>{t('app.try_again')}</Button>}
      </Empty>
      {request && <p className={css.request}>{request}</p>}
    </div>
  );
}

/* As much as a query tells of itself. */
export interface Ask<T = unknown> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/* It cannot be shown: it is not there, or it is refused by now. */
export function isLost({ data, error }: Ask): boolean {
  return Boolean(error) && (data === undefined || isRefused(error));
}

/* What was asked for: waited for, failed, or drawn. What is there stays while asking again fails, unless
 * it is refused. */
export function Asked<T>({ of, wait = <Bars />, alone, children }: {
  of: Ask<T>;
  wait?: ReactNode;
  alone?: boolean; /* it is the page */
  children: (data: T) => ReactNode;
}) {
  if (isLost(of)) return <Failed alone={alone} error={of.error} again={() => void of.refetch()} />;
  return of.data === undefined ? wait : children(of.data);
}

function barsOf(count: number, height: number): ReactNode {
  return Array.from({ length: count }, (_, i) => <span key={i} className={css.bar} style={{ height, width: `${92 - ((i * 37) % 48)}%` }} />);
}

/* Grey bars of the size of what will be there. */
export function Bars({ count = 6, height = 16, label = t('common.loading') }: {
  count?: number;
  height?: number;
  label?: string;
}) {
  return <div className={css.bars} role="status" aria-label={label}>{barsOf(count, height)}</div>;
}

/* The same for a whole record: its heading, what stands out, and two columns. */
export function PageBars() {
  return (
    <div className={css.page} role="status" aria-label={t('common.loading')}>
      <span className={css.bar} style={{ height: 12, width: 120 }} />
      <span className={css.bar} style={{ height: 28, width: 'min(360px, 60%)' }} />
      <span className={css.bar} style={{ height: 72 }} />
      <div className={css.columns}>
        {[6, 4].map((count) => <div key={count} className={css.bars}>{barsOf(count, 16)}</div>)}
      </div>
    </div>
  );
}
