import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { APPLICATION_NAME } from './pool.ts';

/** Milliseconds between two attempts to listen: at first, and at most. */
const MIN_BACKOFF = 100;
const MAX_BACKOFF = 10_000;

/** The channel on which collectors notify each other. */
export const CHANNEL = 'utmost_changes';

/** The settings of a listener. */
export interface ListenerOptions {
  /** The address of the server itself. */
  url: string;
  /** Sends a notification to everybody, by another connection. One that the listener never hears shows that it is deaf. */
  probe(): Promise<unknown>;
  onMessage(payload: string): void;
  /** Called when the listener hears again: what others told before is missed. */
  onGap(): void;
  /** Milliseconds that a probe may take. Default: 5,000. */
  probeTimeout?: number | undefined;
  /** Milliseconds between two probes. Default: 30,000. */
  probeInterval?: number | undefined;
}

const DEAF =
  'does not hear what is sent by DATABASE_URL. Behind a pooler that shares connections between transactions LISTEN is lost: set LISTEN_DATABASE_URL to the address of the server itself, or of an entry of PgBouncer with pool_mode=session. Both must lead to the same database';

/** Hears the notifications of all processes, by a connection of its own that is opened again whenever it breaks. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #end = new AbortController();
  readonly #ended: Promise<void>;
  #heard: (() => void) | undefined;
  #isTold = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** Tells that a notification of our own has arrived. */
  hear(): void {
    this.#heard?.();
  }

  close(): Promise<void> {
    this.#end.abort();
    return this.#ended;
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#end.signal.aborted; attempt++) {
      const reason = await this.#listen(() => {
        attempt = 0;
      });
      if (this.#end.signal.aborted) return;
      this.#tell(reason);
      const pause = Math.min(MAX_BACKOFF, MIN_BACKOFF * 2 ** attempt);
      await this.#sleep(pause * (0.5 + Math.random() / 2));
    }
  }

  /** Listens until the connection breaks or hears nothing. Returns why. */
  async #listen(onHearing: () => void): Promise<string> {
    const { url, onMessage, onGap, probeInterval = 30_000 } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      application_name: `${APPLICATION_NAME}-listener`,
      connectionTimeoutMillis: MAX_BACKOFF,
      keepAlive: true,
    });
    const left = new AbortController();
    const broken = new Promise<string>(resolve => {
      client.on('error', error => resolve(`has lost its connection (${error.message})`));
      client.on('end', () => resolve('has lost its connection'));
      this.#end.signal.addEventListener('abort', () => resolve('was ended'), { signal: left.signal });
    });
    client.on('notification', ({ payload }) => payload && onMessage(payload));
    try {
      await Promise.race([client.connect(), broken]);
      await Promise.race([client.query(`listen ${CHANNEL}`), broken]);
      for (let isFirst = true; ; isFirst = false) {
        const isHeard = await Promise.race([this.#isHeard(left.signal), broken]);
        if (isHeard !== true) return isHeard === false ? DEAF : isHeard;
        if (isFirst) {
          onHearing();
          this.#tellAgain();
          onGap();
        }
        const reason = await Promise.race([this.#sleep(probeInterval), broken]);
        if (reason) return reason;
      }
    } catch (error) {
      return `can not listen (${(error as Error).message || (error as { code?: string }).code})`;
    } finally {
      left.abort();
      void client.end().catch(() => {});
    }
  }

  /** Sends a probe until one could be sent or the connection is left, and tells whether it was heard. */
  async #isHeard(left: AbortSignal): Promise<boolean> {
    const { probe, probeTimeout = 5000 } = this.#options;
    const heard = new Promise<boolean>(resolve => {
      this.#heard = () => resolve(true);
    });
    // Where the database takes no statement, too, nothing is known of the listener.
    while (
      !(await probe().then(
        () => true,
        () => false,
      ))
    ) {
      if (left.aborted) return true;
      await this.#sleep(1000);
    }
    return Promise.race([heard, this.#sleep(probeTimeout).then(() => false)]);
  }

  #tell(reason: string): void {
    if (!this.#isTold)
      console.warn(`The live page hears of this process only: the listener ${reason}. It is tried again.`);
    this.#isTold = true;
  }

  #tellAgain(): void {
    if (this.#isTold) console.log('The live page hears of all processes again.');
    this.#isTold = false;
  }

  /** Waits so long, or until the end. */
  async #sleep(milliseconds: number): Promise<undefined> {
    await sleep(milliseconds, undefined, { signal: this.#end.signal, ref: false }).catch(() => {});
  }
}
