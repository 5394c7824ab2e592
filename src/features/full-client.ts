import type { Client } from '../client/client.ts';
import type { Jsonable } from '../shared/jsonable.ts';
import type { Json, Receipt } from '../shared/types.ts';
import type { FullOptions } from './options.ts';

/** Data of a company or an action: a JSON object of at most 1 MB. Dots in keys become underscores, as on the server. */
export type Metadata = object;

/** Methods that only moesif-browser-js has, and what they are here. Each says once on the console what to use. */
export interface RetiredMethods {
  /**
   * Records nothing: campaign and visitors need no start.
   *
   * @param web3 Is not used.
   * @returns False.
   */
  start(web3?: unknown): false;
  /** Does nothing: no requests are recorded here. */
  stop(): void;
  /**
   * Records nothing, as `start`.
   *
   * @param web3 Is not used.
   * @returns False.
   */
  useWeb3(web3?: unknown): false;
  /**
   * Calls `identifyUser` with the fields of a user's body.
   *
   * @param user `user_id`, `metadata`, `company_id` and `session_token`, as in the Users API.
   * @param rest Is not used.
   * @returns The receipt of `identifyUser`.
   */
  updateUser(user: { [field: string]: Json | undefined }, ...rest: unknown[]): Promise<Receipt>;
  /**
   * Calls `identifyCompany` with the fields of a company's body.
   *
   * @param company `company_id`, `metadata` and `company_domain`, as in the Users API.
   * @param rest Is not used.
   * @returns The receipt of `identifyCompany`.
   */
  updateCompany(company: { [field: string]: Json | undefined }, ...rest: unknown[]): Promise<Receipt>;
  /**
   * Does nothing: no requests are recorded here. Use `track` for what the visitor does.
   *
   * @param event Is not used.
   */
  recordEvent(event?: unknown): void;
  /** Does nothing: the option `batchEnabled` decides. */
  initBatching(): void;
  /** Does nothing: the option `batchEnabled` decides. */
  stopAllBatching(): void;
}

/** {@link Client} with all that moesif-browser-js does for users, companies, sessions and actions. */
export interface FullClient extends Client, RetiredMethods {
  /**
   * Begins tracking: attributes this visit and sends what earlier pages left. A second call with the same options
   * returns the same client. On a server it does nothing.
   *
   * @param options One of `applicationId` and `relay` is required.
   * @returns This client.
   * @throws TypeError with a sentence that tells the fix. Causes: an option is wrong, differs from an earlier call's,
   *   or has another instance's `persistenceKeyPrefix`.
   */
  init(options: FullOptions): FullClient;
  /**
   * Identifies the visitor's company: one update of the company's profile. The campaign is sent along until one has
   * been delivered with it. A user identified before gets an update of their own, which links them.
   *
   * @param companyId The company's permanent id: a text of at most 512 characters, or a whole number. An id that
   *   names nobody is answered `dropped`.
   * @param metadata The company's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
   * @param companyDomain The company's domain, such as `example.com`.
   * @returns The receipt, at the latest after the option `timeout`. Never rejects: check `status`.
   */
  identifyCompany<T extends Metadata & Jsonable<T>>(
    companyId: string | number,
    metadata?: T | null,
    companyDomain?: string | null,
  ): Promise<Receipt>;
  /**
   * Sets the user's session, which is sent with later updates of the user and the company, and with actions. Where
   * the user was identified on this page, it is also sent now. It is kept in this page's memory and in the outbox
   * alone, until `reset` or another user.
   *
   * @param sessionToken A session token or API key of the user. Anything empty is refused on the console.
   */
  identifySession(sessionToken: string | number): void;
  /**
   * Records what the visitor did, as of the time of the call. Actions wait for each other, at most `batchMaxTime`
   * milliseconds.
   *
   * @param actionName A non-empty string. Anything else is answered `dropped`.
   * @param metadata The action's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
   * @returns The receipt. An action that waits for others is `queued` without delay, with the reason `batching`.
   *   Never rejects: check `status`.
   */
  track<T extends Metadata & Jsonable<T>>(actionName: string, metadata?: T | null): Promise<Receipt>;
  /**
   * Gives the visitor a new anonymous id. An identified user stays so, with the company.
   *
   * @returns The new id, a UUID.
   */
  resetAnonymousId(): string;
  /**
   * Forgets visitor and campaign where they are kept in cookies, and the cookies of moesif-browser-js, if imported.
   * The next call finds a new visitor. What waits to be sent stays, and so does the choice about consent.
   */
  clearCookies(): void;
  /** Forgets visitor and campaign where they are kept in localStorage and sessionStorage, as `clearCookies` does. */
  clearStorage(): void;
  /**
   * Returns the session token given on this page.
   *
   * @returns Undefined where none was given.
   */
  getSession(): string | undefined;
  /**
   * Returns the identified user's id.
   *
   * @returns Undefined without a user, before `init`, and without consent.
   */
  getUserId(): string | undefined;
  /**
   * Returns the id of the visitor's company.
   *
   * @returns Undefined without a company, before `init`, and without consent.
   */
  getCompanyId(): string | undefined;
  /** Calls `getSession`, under its name in moesif-browser-js. */
  _getSession(): string | undefined;
  /** Calls `getUserId`, under its name in moesif-browser-js. */
  _getUserId(): string | undefined;
  /** Calls `getCompanyId`, under its name in moesif-browser-js. */
  _getCompanyId(): string | undefined;
  /** Calls `setConsent('granted')`: what has waited is released, as of the time it happened. */
  grantPublishingConsent(): void;
  /** Calls `setConsent('denied')`: what waits is erased, and the choice is kept for the pages to come. */
  revokePublishingConsent(): void;
  /**
   * Checks whether the visitor allows tracking, and it has begun.
   *
   * @returns False before `init`, and while the choice is pending.
   */
  isPublishingConsentGranted(): boolean;
  /**
   * Adds the visitor's token to a URL that leads to one of `crossDomain.domains`. The token is good for two minutes:
   * call this right before `location` or `window.open` takes the URL.
   *
   * @param url An address, absolute or relative.
   * @returns The URL with the token; any other URL as it is.
   */
  decorateUrl(url: string): string;
  /**
   * Calls `decorateUrl`, under its name in moesif-browser-js.
   *
   * @param url An address, absolute or relative.
   * @param rest Is not used.
   * @returns The URL with the token; any other URL as it is.
   */
  cdtUrlDecorator(url: string, ...rest: unknown[]): string;
}

/** The page's first instance, which also makes further ones. */
export interface DefaultFullClient extends FullClient {
  /**
   * Begins a further instance, which shares nothing with the others. On a server it does nothing.
   *
   * @param options Those of `init`. Its `persistenceKeyPrefix` has to differ from that of every other instance.
   * @returns The instance.
   * @throws TypeError as `init` does.
   */
  createClient(options: FullOptions): FullClient;
  /**
   * Makes a further instance that is not begun: it keeps its calls until its `init`.
   *
   * @returns The instance.
   */
  readonly new: () => FullClient;
}
