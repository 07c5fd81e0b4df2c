/* A dialog that is gone takes the focus with it: it goes back to what had it before. */
import { useEffect } from 'react';

const above = '[role="dialog"], .mantine-Popover-dropdown, .mantine-Menu-dropdown';

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
    const after = ({ key }: KeyboardEvent) => {
      if (!wasOpen || !['Escape', 'Enter'].includes(key)) return;
      setTimeout(() => {
        const lost = document.activeElement === document.body && !isOpen();
        if (lost && last?.isConnected) last.focus({ preventScroll: true });
      }, 200);
    };
    document.addEventListener('focusin', remember);
    document.addEventListener('keydown', before, true);
    document.addEventListener('keyup', after);
    return () => {
      document.removeEventListener('focusin', remember);
      document.removeEventListener('keydown', before, true);
      document.removeEventListener('keyup', after);
    };
  }, []);
}
