/* A dialog that is gone takes the focus with it: it goes back to what had it before. */
import { useEffect } from 'react';

const above = '[role="dialog"], .mantine-Popover-dropdown, .mantine-Menu-dropdown';

/* What closes moves out first, for as long as the machine takes. */
const LOOK_MS = 60;
const PATIENCE_MS = 5000;

function isOpen(): boolean {
  return [...document.querySelectorAll(above)].some((one) => one.getClientRects().length > 0);
}

export function useFocusBack(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let wasOpen = false;
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.closest(above) === null) last = target;
    };
    const before = () => { wasOpen = isOpen(); };
    const giveBack = (until: number) => {
      if (isOpen()) {
        if (Date.now() < until) setTimeout(giveBack, LOOK_MS, until);
      } else if (document.activeElement === document.body && last?.isConnected) last.focus({ preventScroll: true });
    };
    const after = ({ key }: KeyboardEvent) => {
      if (wasOpen && ['Escape', 'Enter'].includes(key)) setTimeout(giveBack, LOOK_MS, Date.now() + PATIENCE_MS);
    };
    document.addEventListener('focusin', remember);
    window.addEventListener('keydown', before, true); /* before those of dialogs, which close them */
    document.addEventListener('keyup', after);
    return () => {
      document.removeEventListener('focusin', remember);
      window.removeEventListener('keydown', before, true);
      document.removeEventListener('keyup', after);
    };
  }, []);
}
