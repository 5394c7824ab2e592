import { randomUUID } from 'node:crypto';
import {
  ANYBODY,
  type Change,
  DELETION,
  laterOf,
  type Message,
  readMessage,
  writeChanges,
} from './change-payload.ts';
import type { Database } from './database.ts';
import { CHANNEL, Listener, type ListenerOptions } from './listener.ts';

/** Milliseconds between two notifications of this process. */
const PAUSE = 200;

/** Milliseconds after which changes are told again that could not be. */
const RETRY = 1000;

/** The number of changes that are gathered. With more it may have been anybody. */
const MAX_CHANGES = 1000;

/**
 * Tells all processes to forget what they remember, since people or types were deleted. PGlite has no other processes, and
 * other databases with PostgreSQL's protocol may have no notifications.
 */
export async function notifyOfDeletion(database: Database): Promise<void> {
  await database.query(NOTIFY, [DELETION, writeChanges([])]).catch(() => {});
}

// The notification comes after this position in the log: a replica that has passed it has all that was written before.
const NOTIFY = `
  select lsn, pg_notify('${CHANNEL}', $1::text || ' ' || lsn || ' ' || $2::text)
  from (select pg_current_wal_insert_lsn()::text as lsn) l`;

/** What a feed needs to know. */
export interface FeedOptions extends Partial<Pick<ListenerOptions, 'probeTimeout' | 'probeInterval'>> {
  database: Database;
  /** The address of the server itself, for a connection that listens. */
  url: string;
  /** Called with a change of any process that can be read now, and with `ANYBODY` where some may have been missed. */
  onChange(change: Change): void;
  /** Called at once with a change by another process. Of very many only the first come, or none. */
  onForeign?: (change: Change) => void;
  /** Called when anything may have changed without a word. */
  onGap?: () => void;
  /** Called once when another process is heard of. */
  onPeer?: () => void;
}

/** Tells the changes of this process to all that share the database, and hears of theirs. */
export class ChangeFeed {
  readonly #options: FeedOptions;
  readonly #sender = randomUUID();
  readonly #listener: Listener;
  /** Changes to be told, by their text. */
  #changes = new Map<string, Change>();
  #timer: NodeJS.Timeout | undefined;
  #lastTime = 0;
  #isSending = false;
  /** Changes that can not be read yet, and the position up to which they were written. */
  #unread = new Map<string, Change>();
  #unreadLsn = '0/0';
  #isWaiting = false;
  #hasPeers = false;
  #isTold = false;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { url, probeTimeout, probeInterval } = options;
    this.#listener = new Listener({
      url,
      probeTimeout,
      probeInterval,
      probe: () => this.#notify([]),
      onMessage: payload => this.#receive(payload),
      onGap: () => this.#miss(),
    });
  }

  /** Tells a change that this process has written, at most five times a second, with those that came meanwhile. */
  publish(change: Change): void {
    // Without a replica it can be read at once.
    if (!this.#options.database.waitForReplay) this.#options.onChange(change);
    gather(this.#changes, change);
    this.#schedule(Math.max(0, this.#lastTime + PAUSE - Date.now()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (this.#changes.size > 0) await this.#notify([...this.#changes.values()]).catch(() => {});
    await this.#listener.close();
  }

  #schedule(pause: number): void {
    if (this.#isSending || this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.#flush(), pause).unref();
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    this.#lastTime = Date.now();
    const changes = this.#changes;
    this.#changes = new Map();
    this.#isSending = true;
    let pause = PAUSE;
    try {
      const lsn = await this.#notify([...changes.values()]);
      this.#isTold = false;
      if (this.#options.database.waitForReplay) this.#whenReadable(lsn, changes.values());
    } catch (error) {
      this.#tellFailure(error as Error);
      pause = RETRY;
      for (const change of changes.values()) gather(this.#changes, change);
    } finally {
      this.#isSending = false;
    }
    if (this.#changes.size > 0) this.#schedule(pause);
  }

  /** Notifies all processes. Returns the position of the log up to which the changes were written. */
  async #notify(changes: Change[]): Promise<string> {
    const { rows } = await this.#options.database.query<{ lsn: string }>(NOTIFY, [
      this.#sender,
      writeChanges(changes),
    ]);
    return rows[0]?.lsn ?? '0/0';
  }

  #receive(payload: string): void {
    const message = readMessage(payload);
    if (!message) return;
    if (message.sender === this.#sender) this.#listener.hear();
    else if (message.sender === DELETION) {
      this.#options.onGap?.();
      this.#whenReadable(message.lsn, [ANYBODY]);
    } else this.#receiveFrom(message);
  }

  #receiveFrom(message: Message): void {
    if (!this.#hasPeers) this.#options.onPeer?.();
    this.#hasPeers = true;
    for (const change of message.changes) this.#options.onForeign?.(change);
    this.#whenReadable(message.lsn, message.changes);
  }

  #miss(): void {
    this.#options.onGap?.();
    this.#options.onChange(ANYBODY);
  }

  /** Passes changes on as soon as what is read has them. */
  #whenReadable(lsn: string, changes: Iterable<Change>): void {
    for (const change of changes) gather(this.#unread, change);
    this.#unreadLsn = laterOf(this.#unreadLsn, lsn);
    if (!this.#isWaiting && this.#unread.size > 0) void this.#passOn();
  }

  async #passOn(): Promise<void> {
    this.#isWaiting = true;
    while (this.#unread.size > 0 && !this.#isClosed) {
      const changes = this.#unread;
      this.#unread = new Map();
      await this.#options.database.waitForReplay?.(this.#unreadLsn);
      for (const change of changes.values()) this.#options.onChange(change);
    }
    this.#isWaiting = false;
  }

  #tellFailure({ message }: Error): void {
    if (!this.#isTold && !this.#isClosed) {
      console.warn(
        `The other processes' live pages do not hear of this one: ${message}. It is tried again until the database takes it.`,
      );
    }
    this.#isTold = true;
  }
}

function gather(changes: Map<string, Change>, change: Change): void {
  if (changes.size < MAX_CHANGES) changes.set(JSON.stringify(change), change);
  else changes.set(JSON.stringify(ANYBODY), ANYBODY);
}
