import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { readPageRedirect, readRefresh } from './page-redirect.ts';
import type { FaultCode, Finding, Hop, RedirectKind, Trace } from './types.ts';

export interface RedirectOptions {
  /** The longest time that an address may take to answer, in milliseconds. Default: 10,000. */
  timeout?: number | undefined;
  /** The most redirects that are followed. Default: 20, as in browsers. */
  maxRedirects?: number | undefined;
}

/** The parts of fetch that are used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The most of a page that is read, in bytes: a redirect stands at its beginning. */
const MAX_BYTES = 262_144;

/** Headers of a browser that opens a page. Some servers answer nobody else. */
const HEADERS = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'accept-language': 'en',
  'user-agent': 'Mozilla/5.0 (compatible; utmost-check; +https://github.com/utmost-js/utmost)',
};

/** Where an answer leads, and what else is to be said of it. */
interface Answer {
  status: number;
  next?: { to: string; kind: RedirectKind };
  findings: Finding[];
}

const finding = (code: FaultCode, message: string, level: Finding['level'] = 'fault'): Finding => ({
  code,
  level,
  message,
});

/**
 * Follows a link as a browser does, without cookies and without running scripts. It never rejects: why a way ends is a
 * finding at its last address.
 */
export async function traceRedirects(
  fetch: Fetch,
  url: string,
  { timeout = 10_000, maxRedirects = 20 }: RedirectOptions = {},
): Promise<Trace> {
  const hops: Hop[] = [];
  const findings: Finding[] = [];
  const end = (...found: Finding[]): Trace => ({ hops, findings: [...findings, ...found] });
  for (let next = url; ; ) {
    const hop: Hop = { url: next };
    const isSeen = hops.some(each => each.url === next);
    hops.push(hop);
    if (isSeen)
      return end(
        finding(
          'loop',
          'The redirects lead in a circle; lead the link to its page, unless the site only waits for a cookie.',
        ),
      );
    if (!/^https?:/i.test(next))
      return end(
        finding(
          'other-scheme',
          `The way ends in an app (${next.split(':')[0]}:), which no page sees.`,
          'note',
        ),
      );
    if (hops.length - 1 > maxRedirects)
      return end(
        finding('too-many-redirects', `There are over ${maxRedirects} redirects; lead the link to its page.`),
      );
    const answer = await open(fetch, next, timeout);
    if ('code' in answer) return end(answer);
    hop.status = answer.status;
    findings.push(...answer.findings);
    if (!answer.next) return end();
    const target = resolve(answer.next.to, next, answer.next.kind);
    if (!target)
      return end(finding('unreachable', 'The redirect leads to no valid address; mend its target.'));
    hop.redirect = answer.next.kind;
    next = target;
  }
}

/** Resolves a redirect's target. Of HTTP, it keeps the fragment of the address before unless it has its own. */
function resolve(to: string, base: string, kind: RedirectKind): string | undefined {
  return tryOrUndefined(() => {
    const target = new URL(to, base);
    if (kind === 'http' && !to.includes('#')) target.hash = new URL(base).hash;
    return target.href;
  });
}

/** Opens one address. Its time ends with the part of the page that is read. */
async function open(fetch: Fetch, url: string, timeout: number): Promise<Answer | Finding> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, { redirect: 'manual', headers: HEADERS, signal });
    return await read(response);
  } catch (error) {
    if (signal.aborted)
      return finding(
        'timeout',
        `Nothing answered within ${timeout / 1000} s; try again, or with a longer --timeout.`,
      );
    const { cause, message } = error as Error;
    const { code, message: reason = message } = (cause ?? {}) as { code?: string; message?: string };
    return finding(
      'unreachable',
      `Nothing could be opened (${code ?? reason}); check the host and its certificate.`,
    );
  }
}

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const answer: Answer = { status, findings: [] };
  const to = headers.get('location');
  if ([301, 302, 303, 307, 308].includes(status) && to !== null) {
    await response.body?.cancel();
    return { ...answer, next: { to: toUnicode(to), kind: 'http' } };
  }
  const header = readRefresh(headers.get('refresh') ?? '');
  const isPage = /\bhtml\b/i.test(headers.get('content-type') ?? '');
  const page = isPage ? readPageRedirect(await beginningOf(response)) : undefined;
  if (!isPage) await response.body?.cancel();
  if (header) answer.next = { to: toUnicode(header), kind: 'refresh-header' };
  else if (page?.refresh) answer.next = { to: page.refresh, kind: 'meta-refresh' };
  else if (status >= 300)
    answer.findings.push(
      finding(
        'http-error',
        `The page answers ${status}; mend the link, or open it where a firewall refuses programs.`,
      ),
    );
  else if (page?.hasScript)
    answer.findings.push(
      finding(
        'script-redirect',
        'A script of the page seems to lead on, which is not followed; check its target.',
        'note',
      ),
    );
  return answer;
}

/** Reads header bytes as the UTF-8 that browsers take them for. */
function toUnicode(header: string): string {
  const bytes = Uint8Array.from(header, character => character.charCodeAt(0));
  return tryOrUndefined(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ?? header;
}

/** Reads the beginning of a page, and no more of it. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (!body) return text;
  const reader = body.getReader();
  for (let bytes = 0; bytes < MAX_BYTES; ) {
    const { done, value } = await reader.read();
    if (done) return text;
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}
