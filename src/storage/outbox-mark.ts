import type { CookieStore } from './cookie-store.ts';

/**
 * Time for which the mark of an empty outbox lasts, in seconds. A browser that is killed may forget that the mark was
 * taken away: what waits is then found when this is over.
 */
const EMPTY_LASTS = 3600;

/** Knows whether the outbox is empty, without a look into it. */
export interface OutboxMark {
  /** Checks whether the outbox was found empty within the last hour, with nothing put into it since. */
  isOutboxEmpty(): boolean;
  /** Marks whether the outbox is empty, so that the next page need not look. */
  markOutbox(isEmpty: boolean): void;
}

/** Keeps the mark in a cookie of the host alone, in which the `origin` stands whose outbox is empty. */
export const createOutboxMark = (cookies: CookieStore, name: string, origin: string): OutboxMark => ({
  isOutboxEmpty: () => cookies.get(name) === origin,
  markOutbox(isEmpty) {
    if (isEmpty) cookies.set(name, origin, undefined, { 'max-age': `${EMPTY_LASTS}` });
    else if (cookies.get(name)) cookies.delete(name);
  },
});
