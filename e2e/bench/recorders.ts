import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { installPackages, versionOf } from '../install-packages.ts';
import { THIS } from './competitors.ts';

/** A script that records or follows a page's calls, and how it begins on a page. */
export interface Recorder {
  name: string;
  /** The code of its scripts, in their order. */
  source: string;
  begin: string;
}

/** The page that records nothing. */
export const NONE_RECORDS: Recorder = { name: 'no recording', source: '', begin: '' };

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** Sentry as a site bundles it. It notes address and status of each call, and no body. */
async function sentry(): Promise<Recorder> {
  installPackages('capture-clients');
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as Sentry from '@sentry/browser'; window.Sentry = Sentry;`,
      resolveDir: fileURLToPath(new URL('../capture-clients', import.meta.url)),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
  });
  return {
    name: `@sentry/browser ${versionOf('capture-clients', '@sentry/browser')}, without bodies`,
    source: `${outputFiles[0]?.text}`,
    begin: `Sentry.init({ dsn: location.origin.replace('//', '//key@') + '/1', tracesSampleRate: 1,
      integrations: [Sentry.browserTracingIntegration()],
      transport: () => ({ send: async () => ({}), flush: async () => true }) });`,
  };
}

/** Returns the page without a recording, and those with one, utmost first. Each sends its events one by one. */
export async function recorders(): Promise<Recorder[]> {
  const moesif = read('node_modules/moesif-browser-js/moesif.min.js');
  return [
    NONE_RECORDS,
    {
      name: THIS.name,
      source: read('dist/utmost.min.js') + read('dist/utmost.capture.min.js'),
      begin: `utmost.init({ relay: '/collector' });
        utmostCapture({ batchSize: 1, maxPerMinute: 1e6 });`,
    },
    {
      name: `moesif-browser-js ${moesif.match(/LIB_VERSION:"(.*?)"/)?.[1]}`,
      source: moesif,
      begin: `moesif.init({ applicationId: 'bench', host: location.host + '/collector' }); moesif.start();`,
    },
    await sentry(),
  ];
}

/** Rows of a table as an API answers it: 100 KB of JSON. */
const ROWS = Array.from({ length: 1000 }, (_, id) => ({
  id,
  name: `Customer ${id} of many`,
  email: `customer-${id}@shop.example`,
  total: id * 1.25,
  tags: ['new', 'eu'],
}));
/** The answer of the API. */
export const ANSWER = JSON.stringify({ rows: ROWS })
  .slice(0, 99_998)
  .replace(/,\{[^{]*$/, ']}');

const HOLDING = readFileSync(new URL('holding.js', import.meta.url), 'utf8');

/** What the page does with an answer, and what it does besides. */
const CALLS = `
  window.callByFetch = async () => (await (await fetch('/api')).json()).rows.length;
  window.callByXHR = () => new Promise(resolve => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/api');
    xhr.onload = () => resolve(JSON.parse(xhr.responseText).rows.length);
    xhr.send();
  });`;

/** Serves a page of each recorder, below `/<number>`, and the API that pages call. */
export async function servePages(all: readonly Recorder[]) {
  let recorded = 0;
  const server = createServer((request, response) => {
    const path = `${request.url}`;
    if (request.method === 'POST') {
      if (path.includes('/v1/events')) recorded++;
      request.resume();
      response.writeHead(201).end();
    } else if (path === '/api') response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
    else if (path.endsWith('.js'))
      response
        .writeHead(200, { 'content-type': 'text/javascript' })
        .end(all[Number.parseInt(path.slice(1), 10)]?.source);
    else {
      const { begin } = all[Number(path.slice(1))] ?? NONE_RECORDS;
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><link rel="icon" href="data:,"><script>${HOLDING}${CALLS}</script>
          <script src="${path}.js"></script><script>${begin}</script>`);
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (n: number) => `http://localhost:${port}/${n}`,
    /** Returns how many events have been sent. */
    recorded: () => recorded,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
