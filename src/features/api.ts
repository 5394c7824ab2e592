import type { Decision } from '../campaign/attribution.ts';
import { sendWithKy } from '../delivery/send-with-ky.ts';
import type { Jsonable, JsonableUser } from '../shared/jsonable.ts';
import type { Campaign, IdentifyOptions, Receipt, Touches, User, UserMetadata } from '../shared/types.ts';
import type { Metadata } from './companies.ts';
import type { DefaultFullClient, FullClient } from './full-client.ts';
import { createFull } from './instances.ts';
import type { FullOptions } from './options.ts';

/** The page's first instance. A page has exactly one, so this is module state. */
export const full: DefaultFullClient = /* @__PURE__ */ createFull(sendWithKy);

// As in client/api.ts. The functions that moesif-browser-js has besides are in moesif-api.ts.

/**
 * Begins tracking: attributes this visit and sends what earlier pages left. A second call with the same options
 * returns the same client. On a server it does nothing.
 *
 * @param options One of `applicationId` and `relay` is required.
 * @returns The page's client, with the same functions as this module.
 * @throws TypeError with a sentence that tells the fix. Causes: an option is wrong, differs from an earlier call's,
 *   or has another instance's `persistenceKeyPrefix`.
 */
export function init(options: FullOptions): FullClient {
  return full.init(options);
}

/**
 * Begins a further instance, which shares nothing with the others. On a server it does nothing.
 *
 * @param options Those of `init`. Its `persistenceKeyPrefix` has to differ from that of every other instance.
 * @returns The instance.
 * @throws TypeError as `init` does.
 */
export function createClient(options: FullOptions): FullClient {
  return full.createClient(options);
}

/**
 * Identifies the visitor as a user: one update of the user's profile, with the campaign they came by. Before `init`,
 * and while a page is prerendered, the call is kept. Nothing needs to wait for it.
 *
 * @param userId The user's permanent id in your own database: at most 512 characters, or a whole number.
 * @param metadata The user's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
 * @param options The user's company and session token. Default: the token given to `identifySession`.
 * @returns The receipt, at the latest after the option `timeout`. Never rejects: check `status`.
 */
export function identifyUser<T extends UserMetadata & Jsonable<T>>(
  userId: string | number | bigint,
  metadata?: T | null,
  options?: IdentifyOptions | null,
): Promise<Receipt> {
  return full.identifyUser(userId, metadata, options);
}

/**
 * Follows the site's session: tell it of every change, and on every page. Safe in an effect.
 *
 * @param user `undefined`: it is loading. `null`: nobody. A user: `id`, `companyId`, `sessionToken`, and metadata.
 * @returns The receipt of `identifyUser`. Without a user it is `unchanged`, with the reason `no-user`.
 */
export function setUser<T extends User & JsonableUser<T>>(user: T | null | undefined): Promise<Receipt> {
  return full.setUser(user);
}

/**
 * Identifies the visitor's company: one update of the company's profile. The campaign is sent along until one has
 * been delivered with it. A user identified before gets an update of their own, which links them.
 *
 * @param companyId The company's permanent id: a text of at most 512 characters, or a whole number. An id that names
 *   nobody is answered `dropped`.
 * @param metadata The company's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
 * @param companyDomain The company's domain, such as `example.com`.
 * @returns The receipt, at the latest after the option `timeout`. Never rejects: check `status`.
 */
export function identifyCompany<T extends Metadata & Jsonable<T>>(
  companyId: string | number,
  metadata?: T | null,
  companyDomain?: string | null,
): Promise<Receipt> {
  return full.identifyCompany(companyId, metadata, companyDomain);
}

/**
 * Sets the user's session, which is sent with later updates of the user and the company, and with actions. Where the
 * user was identified on this page, it is also sent now. It is kept in this page's memory and in the outbox alone,
 * until `reset` or another user.
 *
 * @param sessionToken A session token or API key of the user. Anything empty is refused on the console.
 */
export function identifySession(sessionToken: string | number): void {
  full.identifySession(sessionToken);
}

/**
 * Records what the visitor did, as of the time of the call. Actions wait for each other, at most `batchMaxTime`
 * milliseconds.
 *
 * @param actionName A non-empty string. Anything else is answered `dropped`.
 * @param metadata The action's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
 * @returns The receipt. An action that waits for others is `queued` without delay, with the reason `batching`. Never
 *   rejects: check `status`.
 */
export function track<T extends Metadata & Jsonable<T>>(
  actionName: string,
  metadata?: T | null,
): Promise<Receipt> {
  return full.track(actionName, metadata);
}

/**
 * Forgets the user, on logout. The next visitor gets a new anonymous id and none of this one's company and campaign.
 * While nobody is identified only a session token given on this page is forgotten. Updates still in the outbox are
 * delivered.
 */
export function reset(): void {
  full.reset();
}

/**
 * Gives the visitor a new anonymous id. An identified user stays so, with the company.
 *
 * @returns The new id, a UUID.
 */
export function resetAnonymousId(): string {
  return full.resetAnonymousId();
}

/**
 * Sets what the visitor allows. The choice is kept for the pages to come, and counts in all tabs.
 *
 * @param choice `granted` releases what has waited, as of the time it happened. `denied` forgets it, and erases what
 *   was stored and what still waits to be sent. So does anything else.
 */
export function setConsent(choice: 'granted' | 'denied'): void {
  full.setConsent(choice);
}

/**
 * Sends all that waits in the outbox now, including actions that wait for each other.
 *
 * @returns A promise that resolves when it has been tried, at the latest after the option `timeout`.
 */
export function flush(): Promise<void> {
  return full.flush();
}

/** Returns the campaign that the user is given. Undefined where there is none, and before `init`. */
export function getCampaign(): Campaign | undefined {
  return full.getCampaign();
}

/** Returns the visitor's first and last touch. Undefined before `init` and without consent. */
export function getTouches(): Touches | undefined {
  return full.getTouches();
}

/**
 * Returns the id of the browser's visitor.
 *
 * @returns Undefined before `init`, while a page is prerendered, and without consent.
 */
export function getAnonymousId(): string | undefined {
  return full.getAnonymousId();
}

/**
 * Returns the identified user's id; undefined without a user, before `init`, and without consent.
 */
export function getUserId(): string | undefined {
  return full.getUserId();
}

/**
 * Returns the id of the visitor's company; undefined without a company, before `init`, and without consent.
 */
export function getCompanyId(): string | undefined {
  return full.getCompanyId();
}

/**
 * Explains how this page's visits were attributed: the last 20 decisions, oldest first. Kept in memory.
 */
export function explain(): Decision[] {
  return full.explain();
}

/**
 * Adds the visitor's token to a URL that leads to one of `crossDomain.domains`. The token is good for two minutes:
 * call this right before `location` or `window.open` takes the URL.
 *
 * @param url An address, absolute or relative.
 * @returns The URL with the token; any other URL as it is.
 */
export function decorateUrl(url: string): string {
  return full.decorateUrl(url);
}
