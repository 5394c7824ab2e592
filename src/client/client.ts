import type { Decision } from '../campaign/attribution.ts';
import type { Jsonable, JsonableUser } from '../shared/jsonable.ts';
import type { Campaign, IdentifyOptions, Receipt, Touches, User, UserMetadata } from '../shared/types.ts';

/** One tracked site. No method throws, and no promise rejects. On a server every method does nothing. */
export interface Client {
  /**
   * Identifies the visitor as a user: one update of the user's profile, with the campaign they came by. Before
   * `init`, and while a page is prerendered, the call is kept.
   *
   * @param userId The user's permanent id in your own database: a text of at most 512 characters, or a whole number.
   *   A number becomes its decimal string. An id that names nobody is answered `dropped`.
   * @param metadata The user's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings. A value without
   *   JSON (a cycle, a function, a BigInt) makes the call answered `dropped`.
   * @param options The user's company and session token.
   * @returns The receipt, after the first attempt or at the latest after the option `timeout`. While consent is
   *   `pending`, it is `queued` without delay, though the call waits in this page's memory alone.
   */
  identifyUser<T extends UserMetadata & Jsonable<T>>(
    userId: string | number | bigint,
    metadata?: T | null,
    options?: IdentifyOptions | null,
  ): Promise<Receipt>;
  /**
   * Follows the site's session: tell it of every change, and on every page. Safe in an effect, for calling it again
   * with the same user does nothing.
   *
   * @param user `undefined`: the session is still loading, and nothing happens. `null`: nobody is logged in, which
   *   forgets a user who was. An object: that user is logged in. Its `id` is required, as in `identifyUser`;
   *   `companyId` and `sessionToken` are options, and all other own properties are metadata.
   * @returns The receipt of `identifyUser`. Without a user it is `unchanged`, with the reason `no-user`.
   */
  setUser<T extends User & JsonableUser<T>>(user: T | null | undefined): Promise<Receipt>;
  /**
   * Forgets the user, on logout. The next visitor gets a new anonymous id and none of this one's company and
   * campaign. Updates still in the outbox are delivered. While nobody is identified it changes nothing. Identifying
   * the same user again on this page undoes it.
   */
  reset(): void;
  /**
   * Sets what the visitor allows. The choice is kept for the pages to come, and counts in all tabs.
   *
   * @param choice `granted` releases what has waited, as of the time it happened. `denied` forgets it, erases what
   *   was stored and what still waits to be sent, and keeps nothing but the refusal. So does anything else.
   */
  setConsent(choice: 'granted' | 'denied'): void;
  /** Sends all that waits in the outbox now. Resolves when it has been tried. */
  flush(): Promise<void>;
  /** Returns the campaign that the user is given; undefined where there is none, and before `init`. */
  getCampaign(): Campaign | undefined;
  /** Returns the visitor's first and last touch; undefined before `init` and without consent. */
  getTouches(): Touches | undefined;
  /** Returns the id of the browser's visitor; undefined before `init` and while a page is prerendered. */
  getAnonymousId(): string | undefined;
  /**
   * Explains how this page's visits were attributed: the last 20 decisions, oldest first, kept in memory. With the
   * option `debug`, also shown as a table on the console.
   */
  explain(): Decision[];
}
