/* Short messages at the bottom, with undo where there is one. */
import { useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { t } from '@/text/t';
import { IconAlertTriangle, IconCircleCheck, IconX } from './icons';
import css from './toast.module.css';
import { refusalOf } from './why';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  link?: { to: string; text: string };
  undo?: () => Promise<unknown>;
}

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  listeners.forEach((tell) => tell());
}

function drop(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

function show(toast: Omit<Toast, 'id'>): void {
  const id = ++last;
  set([...toasts.slice(-2), { ...toast, id }]);
  setTimeout(() => drop(id), toast.bad || toast.undo || toast.link ? 9000 : 5000);
}

export function tell(text: string, more: { undo?: () => Promise<unknown>; link?: { to: string; text: string } } = {}): void {
  show({ text, bad: false, ...more });
}

export function tellProblem(error: unknown): void {
  show({ text: refusalOf(error), bad: true });
}

async function undo(toast: Toast): Promise<void> {
  drop(toast.id);
  try {
    await toast.undo?.();
    tell(t('action.undone'));
  } catch (error) {
    tellProblem(error);
  }
}

export function Toaster() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={css.toaster} role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={css.toast} data-bad={toast.bad || undefined}>
          {toast.bad ? <IconAlertTriangle size={16} aria-hidden /> : <IconCircleCheck size={16} aria-hidden />}
          <span>{toast.text}</span>
          {toast.link && <Link className={css.undo} to={toast.link.to} onClick={() => drop(toast.id)}>{toast.link.text}</Link>}
          {toast.undo && (
            <button type="button" className={css.undo} onClick={() => void undo(toast)}>{t('action.undo')}</button>
          )}
          <button type="button" className={css.close} aria-label={t('common.close')} onClick={() => drop(toast.id)}>
            <IconX size={14} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  );
}
