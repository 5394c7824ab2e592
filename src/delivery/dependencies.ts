import type { Page } from '../browser/page.ts';
import type { Entry, Json, Receipt } from '../shared/types.ts';
import type { EntryStore } from '../storage/entry-store.ts';
import type { OutboxMark } from '../storage/outbox-mark.ts';
import type { RetryAfterStore } from '../storage/retry-after.ts';
import type { ToBatch } from './merge.ts';
import type { Outcome } from './outcome.ts';

/** Dependencies of a dispatcher. */
export interface DeliveryDependencies {
  entries: EntryStore;
  records: OutboxMark;
  retryAfter: RetryAfterStore;
  page: Page;
  /** Sends one body; never rejects. */
  send: (body: Json, path?: string) => Promise<Outcome>;
  /** Sends one body from a page that may be gone in an instant. */
  sendOnExit: (body: Json, path?: string) => void;
  /** Turns a profile's entries into a request. Default: they are merged. */
  toBatch?: ToBatch | undefined;
  /** Checks whether the server knows, from this page or another, who the visitor with that anonymous id is. */
  isIdentified: (anonymousId: string) => boolean;
  /** Checks whether nothing may be sent any more. */
  isDenied: () => boolean;
  /** The most entries that may wait. Default 200. */
  maxEntries?: number | undefined;
  /** Hears of the entries that a 2xx has confirmed. */
  onDelivered: (entries: readonly Entry[]) => void;
  /** Hears of the result of every attempt, and of every entry that is given up. */
  onReceipt: (receipt: Receipt, entry: Entry) => void;
  /** Ends the listening for events after which sending may work again. */
  signal: AbortSignal;
  /** Milliseconds until an open receipt is answered `queued`; no attempt lasts longer. */
  timeout: number;
  report: (message: string) => void;
}
