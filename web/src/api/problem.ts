/* application/problem+json (RFC 9457), and having no server at all. */
export interface Issue {
  pointer: string;
  code: string;
  detail: string;
}

let inWords = (_code: string, detail: string): string => detail;

/* How refusals are said from now on. */
export function sayProblems(translate: (code: string, detail: string) => string): void {
  inWords = translate;
}

export class Offline extends Error {
  constructor() {
    super('offline');
    this.name = 'Offline';
  }
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly issues: Issue[];
  readonly requestId: string | null;

  constructor(status: number, from: Record<string, unknown>) {
    const title = String(from.title ?? `HTTP ${status}`);
    super(inWords(String(from.code ?? 'unknown'), String(from.detail ?? title)));
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.code = String(from.code ?? 'unknown');
    this.issues = ((from.errors as Issue[] | undefined) ?? []).map((issue) => ({ ...issue, detail: inWords(issue.code, issue.detail) }));
    this.requestId = (from.request_id as string | undefined) ?? null;
  }

  static async of(response: Response): Promise<Problem> {
    const from: unknown = await response.json().catch(() => ({}));
    return new Problem(response.status, (from ?? {}) as Record<string, unknown>);
  }
}

/* The name of the form's field that a JSON pointer is in: "#/grants/0/channel" is of
 * "grants", and its rest is "0/channel". */
export function fieldOf(pointer: string): { field: string; rest: string } {
  const [field = '', ...rest] = pointer.replace(/^#?\//, '').split('/');
  return { field, rest: rest.join('/') };
}

/* The server answered, and its answer is no: asking again would not change it. */
export function isRefused(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && error.status !== 429;
}

/* What was to be changed is no longer what was read. */
export function isStale(error: unknown): boolean {
  return error instanceof Problem && error.status === 412;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}
