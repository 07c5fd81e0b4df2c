/* A box to tick in the rows of a table: the browser's own, since there are dozens on the screen while one scrolls. */
import css from './Tick.module.css';

export function Tick({ label, checked, some, onChange }: { label: string; checked: boolean; some?: boolean; onChange: (checked: boolean) => void }) {
  return (
    <input type="checkbox" className={css.tick} tabIndex={some === undefined ? -1 : 0} aria-label={label} checked={checked}
      ref={(input) => { if (input) input.indeterminate = some === true; }} onChange={(event) => onChange(event.currentTarget.checked)} />
  );
}
