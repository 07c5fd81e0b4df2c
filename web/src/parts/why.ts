/* Failures in words. */
import { isStale, Offline, Problem } from '@/api/problem';
import { t } from '@/text/t';

export function why(error: unknown): string {
  if (error instanceof Offline) return t('app.unreached');
  return error instanceof Error ? error.message : String(error);
}

/* Why a change was not made: where it is about one field, what is wrong with that. */
export function refusalOf(error: unknown): string {
  if (isStale(error)) return t('merge.title');
  const issues = error instanceof Problem ? error.issues : [];
  return issues.length === 1 ? issues[0]!.detail : error instanceof Offline ? t('app.unsaved') : why(error);
}

/* What to name when one asks for help. */
export function requestOf(error: unknown): string {
  return error instanceof Problem && error.requestId ? t('app.request', { id: error.requestId }) : '';
}
