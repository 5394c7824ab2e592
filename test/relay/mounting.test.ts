import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRelay, type RelayOptions } from '../../src/relay.ts';
import { APPLICATION_ID, listen, openServer, SITE, TOKEN } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const relay = () => createRelay({ applicationId: APPLICATION_ID, upstream: api.url });
const ada = JSON.stringify({ user_id: 'ada' });
const headers = { Origin: SITE, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'text/plain' };
const request = (body: string, more: Record<string, string> = {}) =>
  new Request(`${SITE}/t/v1/users`, { method: 'POST', headers: { ...headers, ...more }, body });

/** Posts an update to a server on loopback, in one piece or in several. */
async function postTo(listener: RequestListener, { isChunked = false, body = ada } = {}) {
  const server = await listen(createServer(listener));
  try {
    const pieces = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const response = await fetch(`${server.url}/t/v1/users`, {
      method: 'POST',
      headers,
      body: isChunked ? pieces : body,
      duplex: 'half',
    } as RequestInit);
    return { status: response.status, text: await response.text() };
  } finally {
    await server.close();
  }
}

const consoleSays = (sentence: RegExp) =>
  expect(console.error).toHaveBeenCalledWith(expect.stringMatching(sentence));

describe('a body that was read before the relay got it is the server’s mistake, and no 400, on which pages drop:', () => {
  const adapted = (read: RequestListener): RequestListener => {
    const listener = getRequestListener(request => relay()(request));
    return async (incoming, outgoing) => {
      await read(incoming, outgoing);
      await listener(incoming, outgoing);
    };
  };

  it('in a Request', async () => {
    const read = request(ada);
    await read.text();
    await expect(relay()(read)).rejects.toThrow(/mount the relay before/);
    consoleSays(/^utmost: .*mount the relay before/);
  });

  it('in a Request that somebody is reading', async () => {
    const read = request(ada);
    read.body?.getReader();
    await expect(relay()(read)).rejects.toThrow(/mount the relay before/);
  });

  it.each([{ isChunked: false }, { isChunked: true }])(
    'by a body parser of Node before an adapter, %j',
    async how => {
      const parse: RequestListener = async incoming => {
        Object.assign(incoming, { body: JSON.parse(await text(incoming)) });
      };
      expect((await postTo(adapted(parse), how)).status).toBe(500);
      consoleSays(/mount the relay before whatever reads bodies, such as express\.json\(\)/);
      expect(api.got).toEqual([]);
    },
  );

  it.each(['[object Object]', '{}', '""', ada.slice(0, -4)])(
    'and written anew as %j, which is not as long as announced',
    async body => {
      const cut = request(body, { 'Content-Length': '400' });
      await expect(relay()(cut)).rejects.toThrow(/mount the relay before/);
    },
  );

  it('but one that the page itself sent empty or broken is a 400', async () => {
    const plain = getRequestListener(request => relay()(request));
    for (const body of ['', '{}', '{"user_id":'])
      for (const isChunked of [false, true]) {
        if (!body && isChunked) continue;
        expect((await postTo(plain, { body, isChunked })).status).toBe(400);
      }
    expect(console.error).not.toHaveBeenCalled();
  });

  it('and one that was read and kept by the adapter is taken', async () => {
    const parse: RequestListener = async incoming => {
      Object.assign(incoming, { rawBody: Buffer.from(await text(incoming)) });
    };
    expect((await postTo(adapted(parse))).status).toBe(201);
  });
});

describe('what is no web-standard Request is the server’s mistake, and tells the fix:', () => {
  it('a Node server’s request is answered 500, and not left open', async () => {
    const { status, text } = await postTo(relay() as unknown as RequestListener);
    expect(status).toBe(500);
    expect(JSON.parse(text).error).toMatch(/use createNodeRelay of utmost\/relay\/node/);
    consoleSays(/web-standard Request.*createNodeRelay of utmost\/relay\/node/);
  });

  it.each([
    ['a Node request alone', { method: 'POST', url: '/t/v1/users', headers: { origin: SITE } }],
    ['a framework’s context', { req: request(ada) }],
    ['an event around a request', { request: request(ada) }],
    ['a URL', `${SITE}/t/v1/users`],
    ['nothing', undefined],
    ['null', null],
  ])('%s', async (_, wrong) => {
    await expect(relay()(wrong as never)).rejects.toThrow(/^utmost: the relay takes a web-standard Request/);
    consoleSays(/web-standard Request/);
  });

  it('a framework answers 500 by itself', async () => {
    const app = new Hono().all('/t/*', c => relay()(c.req as never));
    expect((await app.request(request(ada))).status).toBe(500);
  });
});

