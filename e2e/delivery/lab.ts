import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import type { Options } from '../../src/options.ts';
import { launchChromium } from '../chromium.ts';
import { type Collector, createCollector } from './collector.ts';

/** A secure context, although it is http: it has Web Locks. */
export const SECURE = 'localhost';
/** What browsers make of any other name without TLS: no Web Locks. */
export const PLAIN = 'www.example.test';
/** Somebody else's. */
export const FOREIGN = 'www.other.test';

const SCRIPT = fileURLToPath(new URL('../../dist/utmost.min.js', import.meta.url));

/** One server: a collector and a site of its own for each trial, under `/<trial>/`. The site's hosts are another origin. */
export interface Sites {
  port: number;
  url(path: string, host: string): string;
  /** A collector at `/<trial>/v1/users`, and the options by which the trial's pages begin. */
  prepare(trial: string, options: Partial<Options>): { collector: Collector; options: Options };
  close(): Promise<void>;
}

/** The sites, and a Chromium to see them in. */
export interface Lab extends Sites {
  browser: Browser;
}

/**
 * The pages of a trial: `site/…` begins utmost, as every page of a real site does; `cold` only loads it; anything else
 * goes without.
 */
function pageAt(path: string, options: Options): string {
  const load = '<script src="/utmost.min.js"></script>';
  const begin = `${load}<script>utmost.init(${JSON.stringify(options)})</script>`;
  const head = path.startsWith('site/') ? begin : path === 'cold' ? load : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${path}</title><link rel="icon" href="data:,">${head}`;
}

export async function serveSites(): Promise<Sites> {
  const trials = new Map<string, { collector: Collector; options: Options }>();
  const script = await readFile(SCRIPT);
  const server = createServer((request, response) => {
    const { pathname } = new URL(`${request.url}`, 'http://lab');
    const [, name = '', path = ''] = pathname.match(/^\/([^/]*)\/?(.*)$/) ?? [];
    const trial = trials.get(name);
    // A request that breaks off is the browser's way of failing, and none of the server's.
    if (trial && path === 'v1/users') trial.collector.handle(request, response).catch(() => {});
    else if (trial) response.setHeader('Content-Type', 'text/html').end(pageAt(path, trial.options));
    else if (name === 'utmost.min.js') response.setHeader('Content-Type', 'text/javascript').end(script);
    else response.writeHead(404).end();
  });
  // A connection that the server drops while it idles would be a fault that no scenario asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path, host) => `http://${host}:${port}/${path}`,
    prepare(trial, options) {
      const host = `http://127.0.0.1:${port}/${trial}`;
      const prepared = {
        collector: createCollector(),
        options: { applicationId: 'e2e', host, ...options },
      };
      trials.set(trial, prepared);
      return prepared;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export async function openLab(): Promise<Lab> {
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
