import type { Change } from '../database/change-payload.ts';
import { HttpError } from '../http-error.ts';

/** Milliseconds between two signs of life of a silent stream. Proxies close one that is silent for a minute. */
const HEARTBEAT = 15_000;

/** Milliseconds for which changes are gathered, to be written to each stream at once. */
const PAUSE = 100;

/** The number of characters in which changes are named at once. A reader who reads all again needs no more. */
const MAX_NAMED = 16 * 1024;

/** The number of bytes that may wait for a reader. Who lets more wait has gone, or means no good. */
const MAX_WAITING = 256 * 1024;

const MAX_STREAMS = 1000;

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Notifies every dashboard that is open at this process that a profile has changed. */
export class EventStream {
  readonly #streams = new Set<Controller>();
  readonly #changes = new Set<string>();
  #changesLength = 0;
  #flushTimer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  readonly #pause: number;

  /** `pause` is how long changes are gathered, in milliseconds. Default: 100. */
  constructor(pause = PAUSE) {
    this.#pause = pause;
  }

  /** The number of open streams. */
  get size(): number {
    return this.#streams.size;
  }

  publish({ application_id, user_id, anonymous_id }: Change): void {
    if (this.#streams.size === 0) return;
    const change = JSON.stringify({ application_id, user_id, anonymous_id });
    if (this.#changesLength < MAX_NAMED && !this.#changes.has(change)) {
      this.#changes.add(change);
      this.#changesLength += change.length;
    }
    this.#flushTimer ??= setTimeout(() => this.#flush(), this.#pause);
  }

  /**
   * Responds with server-sent events named `profile` until the reader leaves. Each names a profile that has changed, and
   * no change: a reader fetches the profiles again and so can't miss a part. Changes of a moment come together; of very
   * many only the first are named. A stream whose reader does not read is ended.
   */
  stream(): Response {
    if (this.#streams.size >= MAX_STREAMS)
      throw new HttpError(
        503,
        `More than ${MAX_STREAMS} dashboards are open. Close some, or try again later.`,
      );
    let own: Controller;
    const body = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          own = controller;
          this.#streams.add(controller);
          this.#heartbeat ??= setInterval(() => this.#write(': alive\n\n'), HEARTBEAT);
          controller.enqueue(encode('retry: 1000\n\n'));
        },
        cancel: () => this.#remove(own),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING }),
    );
    return new Response(body, {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        // Else nginx would keep events until it has a page of them.
        'X-Accel-Buffering': 'no',
      },
    });
  }

  #flush(): void {
    this.#flushTimer = undefined;
    const events = [...this.#changes].map(change => `event: profile\ndata: ${change}\n\n`);
    this.#changes.clear();
    this.#changesLength = 0;
    this.#write(events.join(''));
  }

  /** Writes to all streams, each of which gets the same bytes. */
  #write(text: string): void {
    const bytes = encode(text);
    for (const controller of this.#streams) {
      if ((controller.desiredSize ?? 0) >= bytes.byteLength) controller.enqueue(bytes);
      else {
        this.#remove(controller);
        // It breaks the connection off. One that is only closed would wait for its reader.
        controller.error(new Error('An event stream was ended, as its reader did not read.'));
      }
    }
  }

  #remove(controller: Controller): void {
    this.#streams.delete(controller);
    if (this.#streams.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);
