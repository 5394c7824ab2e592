import type { Page } from '../browser/page.ts';
import { unzoned } from '../browser/unzoned.ts';
import { byteLength } from '../shared/byte-length.ts';
import { queued } from '../shared/receipt.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { LATE, within } from '../shared/within.ts';
import { createKeepaliveBudget } from './keepalive-budget.ts';
import { type Outcome, toOutcome } from './outcome.ts';

/**
 * Sends one POST. Rejects where no answer comes, and when the signal ends it. It has no retry and no time limit of
 * its own.
 */
export type Post = (url: string, init: RequestInit) => Promise<Response>;

/** A request in the form of its destination. */
export interface WireRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /**
   * Whether cookies go along: none to the API. A relay on the page's own origin gets those of the site, and may renew
   * them. What is not `omit` needs no preflight and no headers of its own, so that a beacon can carry it.
   */
  credentials: 'omit' | 'same-origin';
}

export interface Transport {
  /**
   * Sends one request. The outcome is data, and the promise never rejects. `isBulk`: it takes no share of what may
   * outlive the page.
   */
  send(request: WireRequest, isBulk?: boolean): Promise<Outcome>;
  /**
   * Sends one request synchronously, from a page that may be gone in an instant. One that could not outlive the page
   * is not sent.
   */
  sendOnExit(request: WireRequest): void;
}

/**
 * Settings of every request. A redirect is not followed: it may lead to another origin, or to a sign-in page, whose
 * 200 confirms nothing.
 */
const COMMON = { method: 'POST', redirect: 'manual' } as const;

/** Reads the first visible ASCII character of a body, past white space and byte order marks. The rest is not waited for. */
async function firstByteOf({ body }: Response): Promise<number | undefined> {
  const reader = body?.getReader();
  let chunk: Uint8Array | undefined;
  let first: number | undefined;
  do {
    chunk = (await reader?.read())?.value;
    first = chunk?.find(byte => byte > 32 && byte < 127);
  } while (chunk && !first);
  reader?.cancel().catch(() => {});
  return first;
}

/**
 * Returns the status, or 0 for a redirect. A browser shows nothing of a redirect that is not followed, but a stand-in
 * for `fetch` may.
 */
const statusOf = ({ redirected, status }: Response): number =>
  redirected || (status >= 300 && status < 400) ? 0 : status;

/** Reads the outcome from an answer. Its body is looked at only where that decides. */
async function readOutcome(response: Response, status: number, now: number): Promise<Outcome> {
  const { headers } = response;
  const isHtml = /html/i.test(headers.get('Content-Type') ?? '');
  const isTelling = isHtml || (status >= 400 && status < 500);
  const first = isTelling ? await firstByteOf(response) : undefined;
  return toOutcome(status, headers.get('Retry-After'), now, isHtml, first);
}

/** Makes a transport. `timeout`: milliseconds for one attempt. */
export function createTransport(
  post: Post,
  timeout: number,
  { now, setTimer }: Pick<Page, 'now' | 'setTimer'>,
): Transport {
  const reserve = createKeepaliveBudget();
  /** The end of an endpoint's path. Many frameworks redirect to a slash. */
  let slash = '';
  /** Whether the last answer was a redirect, with a slash and without. */
  let isRedirected = false;
  const endpoint = (url: string, end = slash) => (end ? url.replace(/\/?(?=\?|$)/, end) : url);

  return {
    async send({ url, ...request }, isBulk) {
      // What has no end fits nowhere.
      const release = reserve(isBulk ? Infinity : byteLength(request.body));
      const stop = new AbortController();
      const init = { ...COMMON, ...request, keepalive: !!release, signal: stop.signal };
      const ask = async (end: string, other?: string): Promise<Outcome> => {
        const response = await post(endpoint(url, end), init);
        const status = statusOf(response);
        isRedirected = !status;
        if (status) slash = end;
        else if (other !== undefined) return ask(other);
        return readOutcome(response, status, now());
      };
      try {
        return await within(ask(slash, slash ? '' : '/'), timeout, setTimer);
      } catch (error) {
        stop.abort();
        return queued(error === LATE ? 'timeout' : 'network');
      } finally {
        release?.();
      }
    },
    // Not by ky, which begins a microtask later: in Firefox that is too late.
    sendOnExit({ url, ...request }) {
      const { body, credentials } = request;
      // A beacon would follow a redirect.
      if (
        credentials !== 'omit' &&
        !isRedirected &&
        tryOrUndefined(() => navigator.sendBeacon(endpoint(url), body))
      )
        return;
      const release = reserve(byteLength(body));
      if (!release) return;
      unzoned('fetch')(endpoint(url), { ...COMMON, ...request, keepalive: true })
        .catch(() => {})
        .finally(release);
    },
  };
}
