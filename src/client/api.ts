import type { Decision } from '../campaign/attribution.ts';
import { sendWithKy } from '../delivery/send-with-ky.ts';
import type { Options } from '../options/options.ts';
import type { Jsonable, JsonableUser } from '../shared/jsonable.ts';
import type { Campaign, IdentifyOptions, Receipt, Touches, User, UserMetadata } from '../shared/types.ts';
import type { Client } from './client.ts';
import { createDefaultClient, type DefaultClient } from './page-client.ts';

/** The page's one client. A page has exactly one, so this is module state. */
const client = /* @__PURE__ */ createDefaultClient(sendWithKy);

// Functions, one by one. An editor shows the comment right above an import's function, and a bundler can leave out
// what is not called.

/**
 * Begins tracking: attributes this visit and sends what earlier pages left. A second call with the same options
 * returns the same client. On a server it does nothing.
 *
 * @param options One of `applicationId` and `relay` is required.
 * @returns The page's client, with the same functions as this module.
 * @throws TypeError with a sentence that tells the fix. Causes: no application id, an option of the wrong kind, or
 *   other options than in an earlier call.
 */
export function init(options: Options): Client {
  return client.init(options);
}

/**
 * Identifies the visitor as a user: one update of the user's profile, with the campaign they came by. Before `init`,
 * and while a page is prerendered, the call is kept. Nothing needs to wait for it.
 *
 * @param userId The user's permanent id in your own database: at most 512 characters, or a whole number.
 * @param metadata The user's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
 * @param options The user's company and session token.
 * @returns The receipt, at the latest after the option `timeout`. Never rejects: check `status`.
 */
export function identifyUser<T extends UserMetadata & Jsonable<T>>(
  userId: string | number | bigint,
  metadata?: T | null,
  options?: IdentifyOptions | null,
): Promise<Receipt> {
  return client.identifyUser(userId, metadata, options);
}

/**
 * Follows the site's session: tell it of every change, and on every page. Safe in an effect, for calling it again with
 * the same user does nothing.
 *
 * @param user `undefined`: the session is still loading, and nothing happens. `null`: nobody is logged in, which
 *   forgets a user who was. An object: that user is logged in. Its `id` is required, as in `identifyUser`;
 *   `companyId` and `sessionToken` are options, and all other own properties are metadata.
 * @returns The receipt of `identifyUser`. Without a user it is `unchanged`, with the reason `no-user`.
 */
export function setUser<T extends User & JsonableUser<T>>(user: T | null | undefined): Promise<Receipt> {
  return client.setUser(user);
}

/**
 * Forgets the user, on logout. The next visitor gets a new anonymous id and none of this one's company and campaign.
 * While nobody is identified it changes nothing. Updates still in the outbox are delivered.
 */
export function reset(): void {
  client.reset();
}

/**
 * Sets what the visitor allows. The choice is kept for the pages to come, and counts in all tabs.
 *
 * @param choice `granted` releases what has waited, as of the time it happened. `denied` forgets it, and erases what
 *   was stored and what still waits to be sent. So does anything else.
 */
export function setConsent(choice: 'granted' | 'denied'): void {
  client.setConsent(choice);
}

/**
 * Sends all that waits in the outbox now.
 *
 * @returns A promise that resolves when it has been tried, at the latest after the option `timeout`.
 */
export function flush(): Promise<void> {
  return client.flush();
}

/**
 * Returns the campaign that the user is given.
 *
 * @returns Undefined where there is none, and before `init`.
 */
export function getCampaign(): Campaign | undefined {
  return client.getCampaign();
}

/**
 * Returns the visitor's first and last touch, each with its campaign and time.
 *
 * @returns Undefined before `init`, while a page is prerendered, and without consent.
 */
export function getTouches(): Touches | undefined {
  return client.getTouches();
}

/**
 * Returns the id of the browser's visitor.
 *
 * @returns Undefined before `init`, while a page is prerendered, and without consent.
 */
export function getAnonymousId(): string | undefined {
  return client.getAnonymousId();
}

/**
 * Explains how this page's visits were attributed: the last 20 decisions, oldest first, kept in memory. With the
 * option `debug`, also shown as a table on the console.
 */
export function explain(): Decision[] {
  return client.explain();
}

/** All functions as one object: the default export. */
export const utmost: DefaultClient = {
  init,
  identifyUser,
  setUser,
  reset,
  setConsent,
  flush,
  getCampaign,
  getTouches,
  getAnonymousId,
  explain,
};
