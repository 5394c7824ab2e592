import type { Client } from '../client.ts';
import type { IdentifyOptions, Json, Receipt, UserMetadata } from '../types.ts';
import type { FullOptions } from './options.ts';

/**
 * Data of a company or an action: a JSON object. Dots in keys become underscores, as on the server. Of any declared type,
 * as calls written for moesif-browser-js have it: what has no JSON is answered `dropped`.
 */
export type Metadata = object;

/** What moesif-browser-js has besides, and what it is here. Each says once on the console what to use. */
export interface RetiredMethods {
  /** Records nothing: returns false. Campaign and visitors need no start. */
  start(web3?: unknown): false;
  stop(): void;
  useWeb3(web3?: unknown): false;
  /** `identifyUser` by the fields of a user's body. */
  updateUser(user: { [field: string]: Json | undefined }, ...rest: unknown[]): Promise<Receipt>;
  /** `identifyCompany` by the fields of a company's body. */
  updateCompany(company: { [field: string]: Json | undefined }, ...rest: unknown[]): Promise<Receipt>;
  recordEvent(event?: unknown): void;
  initBatching(): void;
  stopAllBatching(): void;
}

/** {@link Client} with all that moesif-browser-js does for users, companies, sessions and actions. */
export interface FullClient extends Client, RetiredMethods {
  /**
   * Begins tracking. A second call with the same options returns the same client.
   *
   * @throws TypeError with a sentence that tells the fix: an option is wrong, or differs from an earlier call's, or
   *   another instance of this page has the same `persistenceKeyPrefix`.
   */
  init(options: FullOptions): FullClient;
  /** {@link Client.identifyUser}, with metadata of any declared type. */
  identifyUser(
    userId: string | number,
    metadata?: UserMetadata | Metadata | null,
    options?: IdentifyOptions | null,
  ): Promise<Receipt>;
  /**
   * Says which company the visitor is of: one update of the company's profile, with the campaign they came by until
   * one has been delivered with it. A user identified before gets an update of their own, which links them.
   *
   * @param companyId A non-empty string, or a finite number. Anything else is answered `dropped`.
   * @param companyDomain The company's domain, such as `example.com`.
   */
  identifyCompany(
    companyId: string | number,
    metadata?: Metadata | null,
    companyDomain?: string | null,
  ): Promise<Receipt>;
  /**
   * A session token or API key of the user: goes along with what is said from now on of the user and the company, and
   * with actions; where the user was identified on this page, it is also told at once. It is kept in this page's memory
   * and in the outbox alone, until `reset` or another user.
   */
  identifySession(sessionToken: string | number): void;
  /**
   * Tells what the visitor did, as of the time of the call. Actions wait for each other, at most `batchMaxTime`: then
   * the receipt is at once `queued` with the reason `batching`, once it is stored.
   *
   * @param actionName A non-empty string. Anything else is answered `dropped`.
   */
  track(actionName: string, metadata?: Metadata | null): Promise<Receipt>;
  /** Gives the visitor a new anonymous id, and returns it. An identified user stays so, with the company. */
  resetAnonymousId(): string;
  /**
   * Forgets visitor and campaign where they are kept in cookies, and moesif-browser-js's cookies, if adopted: the next
   * call finds a new visitor. What waits to be sent stays, and so does the choice about consent.
   */
  clearCookies(): void;
  /** The same for what is kept in localStorage and sessionStorage. */
  clearStorage(): void;
  /** The session token told on this page. */
  getSession(): string | undefined;
  /** The identified user; undefined without one, and without consent. */
  getUserId(): string | undefined;
  /** The visitor's company; undefined without one, and without consent. */
  getCompanyId(): string | undefined;
  _getSession(): string | undefined;
  _getUserId(): string | undefined;
  _getCompanyId(): string | undefined;
  /** `setConsent('granted')`. */
  grantPublishingConsent(): void;
  /** `setConsent('denied')`: what waits is erased, and the choice is kept for the pages to come. */
  revokePublishingConsent(): void;
  isPublishingConsentGranted(): boolean;
  /**
   * The URL with the visitor's token, if it leads to one of `crossDomain.domains`, good for two minutes: for `location`
   * and `window.open`, right before the call. Otherwise the URL as it is.
   */
  decorateUrl(url: string): string;
  /** {@link decorateUrl}. */
  cdtUrlDecorator(url: string, ...rest: unknown[]): string;
}
