import { dropped, queued } from '../shared/receipt.ts';
import type { QueuedReason, Receipt } from '../shared/types.ts';

/**
 * The meaning of an answer, or of its absence, for the entry that was sent. `retryAfter` comes with `queued`: how
 * long the server wants no requests, in milliseconds. `Infinity`: nothing will pass until the site's owner mends
 * something.
 */
export type Outcome = Receipt & { retryAfter?: number };

const MAX_BACKOFF = 5 * 60_000;
/** The longest pause that is honoured, in milliseconds: a day. */
export const MAX_RETRY_AFTER = 24 * 60 * 60_000;

/**
 * Makes an outcome of an HTTP answer, from its status (0 for a redirect) and `Retry-After`. Further arguments show
 * whether the API itself answers: it has no documents, and refuses in JSON. `isHtml` is what the content type says,
 * which servers say of anything. `first` is the code of the body's first character that is no white space.
 */
export function toOutcome(
  httpStatus: number,
  retryAfter: string | null,
  now: number,
  isHtml?: boolean,
  first?: number,
): Outcome {
  const message = `HTTP ${httpStatus || 'redirect'}`;
  const wait = (reason: QueuedReason, fix = '; it waits'): Outcome => ({
    ...queued(reason, message + fix),
    httpStatus,
    retryAfter: parseRetryAfter(retryAfter, now),
  });
  // 401: unknown application id. 402: subscription inactive.
  if (httpStatus === 401 || httpStatus === 402)
    return { ...wait('http', '; check application id and subscription'), retryAfter: Infinity };
  if (httpStatus === 429) return wait('rate-limited');
  if (httpStatus === 408 || httpStatus >= 500) return wait('http');
  const isOk = httpStatus >= 200 && httpStatus < 300;
  const isJson = first === LEFT_BRACE || first === LEFT_BRACKET;
  // Any other refusal counts for this update only where the API or a relay makes it: they refuse in JSON.
  const isFinal = [400, 413, 422].includes(httpStatus) || (httpStatus >= 400 && isJson);
  if ((isHtml && first === LESS_THAN) || !(isOk || isFinal))
    return wait(httpStatus ? 'not-the-api' : 'redirected', '; check host, relay and proxies');
  return isOk
    ? { status: 'delivered', httpStatus }
    : { ...dropped('http', `${message}; check the answer`), httpStatus };
}
const LESS_THAN = 60;
const LEFT_BRACKET = 91;
const LEFT_BRACE = 123;

/**
 * Reads `Retry-After` in milliseconds from `now`, at most a day. It holds seconds or a date (RFC 9110, 10.2.3).
 * Returns 0 for none.
 */
export function parseRetryAfter(header: string | null, now: number): number {
  const text = `${header}`.trim();
  // Date.parse takes a fraction for a month and a bare year for a date. An HTTP date has a weekday and a time of day.
  const wait = /^\d+$/.test(text) ? +text * 1000 : /^[A-Z].+:/.test(text) ? Date.parse(text) - now : 0;
  // NaN is not greater than 0.
  return wait > 0 ? Math.min(wait, MAX_RETRY_AFTER) : 0;
}

/**
 * Returns the milliseconds until the next flush after `failures` failed ones in a row. The bound doubles from 1 s to
 * 5 min, and the time is anywhere below it ("full jitter"). So the visitors of a site do not come back all at once
 * after an outage.
 */
export function backoff(failures: number, random: number): number {
  return random * Math.min(MAX_BACKOFF, 1000 * 2 ** (failures - 1));
}
