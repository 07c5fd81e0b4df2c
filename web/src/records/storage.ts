/* What this browser keeps: columns and drafts. */
export function recall<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(`entitled.${name}`) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`entitled.${name}`);
    else localStorage.setItem(`entitled.${name}`, JSON.stringify(value));
  } catch {
    /* a full or forbidden store costs only the convenience */
  }
}
