/* Failures in words. */
import { Offline, Problem } from '@/api/problem';
import { t } from '@/text/t';

export function why(error: unknown): string {
  if (error instanceof Offline) return t('app.unreached');
  return error instanceof Error ? error.message : String(error);
}

/* What to name when one asks for help. */
export function requestOf(error: unknown): string {
  return error instanceof Problem && error.requestId ? t('app.request', { id: error.requestId }) : '';
}
