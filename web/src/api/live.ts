/* What others change appears by itself: one stream of events for all tabs of the browser.
 *
 * The tab that holds a lock reads GET /v1/events/stream and tells the others; when it closes,
 * another one takes over where it stopped. Where a browser has no locks, each tab reads. */
import { useSyncExternalStore } from 'react';
import type { Meta } from './meta';
import { queries } from './query';
import { isConcerned, type LiveEvent } from './concern';

export type LiveState = 'starting' | 'live' | 'broken';

type Word = { events: LiveEvent[] } | { all: true } | { state: LiveState; last: string | null } | { over: true } | { ask: true };

const GATHER_MS = 120; // events that come together are looked at together
const REST_MS = 1000; // and lists are not asked for more often than that
const AGAIN_MS = [2000, 5000, 15_000, 30_000];

class Live {
  private state: LiveState = 'starting';
  private last: string | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('entitled.live') : null;
  private source: EventSource | null = null;
  private abort: AbortController | null = null;
  private meta: Meta | null = null;
  private gathered: LiveEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private again: ReturnType<typeof setTimeout> | null = null;
  private flushed = 0;
  private failures = 0;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly now = () => this.state;

  start(meta: Meta): () => void {
    this.meta = meta;
    const abort = new AbortController();
    this.abort = abort;
    this.channel?.addEventListener('message', this.heard);
    this.channel?.postMessage({ ask: true } satisfies Word);
    const lead = () => new Promise<void>((done) => {
      abort.signal.addEventListener('abort', () => done());
      if (abort.signal.aborted) done();
      else this.read();
    });
    if (this.channel && 'locks' in navigator) {
      navigator.locks.request('entitled.live', { signal: abort.signal }, lead).catch(() => undefined);
    } else {
      void lead();
    }
    return () => this.stop();
  }

  private stop(): void {
    this.abort?.abort();
    this.channel?.removeEventListener('message', this.heard);
    this.close();
    for (const timer of [this.timer, this.again]) if (timer !== null) clearTimeout(timer);
    this.timer = this.again = null;
    this.gathered = [];
    this.become('starting');
  }

  private close(): void {
    this.source?.close();
    this.source = null;
  }

  /* The tab that leads. */
  private read(): void {
    const source = new EventSource(`/v1/events/stream${this.last ? `?last_event_id=${this.last}` : ''}`);
    this.source = source;
    source.addEventListener('ready', (event) => {
      this.failures = 0;
      this.note(event);
      this.tell({ state: 'live', last: this.last });
    });
    source.addEventListener('message', (event) => {
      this.note(event);
      this.tell({ events: [JSON.parse(String(event.data)) as LiveEvent] });
    });
    source.addEventListener('reset', (event) => {
      this.note(event);
      this.tell({ all: true });
    });
    source.addEventListener('end', (event) => {
      const { reason } = JSON.parse(String(event.data)) as { reason: string };
      if (reason !== 'signed_out') return; // the browser connects again by itself
      this.close();
      this.tell({ over: true });
    });
    source.onerror = () => {
      this.tell({ state: 'broken', last: this.last });
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.again = setTimeout(() => this.read(), AGAIN_MS[Math.min(this.failures++, AGAIN_MS.length - 1)]);
    };
  }

  private note(event: MessageEvent): void {
    if (event.lastEventId) this.last = event.lastEventId;
  }

  private tell(word: Word): void {
    this.take(word);
    this.channel?.postMessage(word);
  }

  /* Every tab. */
  private readonly heard = ({ data }: MessageEvent<Word>) => {
    if (!('ask' in data)) this.take(data);
    else if (this.source) this.channel?.postMessage({ state: this.state, last: this.last } satisfies Word);
  };

  private take(word: Word): void {
    if ('state' in word) {
      this.last = word.last;
      this.become(word.state);
    } else if ('over' in word) {
      void queries.invalidateQueries({ queryKey: ['session'] });
    } else if ('all' in word) {
      void queries.invalidateQueries({ queryKey: ['rows'] });
    } else if ('events' in word) {
      this.gathered.push(...word.events);
      this.last = word.events.at(-1)?.id ?? this.last;
      this.timer ??= setTimeout(() => this.flush(), Math.max(GATHER_MS, this.flushed + REST_MS - Date.now()));
    }
  }

  private flush(): void {
    const events = this.gathered;
    const meta = this.meta;
    this.timer = null;
    this.gathered = [];
    this.flushed = Date.now();
    if (meta === null) return;
    void queries.invalidateQueries({ predicate: ({ queryKey }) => isConcerned(queryKey, events, (name) => meta.type(name)?.plural ?? null) });
  }

  private become(state: LiveState): void {
    if (this.state === state) return;
    if (this.state === 'broken' && state === 'live') void queries.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }
}

const live = new Live();

/* Listen as long as somebody is signed in. */
export function listen(meta: Meta): () => void {
  return live.start(meta);
}

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.now);
}
