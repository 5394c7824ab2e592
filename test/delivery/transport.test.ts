import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { browserPage } from '../../src/browser/page.ts';
import { sendWithFetch } from '../../src/delivery/send-with-fetch.ts';
import { sendWithKy } from '../../src/delivery/send-with-ky.ts';
import { createTransport, type WireRequest } from '../../src/delivery/transport.ts';

const NOW = Date.UTC(2026, 0, 15);
const KIB = 1024;
const { fetch } = globalThis;

let server: Server;
let url: string;
/** What the server has got. */
let got: { method: string | undefined; headers: IncomingMessage['headers']; body: string }[] = [];
/** The addresses it was asked for, first to last. */
let paths: string[] = [];
/** What it answers, by address. */
let site: Record<string, (response: ServerResponse) => unknown> = {};
const says =
  (status: number, type: string | undefined, body: string | Uint8Array = '') =>
  (response: ServerResponse) =>
    response.writeHead(status, type ? { 'Content-Type': type } : {}).end(body);
const redirects =
  (to: string, status = 302) =>
  (response: ServerResponse) =>
    response.writeHead(status, { Location: to }).end();

beforeAll(async () => {
  server = createServer(async (request, response) => {
    got.push({ method: request.method, headers: request.headers, body: await text(request) });
    paths.push(`${request.url}`);
    const answer = site[`${request.url}`];
    if (answer) return answer(response);
    const status = Number(request.url?.slice(1));
    // /0 never answers.
    if (status) response.writeHead(status, { 'Retry-After': '7' }).end('{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  globalThis.fetch = fetch;
  got = [];
  paths = [];
  site = {};
});

const page = { ...browserPage, now: () => NOW };

describe.each([
  ['ky', sendWithKy],
  ['fetch', sendWithFetch],
])('sent with %s', (_, post) => {
  const send = (path: string, { timeout = 5000, body = '{}', headers = {} } = {}) =>
    createTransport(post, timeout, page).send({ url: `${url}${path}`, headers, body, credentials: 'omit' });

  describe('over the network', () => {
    it('posts the body and headers as given', async () => {
      const headers = { 'Content-Type': 'application/json', 'X-Moesif-Application-Id': 'app' };
      const outcome = await send('/201', { body: '{"user_id":"ü🌊"}', headers });
      expect(outcome).toEqual({ status: 'delivered', httpStatus: 201 });
      expect(got).toHaveLength(1);
      expect(got[0]).toMatchObject({ method: 'POST', body: '{"user_id":"ü🌊"}' });
      expect(got[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'x-moesif-application-id': 'app',
      });
      expect(got[0]?.headers.cookie).toBeUndefined();
    });

    it.each([408, 429, 500, 503])(
      'asks once: %i is left to the dispatcher, with its Retry-After',
      async status => {
        expect(await send(`/${status}`)).toEqual({
          status: 'queued',
          reason: status === 429 ? 'rate-limited' : 'http',
          message: `HTTP ${status}; it waits`,
          httpStatus: status,
          retryAfter: 7000,
        });
        expect(got).toHaveLength(1);
      },
    );

    it('a final answer is dropped', async () => {
      expect(await send('/400')).toMatchObject({ status: 'dropped', httpStatus: 400 });
    });

    it('no answer within the timeout is queued', async () => {
      expect(await send('/0', { timeout: 50 })).toMatchObject({ status: 'queued', reason: 'timeout' });
    });

    it('no network is queued', async () => {
      const { send } = createTransport(post, 500, page);
      const outcome = await send({
        url: 'http://127.0.0.1:1/',
        headers: {},
        body: '{}',
        credentials: 'omit',
      });
      expect(outcome).toMatchObject({ status: 'queued', reason: 'network' });
      expect(outcome.httpStatus).toBeUndefined();
    });
  });

  describe('an answer that is the API’s', () => {
    const HTML = 'text/html; charset=utf-8';
    const PAGE = '<!doctype html><title>Sign in</title>';
    const FOREIGN = { status: 'queued', reason: 'not-the-api' };
    const answered = (...answer: Parameters<typeof says>) => {
      site['/users'] = says(...answer);
      return send('/users');
    };

    it.each([
      ['an empty body', 200, undefined, ''],
      ['an empty body called HTML', 201, HTML, ''],
      ['JSON', 201, 'application/json', '{"status":1}'],
      ['JSON called HTML, as PHP does', 200, HTML, '{"status":1}'],
      ['a word called HTML, as Express does', 200, HTML, 'ok'],
      ['a word', 202, 'text/plain', 'accepted'],
      ['no content', 204, undefined, ''],
      ['white space alone, called HTML', 200, HTML, ' \n\t '],
    ])('is %s', async (_, status, type, body) => {
      expect(await answered(status, type, body)).toEqual({ status: 'delivered', httpStatus: status });
    });

    it.each([
      ['a page', 200, HTML, PAGE],
      ['a page behind white space', 200, 'text/html', `\r\n\t ${PAGE}`],
      ['a page behind a byte order mark', 201, 'Text/HTML', `\uFEFF${PAGE}`],
      ['a page in UTF-16', 200, 'text/html; charset=utf-16', Buffer.from(`\uFEFF${PAGE}`, 'utf16le')],
      ['a comment before a page', 200, HTML, `<!-- cached -->${PAGE}`],
      ['XHTML', 200, 'application/xhtml+xml', '<?xml version="1.0"?><html/>'],
      ['a page for 400', 400, HTML, PAGE],
      ['a page for 413, as nginx has', 413, 'text/html', '<html><h1>413</h1></html>'],
      ['a page for 422', 422, HTML, PAGE],
      ['a page for 403', 403, HTML, PAGE],
      ['a page for 404', 404, HTML, PAGE],
      ['404 in plain text', 404, 'text/plain', 'Not Found'],
      ['405 without a word', 405, undefined, ''],
      ['404 without a word, called JSON', 404, 'application/json', ''],
      ['410 in XML', 410, 'application/xml', '<Error/>'],
    ])('is not %s', async (_, httpStatus, type, body) => {
      expect(await answered(httpStatus, type, body)).toMatchObject({ ...FOREIGN, httpStatus });
    });

    it.each([
      [400, 'text/plain', 'bad'],
      [413, undefined, ''],
      [422, HTML, 'no'],
      [403, 'application/json', '{"error":"foreign origin"}'],
      [404, 'application/problem+json', ' {"title":"unknown"}'],
      [405, HTML, '{"error":"POST"}'],
      [409, 'application/json', '[{"error":"x"}]'],
    ])('refuses for good by %i as %s: %s', async (status, type, body) => {
      expect(await answered(status, type, body)).toMatchObject({ status: 'dropped', httpStatus: status });
    });

    it('is told by a body that comes in parts', async () => {
      site['/users'] = async response => {
        response.writeHead(200, { 'Content-Type': HTML });
        for (const part of [' ', '\n', PAGE]) {
          response.write(part);
          await new Promise(resolve => setTimeout(resolve, 20));
        }
        response.end();
      };
      expect(await send('/users')).toMatchObject(FOREIGN);
    });

    it('is told by the beginning of a body: one without end is not loaded', async () => {
      let isClosed = false;
      site['/users'] = response => {
        response.writeHead(200, { 'Content-Type': HTML });
        const pour = () => {
          if (!isClosed && response.write('<p>'.repeat(20_000))) setImmediate(pour);
        };
        response.on('drain', pour).on('close', () => {
          isClosed = true;
        });
        pour();
      };
      expect(await send('/users')).toMatchObject(FOREIGN);
      await expect.poll(() => isClosed).toBe(true);
    });

    it.each([200, 404])('is not waited for beyond the timeout: %i whose body stalls', async status => {
      site['/users'] = response => {
        response.writeHead(status, { 'Content-Type': HTML });
        response.write(' ');
      };
      expect(await send('/users', { timeout: 100 })).toMatchObject({ status: 'queued', reason: 'timeout' });
    });

    it.each([200, 503])('is %i, whose body is no document’s, before its body has come', async status => {
      site['/users'] = response => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.write('{');
      };
      expect(await send('/users', { timeout: 5000 })).toMatchObject({ httpStatus: status });
    });

    it.each([
      ['that ends its waiting for nothing', () => new Promise<Response>(() => {})],
      [
        'whose body never ends',
        async () => new Response(new ReadableStream(), { headers: { 'Content-Type': HTML } }),
      ],
    ])('is not waited for where the page has a fetch of its own %s', async (_, stub) => {
      globalThis.fetch = stub;
      expect(await send('/users', { timeout: 50 })).toMatchObject({ status: 'queued', reason: 'timeout' });
    });

    it.each([
      ['opaque', { type: 'opaque', status: 0 }],
      ['an opaque redirect', { type: 'opaqueredirect', status: 0 }],
      ['an error', { type: 'error', status: 0 }],
      ['what came by a redirect', { redirected: true, status: 200 }],
      ['a sign-in page by a redirect', { redirected: true, status: 401 }],
    ])('is not %s, whoever stands in for fetch', async (_, answer) => {
      globalThis.fetch = async () => {
        const response = new Response('{}');
        for (const [name, value] of Object.entries(answer)) Object.defineProperty(response, name, { value });
        return response;
      };
      const outcome = await send('/users');
      expect(outcome).toMatchObject({ status: 'queued', reason: 'redirected' });
      expect(outcome.retryAfter).toBe(0);
    });
  });

  describe('a redirect', () => {
    const REDIRECTED = { status: 'queued', reason: 'redirected' };
    const open = () => {
      const { send, sendOnExit } = createTransport(post, 5000, page);
      const request = (path: string) => ({
        url: `${url}${path}`,
        headers: {},
        body: '{}',
        credentials: 'omit' as const,
      });
      return {
        send: (path = '/users') => send(request(path)),
        sendOnExit: (path = '/users', credentials: WireRequest['credentials'] = 'omit') =>
          sendOnExit({ ...request(path), credentials }),
      };
    };
    const login = (status: number) => {
      for (const path of ['/users', '/users/']) site[path] = redirects('/login', status);
      site['/login'] = says(200, 'application/json', '{}');
    };

    it.each([301, 302, 303, 307, 308])('%i is not followed, and confirms nothing', async status => {
      login(status);
      expect(await open().send()).toMatchObject(REDIRECTED);
      expect(paths).toEqual(['/users', '/users/']);
    });

    it.each([301, 307, 308])(
      '%i to a slash at the end is answered with one, from then on at once',
      async status => {
        site['/users'] = redirects('/users/', status);
        site['/users/'] = says(201, 'application/json', '{}');
        const { send, sendOnExit } = open();
        expect(await send()).toEqual({ status: 'delivered', httpStatus: 201 });
        expect(await send()).toEqual({ status: 'delivered', httpStatus: 201 });
        sendOnExit();
        await expect.poll(() => paths.length).toBe(4);
        expect(paths).toEqual(['/users', '/users/', '/users/', '/users/']);
        expect(got.every(({ method, body }) => method === 'POST' && body === '{}')).toBe(true);
      },
    );

    it('the slash stands before a query', async () => {
      site['/users?v=1&to=/a?b'] = redirects('/users/?v=1&to=/a?b', 308);
      site['/users/?v=1&to=/a?b'] = says(201, undefined);
      expect(await open().send('/users?v=1&to=/a?b')).toMatchObject({ status: 'delivered' });
    });

    it('requests that meet it at once all arrive', async () => {
      site['/users'] = redirects('/users/', 308);
      site['/users/'] = says(201, undefined);
      const { send } = open();
      const outcomes = await Promise.all([send(), send(), send()]);
      expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    });

    it('is over when the endpoint answers again', async () => {
      login(302);
      const { send } = open();
      await send();
      site = { '/users': says(201, undefined) };
      expect(await send()).toMatchObject({ status: 'delivered' });
    });

    it('away from the slash is answered without one again', async () => {
      site['/users'] = redirects('/users/', 308);
      site['/users/'] = says(201, undefined);
      const { send } = open();
      await send();
      site = { '/users': says(201, undefined), '/users/': redirects('/users', 308) };
      expect(await send()).toMatchObject({ status: 'delivered' });
      paths = [];
      await send();
      expect(paths).toEqual(['/users']);
    });

    it('leads no parting request elsewhere: where there was one, none goes as a beacon, which would follow it', async () => {
      const beacons: unknown[] = [];
      vi.stubGlobal('navigator', { sendBeacon: (to: string) => beacons.push(to) > 0 });
      login(307);
      const { send, sendOnExit } = open();
      await send();
      sendOnExit('/users', 'same-origin');
      await expect.poll(() => paths).toEqual(['/users', '/users/', '/users']);
      expect(beacons).toEqual([]);
      site = {};
      site['/users'] = says(201, undefined);
      await send();
      sendOnExit('/users', 'same-origin');
      vi.unstubAllGlobals();
      expect(beacons).toEqual([`${url}/users`]);
    });

    it('is followed by no request, neither by one that leaves with the page', async () => {
      const modes: unknown[] = [];
      globalThis.fetch = async (request, init) => {
        modes.push(init?.redirect ?? (request as Request).redirect);
        return new Response('{}');
      };
      const { send, sendOnExit } = open();
      await send();
      sendOnExit();
      expect(modes).toEqual(['manual', 'manual']);
    });
  });

  describe('keepalive', () => {
    /** Still the task of the call: ky asks for the network a few microtasks late. */
    const microtasks = async () => {
      for (let index = 0; index < 10; index++) await undefined;
    };

    /** A network whose answers wait until they are told to arrive. */
    function openNetwork() {
      const requests: {
        keepalive: boolean | undefined;
        credentials: string | undefined;
        answer: (ok: boolean) => void;
      }[] = [];
      globalThis.fetch = (request, init) =>
        new Promise((resolve, reject) => {
          requests.push({
            // Firefox reads it here alone, and ignores the one of a Request.
            keepalive: init?.keepalive,
            credentials: request instanceof Request ? request.credentials : init?.credentials,
            answer: ok =>
              ok ? resolve(new Response('', { status: 200 })) : reject(new TypeError('network')),
          });
        });
      const { send, sendOnExit } = createTransport(post, 5000, page);
      const postBytes = (size: number, letter = 'x') =>
        send({ url: 'http://a.test/', headers: {}, body: letter.repeat(size), credentials: 'omit' });
      const kept = () => requests.map(({ keepalive }) => keepalive);
      return { requests, postBytes, send, sendOnExit, kept };
    }

    it('is asked for in the second argument, and no credentials go along', async () => {
      const { requests, postBytes } = openNetwork();
      void postBytes(1);
      await microtasks();
      expect(requests).toMatchObject([{ keepalive: true, credentials: 'omit' }]);
    });

    it('to a relay on the page’s own origin cookies go along', async () => {
      const { requests, send } = openNetwork();
      void send({ url: 'http://a.test/', headers: {}, body: '', credentials: 'same-origin' });
      await microtasks();
      expect(requests).toMatchObject([{ credentials: 'same-origin' }]);
    });

    it('the request is on its way in the task of the call', async () => {
      const { requests, postBytes } = openNetwork();
      void postBytes(1);
      await microtasks();
      expect(requests).toHaveLength(1);
    });

    it('is asked for up to 60 KiB of UTF-8 in flight', async () => {
      const { postBytes, kept } = openNetwork();
      void postBytes(30 * KIB);
      void postBytes(15 * KIB, 'ü');
      void postBytes(1);
      await microtasks();
      expect(kept()).toEqual([true, true, false]);
    });

    it('is not asked for by a body over the budget, which leaves it to the others', async () => {
      const { postBytes, kept } = openNetwork();
      void postBytes(60 * KIB + 1);
      void postBytes(60 * KIB);
      await microtasks();
      expect(kept()).toEqual([false, true]);
    });

    it('is asked for by 15 requests at once', async () => {
      const { postBytes, kept } = openNetwork();
      for (let index = 0; index < 17; index++) void postBytes(1);
      await microtasks();
      expect(kept()).toEqual([...Array(15).fill(true), false, false]);
    });

    it.each([true, false])('gives its budget back when the request has ended (well: %s)', async ok => {
      const { requests, postBytes, kept } = openNetwork();
      const inFlight = [postBytes(60 * KIB), postBytes(1)];
      await microtasks();
      for (const { answer } of requests) answer(ok);
      await Promise.all(inFlight);
      void postBytes(60 * KIB);
      void postBytes(1);
      await microtasks();
      expect(kept()).toEqual([true, false, true, false]);
    });
  });

  describe('from a page that may be gone in an instant', () => {
    const request = (body: string) => ({
      url: 'http://a.test/',
      headers: { 'X-Moesif-SDK': 'x' },
      body,
      credentials: 'omit' as const,
    });
    /** A network that never answers. */
    const open = () => {
      const sent: RequestInit[] = [];
      globalThis.fetch = (_, init) => {
        sent.push(init ?? {});
        return new Promise(() => {});
      };
      return { sent, ...createTransport(post, 5000, page) };
    };
    const stubBeacon = (takes: boolean) => {
      const beacons: unknown[][] = [];
      const sendBeacon = (...call: unknown[]) => beacons.push(call) > 0 && takes;
      Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { sendBeacon } });
      return beacons;
    };
    const { navigator } = globalThis;
    afterEach(() => Object.defineProperty(globalThis, 'navigator', { configurable: true, value: navigator }));

    it('the request begins in this very task, and outlives the page', () => {
      const { sent, sendOnExit } = open();
      sendOnExit(request('{}'));
      expect(sent).toMatchObject([{ method: 'POST', body: '{}', keepalive: true, credentials: 'omit' }]);
      expect(sent[0]?.headers).toEqual({ 'X-Moesif-SDK': 'x' });
    });

    it('what could not outlive it is not sent', () => {
      const { sent, sendOnExit } = open();
      sendOnExit(request('x'.repeat(61 * KIB)));
      sendOnExit(request('x'.repeat(59 * KIB)));
      sendOnExit(request('x'.repeat(2 * KIB)));
      expect(sent).toHaveLength(1);
    });

    it('a failure throws nothing, and frees its share', async () => {
      const { sendOnExit } = open();
      let calls = 0;
      globalThis.fetch = async () => {
        calls++;
        throw new TypeError('network');
      };
      for (let n = 0; n < 3; n++) {
        sendOnExit(request('x'.repeat(50 * KIB)));
        await new Promise(resolve => setTimeout(resolve, 1));
      }
      expect(calls).toBe(3);
    });

    it('what needs no headers of its own goes as a beacon', () => {
      const { sent, sendOnExit } = open();
      const beacons = stubBeacon(true);
      sendOnExit({ ...request('{}'), credentials: 'same-origin' });
      sendOnExit(request('{"with": "headers"}'));
      expect(beacons).toEqual([['http://a.test/', '{}']]);
      expect(sent).toHaveLength(1);
    });

    it.each(['refuses', 'has none'])('where the browser %s a beacon, as a request', does => {
      const { sent, sendOnExit } = open();
      if (does === 'refuses') stubBeacon(false);
      else Object.defineProperty(globalThis, 'navigator', { configurable: true, value: {} });
      sendOnExit({ ...request('{}'), credentials: 'same-origin' });
      expect(sent).toHaveLength(1);
    });
  });
});
