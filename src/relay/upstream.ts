import { parseRetryAfter } from '../delivery/outcome.ts';
import type { Update } from './schema.ts';
import { openBody } from './upstream-body.ts';
import type { Answer } from './upstream-result.ts';

/** Brings an update to one system; undefined where that has no place for it. Never rejects. */
export type Upstream = (update: Update, signal: AbortSignal) => Promise<Answer> | undefined;

/** A request in the form of an upstream. */
export interface UpstreamRequest {
  method: 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Sends one request. The answer is data. Only its status, its headers and the kind of its body are read. The rest may
 * reveal the profile or the secret, and is not for the page.
 */
export async function ask(
  by: string,
  { url, ...init }: UpstreamRequest,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    // Not followed: a redirect would carry the secret to another address.
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const body = openBody(response);
    const answer = await read(response, body.firstCharacter);
    // Not awaited: an answer may have no end.
    void body.release();
    return { by, ...answer };
  } catch {
    // The error itself may name the address and the headers.
    const reason = signal.aborted ? 'did not answer in time' : 'could not be reached';
    return { by, status: 503, retryAfter: 0, reason };
  }
}

/** Statuses that pause or delay, whatever the body says. */
const WAITS = [401, 402, 408, 429];
/** Statuses that refuse a body, which are the API's own answer unless that is a document. */
const REFUSALS = [400, 413, 422];

/** Distinguishes the API's own answer from anybody else's. Any other becomes a 5xx, so that the page keeps its update. */
async function read(
  { status, headers }: Response,
  firstCharacter: () => Promise<string>,
): Promise<Omit<Answer, 'by'>> {
  const type = headers.get('Content-Type') ?? '';
  const isDocument = async () => /html/i.test(type) && /[< ]/.test(await firstCharacter());

  if (status < 300) {
    // PHP and Express call anything HTML by themselves. A body that begins like a document is one.
    if (await isDocument()) return strange(502, 'an HTML document in place of an answer');
    return { status: status === 201 ? 201 : 200, retryAfter: 0 };
  }
  if (status < 400) return strange(502, 'a redirect');
  const retryAfter = parseRetryAfter(headers.get('Retry-After'), Date.now());
  if (status >= 500 || WAITS.includes(status)) return { status, retryAfter };

  const isFinal = REFUSALS.includes(status) ? !(await isDocument()) : await isJson(headers, firstCharacter);
  return isFinal ? { status, retryAfter } : { ...strange(503, `${status}, but not in JSON`), retryAfter };
}

const isJson = async (headers: Headers, firstCharacter: () => Promise<string>): Promise<boolean> =>
  (/\bjson\b/i.test(headers.get('Content-Type') ?? '') && headers.get('Content-Length') !== '0') ||
  /[{[]/.test(await firstCharacter());

const strange = (status: number, what: string) => ({
  status,
  retryAfter: 0,
  reason: `answered with ${what}; check its address`,
});
