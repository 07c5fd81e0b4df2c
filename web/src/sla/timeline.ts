/* The life of a milestone as spans and marks on one axis, from the steps that the server tells. */
export interface Step {
  at: string;
  what: string;
  target_at?: string | null;
  sum?: { text?: string } | null;
  action?: string;
  cause?: string;
  late?: boolean;
}
export interface Life {
  name: string;
  occurrence: number;
  state: string;
  target_at: string | null;
  timeline: Step[];
}
export interface Span {
  kind: 'running' | 'paused' | 'late';
  from: number;
  to: number;
}

const ends = new Set(['completed', 'withdrawn', 'cancelled']);

export function spansOf({ timeline }: Life, until: number): Span[] {
  const spans: Span[] = [];
  let open: Omit<Span, 'to'> | null = null;
  let late = false;
  const close = (at: number) => {
    if (open && at > open.from) spans.push({ ...open, to: at });
    open = null;
  };
  for (const step of timeline) {
    const at = Date.parse(step.at);
    if (ends.has(step.what)) close(at);
    else if (step.what === 'paused') { close(at); open = { kind: 'paused', from: at }; }
    else if (step.what === 'violated') { late = true; close(at); open = { kind: 'late', from: at }; }
    else if (['started', 'resumed', 'reopened'].includes(step.what)) { close(at); open = { kind: late && step.what === 'resumed' ? 'late' : 'running', from: at }; }
  }
  close(until);
  return spans;
}

/* From the first step to the last, with targets, and a little room on both sides. */
export function rangeOf(lives: Life[], until: string | null): [number, number] {
  const times = lives.flatMap((life) => [...life.timeline.map((step) => step.at), life.target_at ?? '']).concat(until ?? '').filter(Boolean).map((at) => Date.parse(at));
  if (times.length === 0) return [0, 1];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const room = Math.max((last - first) * 0.03, 600_000);
  return [first - room, last + room];
}

const hour = 3_600_000;
const stepSizes = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168, 336, 720].map((hours) => hours * hour);

/* Round instants on the axis, at most `most` of them. `offset`: how far the person's clock is before UTC. */
export function ticksOf([from, to]: [number, number], most: number, offset: number): number[] {
  const size = stepSizes.find((one) => (to - from) / one <= most) ?? stepSizes.at(-1)!;
  const first = Math.ceil((from + offset) / size) * size - offset;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / size) + 1) }, (_, i) => first + i * size);
}

/* How far the wall clock of a zone is before UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, at: number): number {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(at));
  return Date.parse(`${wall.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

/* A wall clock time of a zone as an instant. */
export function instantOf(wall: string, zone: string): string {
  const guess = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  const first = guess - offsetAt(zone, guess);
  return new Date(guess - offsetAt(zone, first)).toISOString();
}
