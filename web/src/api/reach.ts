/* Requests, and whether there is a server that answers them. */
import { Offline } from './problem';

let reached = true;
const listeners = new Set<() => void>();

function become(now: boolean): void {
  if (now === reached) return;
  reached = now;
  listeners.forEach((listener) => listener());
}

export function isReached(): boolean {
  return reached;
}

export function whenReachChanges(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/* As fetch(), but where no answer comes Offline is thrown. */
export async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    become(true);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    become(false);
    throw new Offline();
  }
}

/* Asks; who listens is told. */
export async function isThere(): Promise<boolean> {
  return reach(new Request('/healthz', { cache: 'no-store' })).then((reply) => reply.text()).then(() => true, () => false);
}
