import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright';
import type { Options } from '../../src/options/options.ts';
import { launchChromium } from '../chromium.ts';
import { type Client, UTMOST } from './client.ts';
import { type Collector, createCollector } from './collector.ts';

/** The host of a secure context, although it is http: it has Web Locks. */
export const SECURE = 'localhost';
/** The host of an insecure context, as any other name without TLS: no Web Locks. */
export const PLAIN = 'www.example.test';
/** The host of somebody else. */
export const FOREIGN = 'www.other.test';

/** The client and collector of one visitor, and the options by which the pages begin. */
interface Prepared {
  collector: Collector;
  client: Client;
  /** The statement that begins. */
  init: string;
}

/**
 * A server with a collector and a site of its own for each run, under `/<run>/`. The site's hosts are another
 * origin.
 */
export interface Sites {
  port: number;
  url(path: string, host: string): string;
  /** Prepares a collector that takes whatever is posted below `/<run>/`, and how the run's pages begin. */
  prepare(run: string, options?: Partial<Options>, client?: Client): Prepared;
  close(): Promise<void>;
}

/** The sites, and a Chromium to see them in. */
export interface TestSite extends Sites {
  browser: Browser;
}

/**
 * Returns a page of a run. A page `site/…` begins to track, as every page of a real site does. The page
 * `cold` only loads the script. Any other page goes without.
 */
function pageAt(path: string, run: string, init: string): string {
  const load = `<script src="/${run}/client.js"></script>`;
  const begin = `${load}<script>${init}</script>`;
  const head = path.startsWith('site/') ? begin : path === 'cold' ? load : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${path}</title><link rel="icon" href="data:,">${head}`;
}

const sourceOf = async ({ before = '', script, source }: Client) =>
  `${before}${source ?? (await readFile(script, 'utf8'))}`;

export async function serveSites(): Promise<Sites> {
  const runs = new Map<string, Prepared>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(`${request.url}`, 'http://test-site');
    const [, name = '', path = ''] = pathname.match(/^\/([^/]*)\/?(.*)$/) ?? [];
    const run = runs.get(name);
    const file = run?.client.files?.[path];
    // A request that breaks off is the browser's way of failing, and none of the server's.
    if (run && request.method !== 'GET') run.collector.handle(request, response).catch(() => {});
    else if (run && path === 'client.js')
      response.setHeader('Content-Type', 'text/javascript').end(await sourceOf(run.client));
    else if (file !== undefined) response.setHeader('Access-Control-Allow-Origin', '*').end(file);
    else if (run) {
      // Open to all, as a sign-in page may be: what is redirected there can be read.
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Content-Type', 'text/html').end(pageAt(path, name, run.init));
    } else response.writeHead(404).end();
  });
  // A connection that the server drops while it idles would be a fault that no scenario asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path, host) => `http://${host}:${port}/${path}`,
    prepare(run, options = {}, client = UTMOST) {
      const init = client.init(`http://127.0.0.1:${port}/${run}`, options);
      const prepared = { collector: createCollector(client), client, init };
      runs.set(run, prepared);
      return prepared;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export async function openTestSite(): Promise<TestSite> {
  const sites = await serveSites();
  const browser = await launchChromium();
  return {
    ...sites,
    browser,
    async close() {
      await browser.close();
      await sites.close();
    },
  };
}
