/* What was changed on a page and is not saved yet: a bar at its foot. */
import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { afterChoices } from './hurry';
import { IconAlertTriangle, IconPencil } from './icons';
import { useKeys } from './keys';
import { Keys } from './Keys';
import css from './SaveBar.module.css';

export function SaveBar({ text, problem, save, discard, busy, onSave, onDiscard }: {
  text: string;
  problem?: ReactNode;
  save: string;
  discard: string;
  busy: boolean;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const latest = useRef(onSave);
  latest.current = onSave;
  useKeys({ 'mod+enter': onSave, 'mod+s': onSave });
  return (
    <div className={css.bar} role="region" aria-label={text}>
      {problem ? <div className={css.problem} role="alert"><IconAlertTriangle size={16} aria-hidden /><div>{problem}</div></div> : <p><IconPencil size={15} aria-hidden />{text}</p>}
      <div className={css.buttons}>
        <Button variant="default" onClick={onDiscard}>{discard}</Button>
        <Button loading={busy} onClick={() => afterChoices(() => latest.current())} rightSection={<Keys of="mod+enter" />}>{save}</Button>
      </div>
    </div>
  );
}
