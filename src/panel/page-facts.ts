import { KEY, type Startable } from '../client/one-client.ts';
import type { Answer, Embedding, Refusal, Stored } from './facts.ts';
import { hostOf } from './words.ts';

/** Kept by every client of the page, whatever its prefix. */
const SHARED = 'utmost_away';

/** Names entries alike: what follows is an id. */
const toName = (name: string) => name.replace(/(outbox_).+/, '$1…');

const keysOf = (read: () => Storage): string[] => {
  try {
    return Object.keys(read());
  } catch {
    return [];
  }
};

/** Reads when cookies end, by name. Empty where the browser does not tell. */
async function readExpiries(): Promise<Map<string, number>> {
  const { cookieStore } = globalThis as {
    cookieStore?: { getAll(): Promise<{ name?: string; expires?: number | null }[]> };
  };
  const cookies = (await cookieStore?.getAll().catch(() => [])) ?? [];
  return new Map(cookies.flatMap(({ name, expires }) => (name && expires ? [[name, expires]] : [])));
}

/** Lists what is kept on the device under that prefix, and in that database. Nothing is created to find out. */
export async function readStored(prefix: string, database: string): Promise<Stored[]> {
  const expiries = await readExpiries();
  const cookies = document.cookie.split('; ').map(pair => pair.split('=')[0] ?? '');
  const isOwn = (name: string) => name.startsWith(prefix) || name === SHARED;
  const list = (place: Stored['place'], names: string[]): Stored[] =>
    [...new Set(names.filter(isOwn).map(toName))].map(name => ({ place, name, until: expiries.get(name) }));
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  return [
    ...list('cookie', cookies),
    ...list(
      'localStorage',
      keysOf(() => localStorage),
    ),
    ...list(
      'sessionStorage',
      keysOf(() => sessionStorage),
    ),
    ...databases
      .filter(({ name }) => name === database)
      .map(() => ({ place: 'IndexedDB' as const, name: database })),
  ];
}

/** Finds out whether the page is in a frame, and of whom. */
export function readEmbedding(site: string): Embedding {
  if (window.top === window) return 'top';
  const hosts = location.ancestorOrigins
    ? Array.from(location.ancestorOrigins, origin => hostOf(origin))
    : [hostOf(document.referrer)];
  const isOwn = hosts.every(host => `.${host.replace(/:\d+$/, '')}`.endsWith(`.${site}`));
  return isOwn ? 'same-site' : 'cross-site';
}

/** Names the browser and its main version. */
export function readBrowser(userAgent: string): string {
  const [, name = '', version = ''] =
    /(Firefox|Edg|OPR|SamsungBrowser)\/(\d+)/.exec(userAgent) ?? /(Chrome)\/(\d+)/.exec(userAgent) ?? [];
  if (name) return `${name === 'Edg' ? 'Edge' : name} ${version}`;
  const [, safari] = /Version\/([\d.]+).* Safari/.exec(userAgent) ?? [];
  return safari ? `Safari ${safari}` : 'Another browser';
}

type Mounted = Record<string, unknown> & Partial<Pick<Startable, typeof KEY>>;

/** Lists the global variables by which a page may call utmost. */
export function readGlobals(): Mounted[] {
  const { global = '' } = document.querySelector<HTMLElement>('script[data-global]')?.dataset ?? {};
  return ['utmost', 'moesif', global].flatMap(name => {
    const api: Mounted | undefined = Reflect.get(window, name);
    return api?.[KEY] ? [api] : [];
  });
}

/** Reads the requests of updates that were answered before then, as far as the browser remembers them. */
export const readEarlierRequests = (endpoint: string, before: number): Answer[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
    .filter(
      ({ name, responseEnd }) =>
        name.startsWith(`${endpoint}/v1/`) && performance.timeOrigin + responseEnd < before,
    )
    .map(({ startTime, responseStatus }) => ({
      at: performance.timeOrigin + startTime,
      kind: 'request',
      httpStatus: responseStatus || undefined,
    }))
    .reverse();

/** Watches what the page's policy refuses, before and from now on, of addresses that begin as the endpoint does. */
export function watchRefusals(endpoint: () => string): Refusal[] {
  const refusals: Refusal[] = [];
  const add = (address: string, directive: string) => {
    const refusal = { host: hostOf(address), directive };
    const isKnown = refusals.some(each => each.host === refusal.host && each.directive === directive);
    if (endpoint() && address.startsWith(endpoint()) && !isKnown) refusals.push(refusal);
  };
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) =>
    add(blockedURI, effectiveDirective),
  );
  // Chromium alone remembers those of before.
  if ('ReportingObserver' in globalThis)
    new ReportingObserver(
      reports => {
        for (const { body } of reports) {
          const { blockedURL, effectiveDirective } = body as unknown as Record<string, string | undefined>;
          add(blockedURL ?? '', effectiveDirective ?? '');
        }
      },
      { types: ['csp-violation'], buffered: true },
    ).observe();
  return refusals;
}
