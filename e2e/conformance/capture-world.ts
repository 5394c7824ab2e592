import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { PATIENCE } from '../patience.ts';
import { type ApiCall, CALLS } from './capture-calls.ts';
import type { Fields } from './stored.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

const FILES: Record<string, Buffer> = {
  '/theirs/moesif.min.js': read('node_modules/moesif-browser-js/moesif.min.js'),
  '/ours/utmost.full.min.js': read('dist/utmost.full.min.js'),
  '/ours/utmost.capture.min.js': read('dist/utmost.capture.min.js'),
};
/** The scripts of each SDK's page. */
const SCRIPTS = { theirs: ['moesif.min.js'], ours: ['utmost.full.min.js', 'utmost.capture.min.js'] };
export type Sdk = keyof typeof SCRIPTS;

const JSON_TYPE = 'application/json';
const BODY = { id: 7, token: 'secret' };

/** Answers of the API: status, type and body. */
const ANSWERS: Record<string, [status: number, type?: string, body?: string | Buffer]> = {
  '/api/json': [200, JSON_TYPE, JSON.stringify(BODY)],
  '/api/login': [200, JSON_TYPE, JSON.stringify(BODY)],
  '/api/missing': [404, JSON_TYPE, '{"error":"not found"}'],
  '/api/fails': [500, 'text/plain', 'failed'],
  '/api/empty': [204],
  '/api/text': [200, 'text/plain', 'a\r\nbü😀'],
  '/api/bytes': [200, 'image/png', Buffer.from([1, 2, 3, 250])],
  '/api/large': [200, JSON_TYPE, JSON.stringify({ text: 'x'.repeat(200_000) })],
  '/api/events': [200, 'text/event-stream', 'data: 1\n\n'],
};

function respond(response: ServerResponse, path: string, type: string, body: Buffer): void {
  if (path === '/api/never') return;
  if (path === '/api/reset') response.socket?.end('nonsense\r\n\r\n');
  else if (path === '/api/echo') response.writeHead(200, { 'content-type': type }).end(body);
  else {
    const [status, type, body = ''] = ANSWERS[path] ?? [404, 'text/plain', ''];
    response.writeHead(status, type ? { 'content-type': type } : {}).end(body);
  }
}

/** An event as it came to the collector. */
export type Sent = Record<string, unknown>;

