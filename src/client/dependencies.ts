import type { Page } from '../browser/page.ts';
import type { Decision } from '../campaign/attribution.ts';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { Outcome } from '../delivery/outcome.ts';
import type { Transport } from '../delivery/transport.ts';
import type { Visitor } from '../identity/visitor.ts';
import type { Settings } from '../options/options.ts';
import type { Json } from '../shared/types.ts';
import type { EntryStore } from '../storage/entry-store.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { RetryAfterStore } from '../storage/retry-after.ts';

/** What a client works with, besides its settings. */
export interface Dependencies {
  page: Page;
  transport: Transport;
  records: RecordStore;
  entries: EntryStore;
  retryAfter: RetryAfterStore;
  /** The most entries that may wait. Default 200. */
  maxEntries?: number;
  /** Whether nothing at all may be kept on the device. */
  isMemoryOnly?: boolean;
}

/** A client that is begun: its settings and dependencies. */
export interface Context<S extends Settings = Settings> extends Dependencies {
  settings: S;
  /** What `?utmost_debug` asks for in this session, once tracking may run. */
  debug?: unknown;
}

/** The way to the relay or to the API. */
export interface Wire {
  /**
   * Sends a body. Resolves with what became of it. `isBulk`: it leaves the requests that may
   * outlive the page to what matters more.
   */
  send(body: Json, path?: string, isBulk?: boolean): Promise<Outcome>;
  /** Sends a body from a page that may be gone in an instant. */
  sendOnExit(body: Json, path?: string): void;
}

/**
 * A client at work, once consent allows it. It is its context, to which this has been added. After a refusal and a grant it
 * has another visitor.
 */
export interface Runtime<S extends Settings = Settings> extends Context<S>, Wire {
  visitor: Visitor;
  dispatcher: Dispatcher;
  /** Logs one line on the console, where the site wants to be told. */
  report(message: string): void;
  explain(): Decision[];
  /** Gives up all that waits: consent is withdrawn. */
  stop(): void;
  /** The page is hidden, or left. */
  hide(isLeaving: boolean): void;
}
