import type { Page } from '../browser/page.ts';
import type { Decision } from '../campaign/attribution.ts';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { Transport } from '../delivery/transport.ts';
import type { Visitor } from '../identity/visitor.ts';
import type { Settings } from '../options/options.ts';
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

/** A client at work, once consent allows it. */
export interface Runtime<S extends Settings = Settings> extends Context<S> {
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
