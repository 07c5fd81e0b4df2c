/* Shortcuts: "mod+k" (ctrl or ⌘), "g c" (one after the other), "j". Keys without ctrl do
 * nothing while one types or a dialog is open, and can be turned off (WCAG 2.1.4). */
import { useEffect, useRef } from 'react';
import { afterChoices } from './hurry';

export type Keys = Record<string, (event: KeyboardEvent) => void>;

const setting = 'entitled.single_keys';

export function singleKeys(): boolean {
  return localStorage.getItem(setting) !== 'off';
}

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(setting, on ? 'on' : 'off');
}

export function nameOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  const alt = event.altKey ? 'alt+' : '';
  const shift = event.shiftKey && key.length > 1 ? 'shift+' : '';
  return mod + alt + shift + key;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/* Enter and space belong to the control that has the focus. */
function pressesControl(event: KeyboardEvent): boolean {
  return /^(Enter| )$/.test(event.key) && event.target instanceof Element && event.target.closest('a, button, summary, [role="option"], [role="tab"]') !== null;
}

function mayBeSingle(event: KeyboardEvent): boolean {
  if (pressesControl(event)) return false;
  const box = event.target instanceof HTMLInputElement && event.target.type === 'checkbox';
  if (isTyping(event.target) && !box) return false;
  return singleKeys() && document.querySelector('[role="dialog"][aria-modal="true"]') === null;
}

/* Whose keys are heard, the latest first: those of a dialog before those of the page below. */
const heard: { current: Keys }[] = [];
let before = '';
let at = 0;

function listen(event: KeyboardEvent): void {
  const name = nameOf(event);
  if (event.defaultPrevented || (event.eventPhase === Event.CAPTURING_PHASE) !== name.startsWith('mod+')) return;
  if (!name.startsWith('mod+') && !mayBeSingle(event)) return;
  const both = event.timeStamp - at < 1200 ? `${before} ${name}` : '';
  before = name;
  at = event.timeStamp;
  for (const keys of heard.toReversed()) {
    const run = keys.current[both] ?? keys.current[name];
    if (!run) continue;
    event.preventDefault();
    event.stopPropagation();
    before = '';
    if (saving.includes(name)) afterChoices(() => keys.current[name]?.(event));
    else run(event);
    return;
  }
}

/* What saves takes what was chosen before it, though the server has not answered yet. */
const saving = ['mod+enter', 'mod+s'];

/* With ctrl before the field that has the focus, which takes Enter for a choice with ctrl as well. */
function hear(set: 'addEventListener' | 'removeEventListener'): void {
  window[set]('keydown', listen as EventListener, { capture: true });
  window[set]('keydown', listen as EventListener);
}

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (heard.length === 0) hear('addEventListener');
    heard.push(latest);
    return () => {
      heard.splice(heard.indexOf(latest), 1);
      if (heard.length === 0) hear('removeEventListener');
    };
  }, []);
}
