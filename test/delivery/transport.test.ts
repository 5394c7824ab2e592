import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sendWithFetch } from '../../src/delivery/send-with-fetch.ts';
import { sendWithKy } from '../../src/delivery/send-with-ky.ts';
import { createTransport } from '../../src/delivery/transport.ts';
import { browserPage } from '../../src/page.ts';

const NOW = Date.UTC(2026, 0, 15);
const KIB = 1024;
const { fetch } = globalThis;

let server: Server;
let url: string;
/** What the server has got. */
let got: { method: string | undefined; headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    got.push({ method: request.method, headers: request.headers, body: await text(request) });
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
});

const page = { ...browserPage, now: () => NOW };

describe.each([
  ['ky', sendWithKy],
  ['fetch', sendWithFetch],
])('sent with %s', (_, post) => {
  const send = (path: string, { timeout = 5000, body = '{}', headers = {} } = {}) =>
    createTransport(post, timeout, page).send({ url: `${url}${path}`, headers, body });

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
      'asks once: %i is left to the courier, with its Retry-After',
      async status => {
        expect(await send(`/${status}`)).toEqual({
          status: 'queued',
          reason: status === 429 ? 'rate-limited' : 'http',
          message: `HTTP ${status}`,
          httpStatus: status,
          after: 7000,
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
      const outcome = await send({ url: 'http://127.0.0.1:1/', headers: {}, body: '{}' });
      expect(outcome).toMatchObject({ status: 'queued', reason: 'network' });
      expect(outcome.httpStatus).toBeUndefined();
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
      const { send, part } = createTransport(post, 5000, page);
      const postBytes = (size: number, letter = 'x') =>
        send({ url: 'http://a.test/', headers: {}, body: letter.repeat(size) });
      const kept = () => requests.map(({ keepalive }) => keepalive);
      return { requests, postBytes, part, kept };
    }

    it('is asked for in the second argument, and no credentials go along', async () => {
      const { requests, postBytes } = openNetwork();
      void postBytes(1);
      await microtasks();
      expect(requests).toMatchObject([{ keepalive: true, credentials: 'omit' }]);
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
      const flights = [postBytes(60 * KIB), postBytes(1)];
      await microtasks();
      for (const { answer } of requests) answer(ok);
      await Promise.all(flights);
      void postBytes(60 * KIB);
      void postBytes(1);
      await microtasks();
      expect(kept()).toEqual([true, false, true, false]);
    });
  });

  describe('from a page that may be gone in an instant', () => {
    const request = (body: string) => ({ url: 'http://a.test/', headers: { 'X-Moesif-SDK': 'x' }, body });
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
      const { sent, part } = open();
      part(request('{}'));
      expect(sent).toMatchObject([{ method: 'POST', body: '{}', keepalive: true, credentials: 'omit' }]);
      expect(sent[0]?.headers).toEqual({ 'X-Moesif-SDK': 'x' });
    });

    it('what could not outlive it is not sent', () => {
      const { sent, part } = open();
      part(request('x'.repeat(61 * KIB)));
      part(request('x'.repeat(59 * KIB)));
      part(request('x'.repeat(2 * KIB)));
      expect(sent).toHaveLength(1);
    });

    it('a failure throws nothing, and frees its share', async () => {
      const { part } = open();
      let calls = 0;
      globalThis.fetch = async () => {
        calls++;
        throw new TypeError('network');
      };
      for (let n = 0; n < 3; n++) {
        part(request('x'.repeat(50 * KIB)));
        await new Promise(resolve => setTimeout(resolve, 1));
      }
      expect(calls).toBe(3);
    });

    it('what needs no headers of its own goes as a beacon', () => {
      const { sent, part } = open();
      const beacons = stubBeacon(true);
      part({ ...request('{}'), isSimple: true });
      part(request('{"with": "headers"}'));
      expect(beacons).toEqual([['http://a.test/', '{}']]);
      expect(sent).toHaveLength(1);
    });

    it.each(['refuses', 'has none'])('where the browser %s a beacon, as a request', does => {
      const { sent, part } = open();
      if (does === 'refuses') stubBeacon(false);
      else Object.defineProperty(globalThis, 'navigator', { configurable: true, value: {} });
      part({ ...request('{}'), isSimple: true });
      expect(sent).toHaveLength(1);
    });
  });
});
