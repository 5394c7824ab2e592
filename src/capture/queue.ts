import type { Page } from '../browser/page.ts';
import type { Outcome } from '../delivery/outcome.ts';
import { backoff } from '../delivery/outcome.ts';
import { byteLength } from '../shared/byte-length.ts';

const MAX_EVENTS = 200;
const MAX_QUEUE_BYTES = 1024 * 1024;
const BATCH_BYTES = 256 * 1024;
/** The most that goes out when the page is hidden, and of one such request. The updates of users need room, too. */
const EXIT_BYTES = 60 * 1024;
const EXIT_BATCH_BYTES = 30 * 1024;
const RETRIES = 2;

/** An event on its way: its JSON and size. */
interface Waiting {
  text: string;
  size: number;
  failures: number;
}

/** Dependencies of a queue. */
export interface QueueDependencies {
  page: Pick<Page, 'now' | 'random' | 'setTimer'>;
  /** Sends a body, several events as a list. Never rejects. */
  send(body: string, path: string): Promise<Outcome>;
  /** Sends a body from a page that may be gone in an instant. */
  sendOnExit(body: string, path: string): void;
  /** Time until which the server wants nothing, as the updates of users have heard it. */
  pausedUntil(): number;
  /** Checks whether anything may be sent. Where not, what waits is forgotten. */
  isAllowed(): boolean;
  batchSize: number;
  batchMaxTime: number;
  report(message: string): void;
}

/** Lists the first events that fit, at least one. */
function firstOf(waiting: readonly Waiting[], most: number, bytes: number): Waiting[] {
  let size = 2;
  const end = waiting.findIndex((event, index) => {
    size += event.size + 1;
    return index > 0 && (index >= most || size > bytes);
  });
  return waiting.slice(0, end < 0 ? waiting.length : end);
}

const toBody = (events: readonly Waiting[]): [body: string, path: string] =>
  events[1]
    ? [`[${events.map(({ text }) => text).join()}]`, 'events/batch']
    : [`${events[0]?.text}`, 'events'];

/**
 * Keeps events in this page's memory, and sends them in batches: a queue of its own, which no update of a user waits
 * behind. A batch that fails is tried twice more, and then dropped.
 */
export function createQueue({
  page,
  send,
  sendOnExit,
  pausedUntil,
  isAllowed,
  batchSize,
  batchMaxTime,
  report,
}: QueueDependencies) {
  let waiting: Waiting[] = [];
  let inFlight: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let until = 0;

  const remove = (events: readonly Waiting[]) => {
    waiting = waiting.filter(event => !events.includes(event));
  };
  const drop = (events: readonly Waiting[], why: string) => {
    remove(events);
    if (events[0]) report(`calls: ${events.length} dropped (${why})`);
  };
  /** Forgets all that waits. */
  const clear = () => {
    waiting = [];
    cancel?.();
    cancel = undefined;
  };
  const schedule = (milliseconds: number) => {
    cancel ??= page.setTimer(() => {
      cancel = undefined;
      void flush();
    }, milliseconds);
  };
  const settle = (events: readonly Waiting[], outcome: Outcome) => {
    const { status, reason, retryAfter = 0 } = outcome;
    if (status !== 'queued') return status === 'delivered' ? remove(events) : drop(events, `${reason}`);
    for (const event of events) event.failures++;
    const failures = events[0]?.failures ?? 1;
    until = page.now() + Math.max(retryAfter, backoff(failures, page.random()));
    const isRefused = retryAfter === Number.POSITIVE_INFINITY;
    drop(isRefused ? waiting : events.filter(event => event.failures > RETRIES), `${reason}`);
  };
  const sendBatch = async () => {
    const events = firstOf(waiting, batchSize, BATCH_BYTES);
    settle(events, await send(...toBody(events)));
  };
  /** Sends all that waits, one request at a time. Resolves when that has been tried. */
  const flush = async (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    await inFlight;
    while (waiting[0] && !inFlight) {
      if (!isAllowed()) return clear();
      const pause = Math.max(until, pausedUntil()) - page.now();
      if (pause > 0) return schedule(pause);
      inFlight = sendBatch();
      await inFlight;
      inFlight = undefined;
    }
  };
  return {
    flush,
    /** Adds the JSON of an event. The oldest make room. */
    add(text: string): void {
      // Nothing passes any more.
      if (until === Number.POSITIVE_INFINITY) return;
      waiting.push({ text, size: byteLength(text), failures: 0 });
      let size = waiting.reduce((sum, event) => sum + event.size, 0);
      const evicted: Waiting[] = [];
      for (const event of waiting) {
        if (waiting.length - evicted.length <= MAX_EVENTS && size <= MAX_QUEUE_BYTES) break;
        size -= event.size;
        evicted.push(event);
      }
      drop(evicted, 'too many wait');
      if (waiting.length >= batchSize) void flush();
      else schedule(batchMaxTime);
    },
    /** Sends what fits from a page that is hidden or left. Nobody hears the answer, so it counts as sent. */
    sendOnExit(): void {
      if (!isAllowed()) clear();
      if (Math.max(until, pausedUntil()) > page.now()) return;
      let size = 0;
      for (let events: Waiting[] = []; waiting[0]; remove(events)) {
        events = firstOf(waiting, batchSize, EXIT_BATCH_BYTES);
        const [body, path] = toBody(events);
        size += byteLength(body);
        // The rest waits for a page that comes back.
        if (size > EXIT_BYTES) return;
        sendOnExit(body, path);
      }
    },
    clear,
  };
}

export type Queue = ReturnType<typeof createQueue>;
