import css from './Keys.module.css';

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/* "mod+k" as ⌘ K or Ctrl K. */
export function Keys({ of }: { of: string }) {
  const parts = of.split(/[ +]/).map((key) => (key === 'mod' ? (mac ? '⌘' : 'Ctrl') : key === 'enter' ? '↵' : key));
  return (
    <span className={css.keys} aria-hidden>
      {parts.map((key, i) => (
        <kbd key={i}>{key.length === 1 ? key.toUpperCase() : key}</kbd>
      ))}
    </span>
  );
}
