import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { CaptureEvent } from '../../src/capture/types.ts';
import type { Browser, Tab } from '../engines/engine.ts';
import { installPackages } from '../install-packages.ts';
import { serve } from './server.ts';

export type Site = Awaited<ReturnType<typeof serve>>;

/** How a page is recorded: not at all, or from before or after its own scripts. */
export type Mode = 'not recorded' | 'recorded from before' | 'recorded from later on';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles a page's script as a site does, with its packages. */
export async function bundlePage(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [pathOf(`page/${name}.js`)],
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  return `${outputFiles[0]?.text}`;
}

/** Installs the packages, and serves the sites with a certificate of their own. */
export async function openSite(): Promise<Site> {
  installPackages('capture-clients');
  const { generate } = createRequire(pathOf('package.json'))('selfsigned') as {
    generate(attributes: null, options: object): Promise<{ private: string; cert: string }>;
  };
  return serve(await generate(null, { keyType: 'ec', algorithm: 'sha256' }));
}

/** Loads utmost, which does not record by itself. */
const load = (tab: Tab) =>
  tab.evaluate(`(async () => {
    for (const src of ['/utmost.min.js', '/utmost.capture.min.js'])
      await new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement('script'), { src, onload: resolve, onerror: reject });
        document.head.append(script);
      });
  })()`);

/** Begins to record. What is recorded waits until it is taken. */
export const record = (tab: Tab) =>
  tab.evaluate(`(() => {
    utmost.init({ relay: '/t' });
    window.capture = utmostCapture({ batchMaxTime: 60000, maxPerMinute: 1000 });
  })()`);

/** Opens a page with a script of its own, at one of the sites. */
export async function openPage(browser: Browser, url: string, source: string, mode: Mode): Promise<Tab> {
  const tab = await browser.newPage();
  await tab.goto(url);
  await load(tab);
  if (mode === 'recorded from before') await record(tab);
  await tab.evaluate(`(() => { ${source} })()`);
  if (mode === 'recorded from later on') await record(tab);
  return tab;
}

/** Sends what a page has recorded, and returns it, told in a line each. */
export async function takeRecorded(tab: Tab, site: Site): Promise<string[]> {
  await tab.evaluate('capture.flush()');
  return site.takeEvents().map(tellEvent).sort();
}

/** Tells an event in a line: how, what, and what became of it. */
function tellEvent({ request, response, metadata }: CaptureEvent): string {
  const { kind, error, opaque, truncated } = (metadata?._capture ?? {}) as Record<string, unknown>;
  const { pathname } = new URL(request.uri);
  const end = [response?.status, error, opaque && 'opaque', truncated && `without all of ${truncated}`];
  return [kind, request.verb, pathname, ...end.filter(Boolean)].join(' ');
}

/** What a page's code and the server saw of a case, and what was recorded of it. */
export interface Played {
  log: unknown;
  arrived: unknown[];
  recorded: string[];
}

/** Brings requests in an order of their own. Whether one arrives that is given up at once is a matter of time. */
const toComparable = (arrived: ReturnType<Site['takeArrived']>) =>
  arrived
    .filter(({ url }) => !url.startsWith('/api/never'))
    .sort((one, other) => one.url.localeCompare(other.url));

/** Leaves the next task out where a request was answered: which of the two comes first is a matter of time. */
const toTimeless = (log: [what: string][], arrived: unknown[]) =>
  arrived.length ? log.filter(([what]) => what !== 'next task') : log;

/** Plays all cases of a page's script, one after the other. */
export async function playAll(tab: Tab, site: Site, mode: Mode): Promise<Record<string, Played>> {
  const played: Record<string, Played> = {};
  for (const [client, name] of (await tab.evaluate('listCases()')) as [string, string][]) {
    site.takeArrived();
    const log = await tab.evaluate(`play(${JSON.stringify(client)}, ${JSON.stringify(name)})`);
    const recorded = mode === 'not recorded' ? [] : await takeRecorded(tab, site);
    const arrived = toComparable(site.takeArrived());
    played[`${client}: ${name}`] = { log: toTimeless(log as [string][], arrived), arrived, recorded };
  }
  return played;
}
