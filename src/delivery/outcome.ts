import { dropped, queued } from '../shared/receipt.ts';
import type { QueuedReason, Receipt } from '../shared/types.ts';

/**
 * What an answer, or its absence, means for the entry that was sent: the receipt, and for `queued` how long the
 * server wants to be left alone, in milliseconds. `Infinity`: nothing will pass until the site's owner mends something.
 */
export type Outcome = Receipt & { retryAfter?: number };

const MAX_BACKOFF = 5 * 60_000;
/** Longest pause that is honoured, in milliseconds: a day. */
export const MAX_RETRY_AFTER = 24 * 60 * 60_000;

/**
 * What an HTTP answer means, by its status (0 for a redirect) and `Retry-After`, and by what shows whose it is: the API
 * has no documents, and refuses in JSON. `isHtml` is what its content type says, which servers say of anything; `first` is
 * the code of the body's first character that is no white space.
 */
export function toOutcome(
  httpStatus: number,
  retryAfter: string | null,
  now: number,
  isHtml?: boolean,
  first?: number,
): Outcome {
  const message = `HTTP ${httpStatus || 'redirect'}`;
  const wait = (reason: QueuedReason, fix = ''): Outcome => ({
    ...queued(reason, message + fix),
    httpStatus,
    retryAfter: parseRetryAfter(retryAfter, now),
  });
  // 401: unknown application id. 402: subscription inactive.
  if (httpStatus === 401 || httpStatus === 402)
    return { ...wait('http', ': check application id and subscription'), retryAfter: Infinity };
  if (httpStatus === 429) return wait('rate-limited');
  if (httpStatus === 408 || httpStatus >= 500) return wait('http');
  const isOk = httpStatus >= 200 && httpStatus < 300;
  const isJson = first === LEFT_BRACE || first === LEFT_BRACKET;
  // Of any other refusal only the API or a relay knows that it is this update's: they say so in JSON.
  const isFinal = [400, 413, 422].includes(httpStatus) || (httpStatus >= 400 && isJson);
  if ((isHtml && first === LESS_THAN) || !(isOk || isFinal))
    return wait(
      httpStatus ? 'not-the-api' : 'redirected',
      ': check host or relay, and what stands before the API',
    );
  return isOk ? { status: 'delivered', httpStatus } : { ...dropped('http', message), httpStatus };
}
const LESS_THAN = 60;
const LEFT_BRACKET = 91;
const LEFT_BRACE = 123;

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
