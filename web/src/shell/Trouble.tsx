/* Signs above the page: there is no server, or something failed that is told nowhere else on the page. */
import type { Query } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useLive } from '@/api/live';
import { isRefused, Offline } from '@/api/problem';
import { queries } from '@/api/query';
import { isReached, isThere, whenReachChanges } from '@/api/reach';
import { IconAlertTriangle, IconWifiOff } from '@/parts/icons';
import { isTold, whenToldChanges } from '@/parts/told';
import { tell } from '@/parts/toast';
import { Request, TryAgain } from '@/parts/TryAgain';
import { why } from '@/parts/why';
import { t } from '@/text/t';
import css from './Trouble.module.css';

const AGAIN_MS = 4000;

/* While it is away it is asked for; once it is back, so is everything else. */
function useReach(): boolean {
  const reached = useSyncExternalStore(whenReachChanges, isReached);
  const live = useLive();
  const before = useRef(reached);
  useEffect(() => {
    const look = () => void isThere();
    const names = ['offline', 'online'];
    names.forEach((name) => window.addEventListener(name, look));
    return () => names.forEach((name) => window.removeEventListener(name, look));
  }, []);
  useEffect(() => { if (live === 'broken') void isThere(); }, [live]);
  useEffect(() => {
    if (before.current === reached) return;
    before.current = reached;
    if (!reached) return;
    tell(t('app.back_online'));
    void queries.invalidateQueries();
  }, [reached]);
  useEffect(() => {
    if (reached) return undefined;
    const timer = setInterval(() => void isThere(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [reached]);
  return reached;
}

/* A refusal of rows leaves a gap on the page. That of a single record does not: it is named by its identifier, or told
 * in its place; nor do answers to questions that are being typed. */
function isGap({ queryKey: [rows, , what], state }: Query): boolean {
  return !isRefused(state.error) || ((rows === 'rows' || rows === 'reports') && what !== 'one');
}

function failing() {
  return queries.getQueryCache().findAll({ type: 'active', predicate: (query) => query.state.status === 'error' && !(query.state.error instanceof Offline) && isGap(query) });
}

function untold(): unknown {
  return failing().find(({ state }) => !isTold(state.error))?.state.error ?? null;
}

function whenUntoldChanges(listener: () => void): () => void {
  const ends = [queries.getQueryCache().subscribe(listener), whenToldChanges(listener)];
  return () => ends.forEach((end) => end());
}

const again = () => failing().forEach((query) => void query.fetch().catch(() => undefined));

export function Trouble() {
  const reached = useReach();
  const error = useSyncExternalStore(whenUntoldChanges, untold);
  if (!reached) return <p className={css.sign} role="alert"><IconWifiOff size={16} aria-hidden />{t('app.offline')}</p>;
  if (error === null) return null;
  return (
    <p className={css.sign} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <span>{t('app.part_failed', { why: why(error) })} <Request error={error} /></span>
      <TryAgain onClick={again} />
    </p>
  );
}
