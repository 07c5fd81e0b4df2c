/* Enter before the answer is there: what is chosen is the first of what was asked for, once it
 * is known, and never of what stood there before. What is saved meanwhile waits for it. */
import { useEffect, useRef, useState } from 'react';

const held: { run: () => void; anyway: boolean }[] = [];
let waiting = 0;

function dropSaves(): void {
  held.splice(0, held.length, ...held.filter(({ anyway }) => anyway));
}

/* Now, or when all that was chosen is known; if something was not found only what goes on `anyway`.
 * However often one saves meanwhile, it is saved once. */
export function afterChoices(run: () => void, anyway = false): void {
  if (waiting === 0) {
    run();
    return;
  }
  if (!anyway) dropSaves();
  held.push({ run, anyway });
}

/* Forms are sent by Enter and by their buttons; saved pages by afterChoices itself. */
function onSubmit(event: SubmitEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = event.target as HTMLFormElement;
  afterChoices(() => form.isConnected && form.requestSubmit());
}

function begin(): () => void {
  if (waiting++ === 0) document.addEventListener('submit', onSubmit, { capture: true });
  return () => {
    if (--waiting > 0) return;
    document.removeEventListener('submit', onSubmit, { capture: true });
    setTimeout(() => held.splice(0).forEach(({ run }) => run())); /* once the page has it */
  };
}

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
  useEffect(() => (waits ? begin() : undefined), [waits]);
  useEffect(() => {
    if (!waits || !ready) return;
    setWaits(false);
    if (!latest.current()) dropSaves();
  }, [waits, ready]);
  return { waits, enter: () => setWaits(true), forget: () => setWaits(false) };
}
