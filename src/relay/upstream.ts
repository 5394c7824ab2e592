import { parseRetryAfter } from '../delivery/outcome.ts';
import type { Update } from './schema.ts';
import { openBody } from './upstream-body.ts';
import type { UpstreamResult } from './upstream-result.ts';

/** Sends an update to one system; undefined where that has no place for it. Never rejects. */
export type Upstream = (update: Update, signal: AbortSignal) => Promise<UpstreamResult> | undefined;

/** A request in the form of an upstream. */
export interface UpstreamRequest {
  method: 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Sends one request and reads its response: the status, the headers and the kind of the body. The rest may reveal the
 * profile or the secret, and is not for the page. Never rejects.
 */
export async function request(
  upstream: string,
  { url, ...init }: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamResult> {
  try {
    // Not followed: a redirect would carry the secret to another address.
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const body = openBody(response);
    const result = await toResult(response, body.firstCharacter);
    // Not awaited: a body may have no end.
    void body.release();
    return { upstream, ...result };
  } catch {
    // The error itself may name the address and the headers.
    const reason = signal.aborted
      ? 'did not answer in time; send it again'
      : 'could not be reached; check its address';
    return { upstream, status: 503, retryAfter: 0, reason };
  }
}

/** Statuses that pause or delay, whatever the body is. */
const WAITS = [401, 402, 408, 429];
/** Statuses that refuse a body, which are the API's own unless it is a document. */
const REFUSALS = [400, 413, 422];

/** Makes the result of a response, by whether it is the API's own. Any other becomes a 5xx, so that the page keeps its update. */
async function toResult(
  { status, headers }: Response,
  firstCharacter: () => Promise<string>,
): Promise<Omit<UpstreamResult, 'upstream'>> {
  const type = headers.get('Content-Type') ?? '';
  const isDocument = async () => /html/i.test(type) && /[< ]/.test(await firstCharacter());

  if (status < 300) {
    // PHP and Express call anything HTML by themselves. A body that begins like a document is one.
    if (await isDocument()) return unexpected(502, 'an HTML document in place of an answer');
    return { status: status === 201 ? 201 : 200, retryAfter: 0 };
  }
  if (status < 400) return unexpected(502, 'a redirect');
  const retryAfter = parseRetryAfter(headers.get('Retry-After'), Date.now());
  if (status >= 500 || WAITS.includes(status)) return { status, retryAfter };

  const isFinal = REFUSALS.includes(status) ? !(await isDocument()) : await isJson(headers, firstCharacter);
  return isFinal ? { status, retryAfter } : { ...unexpected(503, `${status}, but not in JSON`), retryAfter };
}

const isJson = async (headers: Headers, firstCharacter: () => Promise<string>): Promise<boolean> =>
  (/\bjson\b/i.test(headers.get('Content-Type') ?? '') && headers.get('Content-Length') !== '0') ||
  /[{[]/.test(await firstCharacter());

const unexpected = (status: number, what: string) => ({
  status,
  retryAfter: 0,
  reason: `answered with ${what}; check its address`,
});
