import { dropped, queued } from '../receipt.ts';
import type { Receipt } from '../types.ts';

/**
 * What an answer, or its absence, means for the entry that was sent: the receipt, and for `queued` how long the
 * server wants to be left alone, in milliseconds. `Infinity`: nothing will pass until the site's owner mends something.
 */
export type Outcome = Receipt & { after?: number };

const MAX_BACKOFF = 5 * 60_000;
/** Longest pause that is honoured, in milliseconds: a day. */
export const MAX_RETRY_AFTER = 24 * 60 * 60_000;

/** What an HTTP answer means, by its status and `Retry-After` (the Users API's documented answers). */
export function outcomeOf(httpStatus: number, retryAfter: string | null, now: number): Outcome {
  if (httpStatus >= 200 && httpStatus < 300) return { status: 'delivered', httpStatus };
  // 401: unknown application id. 402: subscription inactive.
  const isPause = httpStatus === 401 || httpStatus === 402;
  const isTransient = isPause || httpStatus === 408 || httpStatus === 429 || httpStatus >= 500;
  const message = `HTTP ${httpStatus}`;
  if (!isTransient) return { ...dropped('http', message), httpStatus };
  return {
    ...queued(httpStatus === 429 ? 'rate-limited' : 'http', message),
    httpStatus,
    after: isPause ? Infinity : parseRetryAfter(retryAfter, now),
  };
}

/** `Retry-After` in milliseconds from `now`, at most a day: seconds or a date (RFC 9110, 10.2.3); 0 for none. */
export function parseRetryAfter(header: string | null, now: number): number {
  const text = `${header}`.trim();
  // Date.parse takes a fraction for a month and a bare year for a date: an HTTP date has a weekday and a time of day.
  const wait = /^\d+$/.test(text) ? +text * 1000 : /^[A-Z].+:/.test(text) ? Date.parse(text) - now : 0;
  // NaN is no more than 0.
  return wait > 0 ? Math.min(wait, MAX_RETRY_AFTER) : 0;
}

/**
 * Milliseconds until the next round after `failures` failed ones in a row: up to 1 s doubling to 5 min, anywhere
 * below that bound ("full jitter"), so that the visitors of a site do not come back all at once after an outage.
 */
export function backoff(failures: number, random: number): number {
  return random * Math.min(MAX_BACKOFF, 1000 * 2 ** (failures - 1));
}
