import type { Json, Receipt } from '../../shared/types.ts';
import {
  createClient,
  decorateUrl,
  explain,
  flush,
  full,
  getAnonymousId,
  getCampaign,
  getCompanyId,
  getTouches,
  getUserId,
  identifyCompany,
  identifySession,
  identifyUser,
  init,
  reset,
  resetAnonymousId,
  setConsent,
  setUser,
  track,
} from '../api.ts';
import type { DefaultFullClient } from '../full-client.ts';
import type { ReadyEvent } from './recording.ts';

/**
 * Forgets visitor and campaign where they are kept in cookies, and the cookies of moesif-browser-js, if imported. The
 * next call finds a new visitor. What waits to be sent stays, and so does the choice about consent.
 */
export function clearCookies(): void {
  full.clearCookies();
}

/** Forgets visitor and campaign where they are kept in localStorage and sessionStorage, as `clearCookies` does. */
export function clearStorage(): void {
  full.clearStorage();
}

/**
 * Returns the session token given on this page.
 *
 * @returns Undefined where none was given.
 */
export function getSession(): string | undefined {
  return full.getSession();
}

/** Calls `setConsent('granted')`: what has waited is released, as of the time it happened. */
export function grantPublishingConsent(): void {
  full.grantPublishingConsent();
}

/** Calls `setConsent('denied')`: what waits is erased, and the choice is kept for the pages to come. */
export function revokePublishingConsent(): void {
  full.revokePublishingConsent();
}

/**
 * Checks whether the visitor allows tracking, and it has begun.
 *
 * @returns False before `init`, and while the choice is pending.
 */
export function isPublishingConsentGranted(): boolean {
  return full.isPublishingConsentGranted();
}

/**
 * Calls `decorateUrl`, under its name in moesif-browser-js.
 *
 * @param url An address, absolute or relative.
 * @param rest Is not used.
 * @returns The URL with the token; any other URL as it is.
 */
export function cdtUrlDecorator(url: string, ...rest: unknown[]): string {
  return full.cdtUrlDecorator(url, ...rest);
}

/**
 * Starts the recording of the page's calls to your API, by `fetch` and `XMLHttpRequest`. It loads what it needs first;
 * earlier calls are not recorded.
 *
 * @param web3 Is not used: calls of web3 are not recorded.
 * @returns False where it has been started already, and on a server.
 */
export function start(web3?: unknown): boolean {
  return full.start(web3);
}

/**
 * Ends the recording, and sends what waits.
 *
 * @returns False where nothing was being recorded.
 */
export function stop(): boolean {
  return full.stop();
}

/**
 * Records nothing: calls of web3 are not part of `start`.
 *
 * @param web3 Is not used.
 * @returns False.
 */
export function useWeb3(web3?: unknown): false {
  return full.useWeb3(web3);
}

/**
 * Calls `identifyUser` with the fields of a user's body.
 *
 * @param user `user_id`, `metadata`, `company_id` and `session_token`, as in the Users API.
 * @param rest Is not used.
 * @returns The receipt of `identifyUser`.
 */
export function updateUser(
  user: { [field: string]: Json | undefined },
  ...rest: unknown[]
): Promise<Receipt> {
  return full.updateUser(user, ...rest);
}

/**
 * Calls `identifyCompany` with the fields of a company's body.
 *
 * @param company `company_id`, `metadata` and `company_domain`, as in the Users API.
 * @param rest Is not used.
 * @returns The receipt of `identifyCompany`.
 */
export function updateCompany(
  company: { [field: string]: Json | undefined },
  ...rest: unknown[]
): Promise<Receipt> {
  return full.updateCompany(company, ...rest);
}

/**
 * Sends an event that you have made. Who is signed in, and a transaction id, are added.
 *
 * @param event `request` with `time`, `uri` and `verb`, and perhaps `response`.
 */
export function recordEvent(event?: ReadyEvent): void {
  full.recordEvent(event);
}

/** Does nothing: the option `batchEnabled` decides. */
export function initBatching(): void {
  full.initBatching();
}

/** Does nothing: the option `batchEnabled` decides. */
export function stopAllBatching(): void {
  full.stopAllBatching();
}

/** All functions of `utmost/full` as one object, which is what moesif-browser-js exports: the default export. */
export const moesif: DefaultFullClient = {
  init,
  createClient,
  new: () => full.new(),
  identifyUser,
  identifyCompany,
  identifySession,
  track,
  reset,
  resetAnonymousId,
  clearCookies,
  clearStorage,
  setConsent,
  setUser,
  grantPublishingConsent,
  revokePublishingConsent,
  isPublishingConsentGranted,
  flush,
  getCampaign,
  getTouches,
  getAnonymousId,
  getUserId,
  getCompanyId,
  getSession,
  _getUserId: getUserId,
  _getCompanyId: getCompanyId,
  _getSession: getSession,
  explain,
  decorateUrl,
  cdtUrlDecorator,
  start,
  stop,
  useWeb3,
  updateUser,
  updateCompany,
  recordEvent,
  initBatching,
  stopAllBatching,
};
