/* Enter before the answer is there: what is chosen is the first of what was asked for, once it
 * is known, and never of what stood there before. */
import { useEffect, useState } from 'react';

/* `ready`: what is shown answers what is typed; `choose` takes the first of it. */
export function useHurry(ready: boolean, choose: () => void): { enter: () => void; forget: () => void } {
  const [entered, setEntered] = useState(false);
  useEffect(() => {
    if (!entered || !ready) return;
    setEntered(false);
    choose();
  }, [entered, ready]);
  return { enter: () => setEntered(true), forget: () => setEntered(false) };
}
