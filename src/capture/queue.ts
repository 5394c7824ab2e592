import type { Runtime } from '../client/dependencies.ts';
import { byteLength } from '../shared/byte-length.ts';
import type { Json } from '../shared/types.ts';
import type { CaptureSettings } from './types.ts';

const MAX_EVENTS = 200;
const MAX_QUEUE_BYTES = 1024 * 1024;
/** The most of one request, so that the updates of users find room in the keepalive budget. One event may be larger. */
const BATCH_BYTES = 30 * 1024;
/** The most that goes out when the page is hidden. */
const EXIT_BYTES = 60 * 1024;
const ATTEMPTS = 3;
/** The longest wait for another attempt, in milliseconds. */
const MAX_BACKOFF = 4000;
/** The longest wait before it is looked again whether the server wants requests, in milliseconds. */
const MAX_WAIT = 60_000;

/** An event on its way: its JSON and size. */
interface Waiting {
  text: string;
  size: number;
  failures: number;
}

/** What a queue needs of the client at work. */
export type QueueContext = Pick<Runtime, 'send' | 'sendOnExit' | 'report'> & {
  page: Pick<Runtime['page'], 'now' | 'random' | 'setTimer'>;
  retryAfter: Pick<Runtime['retryAfter'], 'load'>;
};

const sizeOf = (events: readonly Waiting[]) => events.reduce((sum, { size }) => sum + size + 1, 2);

/** Takes the first events that fit into one request, at least one. */
function take(waiting: Waiting[], most: number): Waiting[] {
  let end = 1;
  while (end < waiting.length && end < most && sizeOf(waiting.slice(0, end + 1)) <= BATCH_BYTES) end++;
  return waiting.splice(0, end);
}

function toRequest(events: readonly Waiting[]): [body: Json, path: string] {
  const [first, ...others] = events.map(({ text }) => JSON.parse(text));
  return others[0] ? [[first, ...others], 'events/batch'] : [first, 'events'];
}

/** Makes what runs a task at once or later, one at a time. */
function createRunner({ setTimer }: Pick<QueueContext['page'], 'setTimer'>, run: () => Promise<void>) {
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  const flush = () => {
    cancel?.();
    cancel = undefined;
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
  const schedule = (milliseconds: number) => {
    cancel ??= setTimer(flush, milliseconds);
  };
  return { flush, schedule };
}

/**
 * Keeps events in this page's memory, and sends them in batches: a queue of its own, which no update of a user waits
 * behind. A batch that fails is tried twice more, and then dropped. `isAllowed` checks whether anything may be sent.
 * Where not, what waits is forgotten.
 */
export function createQueue(
  { page, retryAfter, report, send, sendOnExit }: QueueContext,
  { batchSize, batchMaxTime }: Pick<CaptureSettings, 'batchSize' | 'batchMaxTime'>,
  isAllowed: () => boolean,
) {
  let waiting: Waiting[] = [];
  let until = 0;
  const drop = (count: number, why?: string) => count && report(`calls: ${count} dropped (${why})`);
  /** Returns how long the server wants no requests. Forgets what may not be sent. */
  const pause = () => {
    if (!isAllowed() || until === Infinity) waiting = [];
    return Math.min(MAX_WAIT, Math.max(until, retryAfter.load()) - page.now());
  };
  const sendBatch = async (list: Waiting[]) => {
    const batch = take(list, batchSize);
    const { status, reason, ...rest } = await send(...toRequest(batch), sizeOf(batch) > BATCH_BYTES);
    if (status === 'queued') until = page.now() + (rest.retryAfter || MAX_BACKOFF * page.random());
    const again = batch.filter(
      event => status === 'queued' && ++event.failures < ATTEMPTS && until < Infinity,
    );
    list.unshift(...again);
    if (status !== 'delivered') drop(batch.length - again.length, reason);
  };
  const { flush, schedule } = createRunner(page, async () => {
    for (let wait = pause(); waiting[0]; wait = pause()) {
      if (wait > 0) return schedule(wait);
      await sendBatch(waiting);
    }
  });
  return {
    /** Sends all that waits, one request at a time. Resolves when that has been tried. */
    flush,
    /** Adds an event. The oldest make room. */
    add(text: string): void {
      waiting.push({ text, size: byteLength(text), failures: 0 });
      for (; waiting.length > MAX_EVENTS || sizeOf(waiting) > MAX_QUEUE_BYTES; waiting.shift())
        drop(1, 'too many wait');
      if (waiting.length >= batchSize) void flush();
      else schedule(batchMaxTime);
    },
    /** Sends what fits from a page that is hidden or left. Nobody hears the answer, so it counts as sent. */
    sendOnExit(): void {
      let room = EXIT_BYTES;
      if (pause() > 0) return;
      while (waiting[0]) {
        const batch = take(waiting, batchSize);
        room -= sizeOf(batch);
        if (room < 0) return void waiting.unshift(...batch);
        sendOnExit(...toRequest(batch));
      }
    },
  };
}
