import type { Page } from '../browser/page.ts';
import { backoff, type Outcome } from '../delivery/outcome.ts';
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

/** Lists the oldest events, which make room for the others. */
function findEvicted(waiting: readonly Waiting[]): Waiting[] {
  let size = waiting.reduce((sum, event) => sum + event.size, 0);
  const kept = waiting.findIndex((event, index) => {
    const isFit = waiting.length - index <= MAX_EVENTS && size <= MAX_QUEUE_BYTES;
    if (!isFit) size -= event.size;
    return isFit;
  });
  return waiting.slice(0, kept < 0 ? waiting.length : kept);
}

/** Lists batches of a page that is left, as far as they fit together. */
function batchesOnExit(waiting: readonly Waiting[], batchSize: number): Waiting[][] {
  const batches: Waiting[][] = [];
  let size = 0;
  for (let rest = waiting; rest[0]; ) {
    const events = firstOf(rest, batchSize, EXIT_BATCH_BYTES);
    size += byteLength(toBody(events)[0]);
    if (size > EXIT_BYTES) break;
    batches.push(events);
    rest = rest.slice(events.length);
  }
  return batches;
}

/** Returns the events of a batch that are done with, and how long to wait, by what became of it. */
function settle(events: readonly Waiting[], { status, reason, ...rest }: Outcome, random: number) {
  const why = status === 'delivered' ? '' : `${reason}`;
  if (status !== 'queued') return { gone: events, pause: 0, why };
  for (const event of events) event.failures++;
  const gone = events.filter(({ failures }) => failures > RETRIES);
  return { gone, pause: Math.max(rest.retryAfter ?? 0, backoff(events[0]?.failures ?? 1, random)), why };
}

/** Makes the list of what waits. What is dropped is reported. */
function createList(report: (message: string) => void) {
  let waiting: Waiting[] = [];
  const remove = (events: readonly Waiting[]) => {
    waiting = waiting.filter(event => !events.includes(event));
  };
  const drop = (events: readonly Waiting[], why: string) => {
    remove(events);
    if (events[0] && why) report(`calls: ${events.length} dropped (${why})`);
  };
  return {
    all: () => waiting,
    remove,
    drop,
    /** Adds the JSON of an event. The oldest make room. */
    add(text: string): void {
      waiting.push({ text, size: byteLength(text), failures: 0 });
      drop(findEvicted(waiting), 'too many wait');
    },
  };
}

/**
 * Keeps events in this page's memory, and sends them in batches: a queue of its own, which no update of a user waits
 * behind. A batch that fails is tried twice more, and then dropped.
 */
export function createQueue(dependencies: QueueDependencies) {
  const { page, send, sendOnExit, pausedUntil, isAllowed, batchSize, batchMaxTime, report } = dependencies;
  const { all, remove, drop, add } = createList(report);
  let inFlight: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let until = 0;
  /** Forgets all that waits. */
  const clear = () => {
    remove(all());
    cancel?.();
    cancel = undefined;
  };
  const schedule = (milliseconds: number) => {
    cancel ??= page.setTimer(() => {
      cancel = undefined;
      void flush();
    }, milliseconds);
  };
  const sendBatch = async () => {
    const events = firstOf(all(), batchSize, BATCH_BYTES);
    const { gone, pause, why } = settle(events, await send(...toBody(events)), page.random());
    if (pause) until = page.now() + pause;
    drop(until === Number.POSITIVE_INFINITY ? all() : gone, why);
  };
  /** Sends all that waits, one request at a time. Resolves when that has been tried. */
  const flush = async (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    await inFlight;
    while (all()[0] && !inFlight) {
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
    clear,
    add(text: string): void {
      // Nothing passes any more.
      if (until === Number.POSITIVE_INFINITY) return;
      add(text);
      if (all().length >= batchSize) void flush();
      else schedule(batchMaxTime);
    },
    /** Sends what fits from a page that is hidden or left. Nobody hears the answer, so it counts as sent. */
    sendOnExit(): void {
      if (!isAllowed()) clear();
      if (Math.max(until, pausedUntil()) > page.now()) return;
      for (const events of batchesOnExit(all(), batchSize)) {
        remove(events);
        sendOnExit(...toBody(events));
      }
    },
  };
}
