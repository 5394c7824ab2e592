import { isObject } from '../shared/json.ts';
import type { Network, Upstream } from './facts.ts';

/** Milliseconds that a question to the network may take. */
const TIMEOUT = 5000;

/** Makes a signal that ends a request after `TIMEOUT`. `AbortSignal.timeout` is newer than the oldest browsers. */
function timeLimit(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), TIMEOUT);
  return controller.signal;
}

/** Asks without cookies, and without what a cache holds. Resolves with undefined where no answer comes. */
const ask = (url: string, init: RequestInit): Promise<Response | undefined> =>
  fetch(url, {
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'manual',
    signal: timeLimit(),
    ...init,
  }).catch(() => undefined);

const readJson = (response: Response | undefined): Promise<unknown> =>
  response?.json().catch(() => undefined) ?? Promise.resolve(undefined);

/** Finds out why an address gives no answer: its host may give one. */
async function whyNot(url: string): Promise<Upstream> {
  if (!navigator.onLine) return 'offline';
  const { origin } = new URL(url);
  return (await ask(`${origin}/`, { mode: 'no-cors' })) ? 'filtered' : 'unreachable';
}

/** Asks a relay by a GET, which it refuses in its own words. Nothing else does. */
async function askRelay(url: string): Promise<Upstream> {
  const response = await ask(url, {});
  if (!response) return whyNot(url);
  const body = await readJson(response);
  return response.status === 405 && isObject(body) && typeof body.error === 'string' ? 'relay' : 'other';
}

/** Asks the API by a GET. A page may not read its answer, and sees that there is one. */
const askApi = async (url: string): Promise<Upstream> =>
  (await ask(url, { mode: 'no-cors', redirect: 'follow' })) ? 'reachable' : whyNot(url);

/** Compares this device's clock with that of the page's server. `Date` has whole seconds. */
async function readClock(page: string): Promise<number | undefined> {
  const before = Date.now();
  const headers = (await ask(page, { method: 'HEAD' }))?.headers;
  const served = Date.parse(headers?.get('Date') ?? '') + Number(headers?.get('Age') ?? 0) * 1000;
  return Number.isFinite(served) ? Math.round((before + Date.now()) / 2 - served - 500) : undefined;
}

/** Reads a version from a JSON file such as that of a registry, or a `package.json`. */
async function readLatest(address: string): Promise<string | undefined> {
  const json = await readJson(await ask(address, { redirect: 'follow' }));
  const version = isObject(json) ? json.version : undefined;
  return typeof version === 'string' && /^\d+\.\d+\.\d+/.test(version) ? version.slice(0, 40) : undefined;
}

/** Where the network is asked. An empty address is not. */
export interface Questions {
  /** The API's or the relay's address. */
  endpoint: string;
  isRelay: boolean;
  /** The page's own address, without its query. */
  page: string;
  latestFrom: string;
}

/** Asks the network. No request carries anything of the visitor. */
export async function askNetwork({ endpoint, isRelay, page, latestFrom }: Questions): Promise<Network> {
  const users = `${endpoint}/v1/users`;
  const [upstream, clockAhead, latest] = await Promise.all([
    endpoint ? (isRelay ? askRelay(users) : askApi(users)) : ('unasked' as const),
    page ? readClock(page) : undefined,
    latestFrom ? readLatest(latestFrom) : undefined,
  ]);
  return { upstream, clockAhead, latest };
}
