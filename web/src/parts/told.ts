/* Which failures the page tells already, where what failed would have stood. */
const told = new Map<unknown, number>();
const listeners = new Set<() => void>();

function count(error: unknown, by: number): void {
  const now = (told.get(error) ?? 0) + by;
  if (now > 0) told.set(error, now);
  else told.delete(error);
  listeners.forEach((listener) => listener());
}

/* Told from now on, until what is returned is called. */
export function setTold(error: unknown): () => void {
  count(error, 1);
  return () => count(error, -1);
}

export function isTold(error: unknown): boolean {
  return told.has(error);
}

export function whenToldChanges(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
