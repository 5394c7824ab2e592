import type { CookieStore } from './cookie-store.ts';

/**
 * Time for which a mark lasts, in seconds. A browser that is killed may keep an older one: what waits is then found
 * when this is over.
 */
const MARK_LASTS = 3600;

/** Knows whether the outbox is empty, without a look into it. */
export interface OutboxMark {
  /** Checks whether the outbox was found empty within the last hour, with nothing put into it since. */
  isOutboxEmpty(): boolean;
  /** Marks the outbox as empty, so that the next page need not look. */
  markEmpty(): void;
  /** Marks that this page puts something into the outbox. */
  markFilled(): void;
  /**
   * Marks the outbox as empty again, when nothing of this page is left in it. Returns whether that is known without a
   * look: it was empty before, and no other page has put something into it.
   */
  tryMarkEmpty(): boolean;
}

/**
 * Keeps the mark in a cookie of the host alone. It holds the `origin` whose outbox is empty, or a value of the page that
 * put something into it last.
 */
export function createOutboxMark(cookies: CookieStore, name: string, origin: string): OutboxMark {
  const own = `${Math.random()}`;
  let wasEmpty = false;
  const set = (value: string) => cookies.set(name, value, undefined, { 'max-age': `${MARK_LASTS}` });
  const markEmpty = () => set(origin);
  return {
    isOutboxEmpty: () => cookies.get(name) === origin,
    markEmpty,
    markFilled() {
      const before = cookies.get(name);
      // Where there is none, nobody takes the outbox for empty.
      if (!before || before === own) return;
      wasEmpty = before === origin;
      set(own);
    },
    tryMarkEmpty() {
      const isKnown = wasEmpty && cookies.get(name) === own;
      if (isKnown) markEmpty();
      return isKnown;
    },
  };
}
