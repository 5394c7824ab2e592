import { EventEmitter } from 'node:events';
import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

/** The profile that has changed. */
export interface Change {
  application_id: string;
  user_id: string | null;
  anonymous_id: string | null;
}

/**
 * Milliseconds between two signs of life of a silent stream. Proxies close one that is silent for a minute.
 */
const HEARTBEAT = 15_000;

/** Notifies every open dashboard that a profile has changed. Lives in this process only. */
export class EventStream {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  publish(change: Change): void {
    this.#emitter.emit('change', change);
  }

  /**
   * Responds with server-sent events named `profile`, one a change, until the reader leaves. An event names
   * the profile, not the change: a reader fetches the profiles again and so can't miss a part.
   */
  stream(c: Context): Response {
    return streamSSE(c, stream => this.#feed(stream));
  }

  async #feed(stream: SSEStreamingApi): Promise<void> {
    const send = (change: Change) => void stream.writeSSE({ event: 'profile', data: JSON.stringify(change) });
    const heartbeat = setInterval(() => void stream.write(': alive\n\n'), HEARTBEAT);
    const closed = new Promise<void>(resolve => stream.onAbort(resolve));
    this.#emitter.on('change', send);
    await stream.write('retry: 1000\n\n');
    await closed;
    this.#emitter.off('change', send);
    clearInterval(heartbeat);
  }
}