/** Serves pages of both SDKs on any host, the API that they call, and a collector. */
export async function serveCalls() {
  const sent: Record<Sdk, Sent[]> = { theirs: [], ours: [] };
  const server = createServer((request, response) => {
    const { pathname } = new URL(`${request.url}`, 'http://site');
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      response.sendDate = false;
      for (const what of ['Origin', 'Headers', 'Methods'])
        response.setHeader(`Access-Control-Allow-${what}`, '*');
      const body = Buffer.concat(chunks);
      const [, sdk = '', path = ''] = /^\/collector\/(theirs|ours)(.*)/.exec(pathname) ?? [];
      if (request.method === 'OPTIONS') response.end();
      else if (pathname.startsWith('/api/'))
        respond(response, pathname, `${request.headers['content-type']}`, body);
      else if (sdk) {
        if (path.startsWith('/v1/events')) sent[sdk as Sdk].push(...[JSON.parse(`${body}`)].flat());
        response.writeHead(201).end();
      } else if (FILES[pathname])
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(FILES[pathname]);
      else {
        const scripts = SCRIPTS[pathname === '/theirs/' ? 'theirs' : 'ours'].map(
          src => `<script src="${src}" data-global="moesif"></script>`,
        );
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<!doctype html><link rel="icon" href="data:,">${scripts.join('')}`);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sent,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const HOSTS = { page: 'www.example.test', site: 'api.example.test', 'other site': 'api.foreign.test' };

/** The address of a call, marked with its number, by which its event is found. */
function addressOf(
  { path = '/api/json', at = 'page', isRelative }: ApiCall,
  n: number,
  port: number,
): string {
  const [, before = '', hash = ''] = /^([^#]*)(.*)/.exec(path) ?? [];
  const marked = `${before}${before.includes('?') ? '&' : '?'}call=${n}${hash}`;
  return isRelative ? `..${marked}` : `http://${HOSTS[at]}:${port}${marked}`;
}

/** Options of `init` of both. Of arrow functions moesif-browser-js says that they are none. */
const OPTIONS = `{
  skip: function (event) { return event.request.uri.includes('skipped'); },
  maskContent: function (event) {
    if (event.request.uri.includes('throws')) throw new Error('a mask that throws');
    if (event.request.uri.includes('masked')) event.response.body = { masked: true };
    return event;
  },
  getTags: function () { return 'shop,web'; },
  getMetadata: function () { return { release: 4 }; },
  getApiVersion: function () { return '1.2'; },
}`;

type Calls = Awaited<ReturnType<typeof serveCalls>>;

/** Milliseconds in which what was sent before the last event has come, too. */
const REST = 1000;

/** Makes all calls on a page of one SDK, one after the other, and returns what the page got, by the call's name. */
export async function makeCalls(
  browser: Browser,
  { port, sent: all }: Calls,
  sdk: Sdk,
): Promise<Record<string, unknown>> {
  const sent = all[sdk];
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://${HOSTS.page}:${port}/${sdk}/`);
  await page.evaluate(`moesif.init({ applicationId: 'app', host: '127.0.0.1:${port}/collector/${sdk}', ...${OPTIONS} });
    moesif.identifyUser('ada'); moesif.identifyCompany('acme'); moesif.identifySession('token-1'); moesif.start();
    window.unhandled = []; for (const type of ['error', 'unhandledrejection'])
      addEventListener(type, ({ reason, message }) => unhandled.push(String(reason ?? message)));`);
  const got: Record<string, unknown> = {};
  for (const [n, call] of CALLS.entries()) {
    const url = JSON.stringify(addressOf(call, n, port));
    got[call.name] = await page.evaluate(`(async url => {
      unhandled.length = 0;
      const result = await (async () => { ${call.code} })().catch(error => error.name);
      // moesif-browser-js reads bodies 50 ms later.
      await new Promise(resolve => setTimeout(resolve, 120));
      return JSON.stringify([result, ...unhandled]);
    })(${url})`);
  }
  // Events go out one after the other, on a busy machine slowly: that of one more call comes last.
  await page.evaluate(
    `fetch(${JSON.stringify(addressOf({ name: 'last', code: '' }, CALLS.length, port))}).then(() => {})`,
  );
  const isLast = () => eventsOf(sent, CALLS.length).length > 0;
  for (const end = Date.now() + PATIENCE; !isLast() && Date.now() < end; ) await page.waitForTimeout(50);
  await page.waitForTimeout(REST);
  await page.context().close();
  return got;
}

/** Names what differs from one visit to the next, whoever makes it. */
function label(path: string, value: unknown, port: number): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/\.time$/.test(path) && /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/.test(text)) return 'a time';
  if (path === 'transaction_id' && /^[\da-f-]{36}$/.test(text)) return 'a UUID';
  if (/user-agent$/i.test(path) && text.startsWith('Mozilla')) return 'the browser’s';
  if (path === 'metadata._capture.duration_ms') return 'milliseconds';
  return text.replaceAll(`:${port}`, '').replace(/(.{80}).{1000,}$/s, '$1…');
}

/** What holds of an event that does not say so. */
const DEFAULTS: Record<string, unknown> = { transfer_encoding: 'json', weight: 1 };

/** Tells an event by its fields, with bodies as one. */
export function fieldsOf(event: Sent | undefined, port: number): Fields {
  const fields: Fields = {};
  const tell = (path: string, value: unknown): void => {
    const isLeaf =
      typeof value !== 'object' || value === null || Array.isArray(value) || path.endsWith('.body');
    if (value === undefined || value === DEFAULTS[path.replace(/^(request|response)\./, '')]) return;
    if (isLeaf) fields[path] = label(path, value, port);
    else for (const [key, each] of Object.entries(value)) tell(path ? `${path}.${key}` : key, each);
  };
  tell('', event ?? {});
  return fields;
}

/** Finds the events of a call by its mark. */
export const eventsOf = (sent: readonly Sent[], n: number): Sent[] =>
  sent.filter(({ request }) =>
    new RegExp(`[?&]call=${n}(\\D|$)`).test(`${(request as { uri: string }).uri}`),
  );
