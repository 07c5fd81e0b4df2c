/* Who is at work, and what they may do. */
import { useQuery } from '@tanstack/react-query';
import { api, body, setCsrf } from './client';
import { Problem } from './problem';
import { queries } from './query';
import type { components } from './schema';

export type Session = components['schemas']['Session'];
const key = ['session'];

/* The cookie cannot be seen from here; this tells that there may be one, so that nobody who
 * has not signed in is asked for. */
const hint = 'entitled.signed_in';

async function load(): Promise<Session | null> {
  if (localStorage.getItem(hint) === null) return null;
  try {
    const session = body(await api.GET('/v1/session'));
    setCsrf(session.csrf_token);
    return session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/* undefined while it is not known, null when nobody is signed in. */
export function useSessionQuery() {
  return useQuery({ queryKey: key, queryFn: load, staleTime: Infinity });
}

export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data) throw new Error('used outside a session');
  return data;
}

/* Does the session have this permission? None is needed where none is named. */
export function useMay(): (permission: string | null | undefined) => boolean {
  const { permissions } = useSession();
  return (permission) => permission == null || (permissions as string[]).includes(permission);
}

export async function signIn(email: string, password: string): Promise<void> {
  const session = body(await api.POST('/v1/session', { body: { email, password } }));
  setCsrf(session.csrf_token);
  localStorage.setItem(hint, 'yes');
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });
  await queries.fetchQuery({ queryKey: key, queryFn: load, staleTime: 0 });
}

/* What everybody may change of themselves. A new password comes with a new session. */
export type Self = components['schemas']['SelfInput'];

export async function updateSelf(given: Self): Promise<void> {
  await api.PATCH('/v1/users/me', { params: { header: {} }, body: given });
  await queries.fetchQuery({ queryKey: key, queryFn: load, staleTime: 0 });
}

export async function signOut(): Promise<void> {
  await api.DELETE('/v1/session');
  forgetSession();
}

/* The server says that the session is over. */
export function forgetSession(): void {
  setCsrf(null);
  localStorage.removeItem(hint);
  queries.setQueryData(key, null);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}