describe('a route handler of a framework', () => {
  /** As Next.js checks what a route exports: by assignment, and before 16 by the type of the second argument. */
  interface Route {
    POST(
      request: Request & { nextUrl: URL },
      context: { params: Promise<{ path: string[] }> },
    ): Promise<Response>;
  }
  type Second<T> = T extends (first: never, second: infer R) => unknown
    ? unknown extends R
      ? true
      : false
    : false;

  it('can be the relay itself, whatever comes second', async () => {
    const handler = relay();
    const { POST }: Route = { POST: handler };
    const isLoose: Second<typeof handler> = true;
    expect(isLoose).toBe(true);
    const context = { params: Promise.resolve({ path: ['v1', 'users'] }) };
    expect((await POST(Object.assign(request(ada), { nextUrl: new URL(SITE) }), context)).status).toBe(201);
    for (const second of [null, {}, 'text', { address: 7 }, { address: null }])
      expect((await handler(request(ada), second)).status).toBe(201);
    expect(api.got.filter(({ body }) => 'ip_address' in body)).toEqual([]);
  });
});

describe('a runtime takes the relay as it is,', () => {
  const ips = () => api.got.map(({ body }) => body.ip_address);

  it('Deno and Bun, whose own word on the connection is the visitor’s address', async () => {
    const serveDeno = (
      _: (request: Request, info: { remoteAddr: { hostname: string } }) => Promise<Response>,
    ) => _;
    const serveBun = (_: {
      fetch(
        request: Request,
        server: { requestIP(request: Request): { address: string } | null },
      ): Promise<Response>;
    }) => _.fetch;
    await serveDeno(relay())(request(ada), { remoteAddr: { hostname: '203.0.113.1' } });
    await serveBun({ fetch: relay() })(request(ada), { requestIP: () => ({ address: '203.0.113.2' }) });
    await serveBun({ fetch: relay() })(request(ada), { requestIP: () => null });
    expect(ips()).toEqual(['203.0.113.1', '203.0.113.2', undefined]);
  });

  it('Workers, where an update outlives its page', async () => {
    const handlers: {
      fetch(
        request: Request,
        env: unknown,
        context: { waitUntil(promise: Promise<unknown>): void },
      ): Response | Promise<Response>;
    } = { fetch: relay() };
    const waitUntil = vi.fn();
    await handlers.fetch(request(ada), {}, { waitUntil });
    expect(waitUntil).toHaveBeenCalledOnce();
    const read = request(ada);
    await read.text();
    await expect(handlers.fetch(read, {}, { waitUntil })).rejects.toThrow(/mount the relay/);
    // Nobody listens to it: it must not reject.
    await waitUntil.mock.lastCall?.[0];
  });

  it('Hono, as a route and as a mounted handler, on Node and elsewhere', async () => {
    const app = new Hono().all('/a/*', relay()).mount('/b', relay());
    const incoming = { socket: { remoteAddress: '203.0.113.3' } };
    const moved = (mount: string) => new Request(`${SITE}/${mount}/v1/users`, request(ada));
    for (const mount of ['a', 'b']) {
      expect((await app.request(moved(mount), {}, { incoming })).status).toBe(201);
      expect((await app.request(moved(mount), {}, { remoteAddr: { hostname: '203.0.113.4' } })).status).toBe(
        201,
      );
      expect((await app.request(moved(mount))).status).toBe(201);
    }
    expect(ips()).toEqual(['203.0.113.3', '203.0.113.4', undefined, '203.0.113.3', '203.0.113.4', undefined]);
  });

  it('Hono on a Worker', async () => {
    const waitUntil = vi.fn();
    const context = { waitUntil, passThroughOnException() {}, props: {} };
    await new Hono().all('/t/*', relay()).fetch(request(ada), {}, context);
    expect(waitUntil).toHaveBeenCalledOnce();
  });
});

describe('what is missing on this server, as while a site is built, throws nothing:', () => {
  const TOKENLESS = { userCom: { subdomain: 'acme', token: undefined } };
  it.each([
    ['applicationId', {}],
    ['applicationId', { applicationId: undefined, userCom: undefined, trustProxy: 1 }],
    ['applicationId', { applicationId: '', upstream: '' }],
    ['userCom.token', TOKENLESS],
    ['userCom.token', { applicationId: 'app', ...TOKENLESS }],
    ['userCom.token', { userCom: { subdomain: 'acme', token: '' } }],
    ['userCom.subdomain', { userCom: { subdomain: '', token: TOKEN } }],
  ])(
    '%s in %j is said on the console by the first update, and each is answered 503',
    async (name, options) => {
      const handler = createRelay(options as RelayOptions);
      expect((await handler(new Request(`${SITE}/t/v1/users`))).status).toBe(405);
      expect(console.error).not.toHaveBeenCalled();
      for (const _ of [1, 2]) {
        const response = await handler(request(ada));
        expect(response.status).toBe(503);
        expect(await response.json()).toEqual({ error: `The relay has no ${name}; set it on the server.` });
      }
      expect(console.error).toHaveBeenCalledExactlyOnceWith(
        `utmost: createRelay has no ${name}; set it on this server. Until then updates are answered 503.`,
      );
    },
  );

  it('and what is there is neither said nor refused', async () => {
    createRelay({ userCom: { subdomain: 'acme', token: TOKEN } });
    expect((await relay()(request(ada))).status).toBe(201);
    expect(console.error).not.toHaveBeenCalled();
  });
});
