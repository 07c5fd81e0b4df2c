/* Enter before the answer is there: what is chosen is the first of what was asked for, once it
 * is known, and never of what stood there before. What is saved meanwhile waits for it. */
import { useEffect, useRef, useState } from 'react';

const held: { run: () => void; anyway: boolean }[] = [];
let waiting = 0;

/* Now, or when all that was chosen is known; if something was not found only what goes on `anyway`. */
export function afterChoices(run: () => void, anyway = false): void {
  if (waiting === 0) run();
  else held.push({ run, anyway });
}

function ended(): void {
  waiting--;
  if (waiting === 0) setTimeout(() => held.splice(0).forEach(({ run }) => run())); /* once the page has it */
}

function notFound(): void {
  held.splice(0, held.length, ...held.filter(({ anyway }) => anyway));
}

/* Forms are sent by Enter and by their buttons; saved pages by afterChoices itself. */
document.addEventListener('submit', (event) => {
  if (waiting === 0) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = event.target as HTMLFormElement;
  afterChoices(() => form.isConnected && form.requestSubmit());
}, { capture: true });

export interface Hurry {
  waits: boolean;
  enter: () => void;
  forget: () => void;
}

/* `ready`: what is shown answers what is typed; `choose` takes the first of it, if there is one. */
export function useHurry(ready: boolean, choose: () => boolean): Hurry {
  const [waits, setWaits] = useState(false);
  const latest = useRef(choose);
  latest.current = choose;
  useEffect(() => {
    if (!waits) return undefined;
    waiting++;
    return ended;
  }, [waits]);
  useEffect(() => {
    if (!waits || !ready) return;
    setWaits(false);
    if (!latest.current()) notFound();
  }, [waits, ready]);
  return { waits, enter: () => setWaits(true), forget: () => setWaits(false) };
}
