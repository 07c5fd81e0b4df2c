/* The one way to the server: the public API, typed by its own document. */
import createClient from 'openapi-fetch';
import { Problem } from './problem';
import { reach } from './reach';
import type { paths } from './schema';

let csrf: string | null = null;
let onSignedOut: () => void = () => undefined;

/* The token that every change must carry; a session has one. */
export function setCsrf(token: string | null): void {
  csrf = token;
}

export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/* A reply that is no success is thrown as the problem that it tells. */
export async function send(request: Request): Promise<Response> {
  if (csrf !== null && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf);
  const response = await reach(request);
  if (response.ok) return response;
  const problem = await Problem.of(response);
  if (problem.status === 401 && problem.code !== 'bad_credentials') onSignedOut();
  throw problem;
}

export const api = createClient<paths>({ baseUrl: '', fetch: send });

/* What the typed client returns once it did not throw. */
export function body<T>(reply: { data?: T }): T {
  return reply.data as T;
}
