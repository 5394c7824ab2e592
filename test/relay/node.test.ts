import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type ClientHttp2Session, connect, createServer as createHttp2Server } from 'node:http2';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNodeRelay, type RelayOptions } from '../../src/relay/node.ts';
import { APPLICATION_ID, listen, openServer, respond, SITE } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
  api.rule = respond(201);
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const relay = (options: RelayOptions = {}) =>
  createNodeRelay({ applicationId: APPLICATION_ID, upstream: api.url, ...options });
const ada = JSON.stringify({ user_id: 'ada', metadata: { name: 'Ádá' } });
const HEADERS = { Origin: SITE, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'text/plain' };

/** Posts to a listener on a server of its own. */
async function post(listener: RequestListener, init: RequestInit = {}, path = '/t/v1/users') {
  const server = await listen(createServer(listener));
  try {
    const headers = { ...HEADERS, ...(init.headers as object) };
    const response = await fetch(server.url + path, { method: 'POST', body: ada, ...init, headers });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } finally {
    await server.close();
  }
}

/** A relay behind something that reads the body, and leaves `left` of it. */
const behind =
  (left: (body: string) => object): RequestListener =>
  async (request, response) => {
    Object.assign(request, left(await text(request)));
    await relay()(request, response);
  };

describe('a body is taken', () => {
  it.each<[string, RequestListener]>([
    ['as it comes', (request, response) => void relay()(request, response)],
    ['from a parser that left an object', behind(body => ({ body: JSON.parse(body) }))],
    ['from one that left a text', behind(body => ({ body }))],
    ['from one that left bytes', behind(body => ({ body: Buffer.from(body) }))],
    ['from a platform that keeps the bytes', behind(body => ({ body: {}, rawBody: Buffer.from(body) }))],
    [
      'as it comes, past a parser that did not know its type, and left an empty object',
      (request, response) => void relay()(Object.assign(request, { body: {} }), response),
    ],
    [
      'from a stream that is paused',
      (request, response) => {
        request.pause();
        void relay()(request, response);
      },
    ],
    [
      'from a stream that was told to give texts',
      (request, response) => {
        request.setEncoding('utf8');
        void relay()(request, response);
      },
    ],
  ])('%s', async (_, listener) => {
    expect(await post(listener)).toMatchObject({ status: 201, body: '{}' });
    expect(api.got).toMatchObject([
      { path: '/v1/users', body: { user_id: 'ada', metadata: { name: 'Ádá' }, ip_address: '127.0.0.1' } },
    ]);
  });
});

describe('a body that was read and is nowhere is the server’s mistake, and no 400, on which pages drop:', () => {
  const loop: Record<string, unknown> = {};
  loop.itself = loop;
  const platform = Object.defineProperty({}, 'body', {
    get() {
      throw new Error('Invalid JSON');
    },
  });
  it.each<[string, () => object]>([
    ['nothing left', () => ({})],
    ['an empty object', () => ({ body: {} })],
    ['an empty text', () => ({ body: '' })],
    ['null', () => ({ body: null })],
    ['an object that is no JSON', () => ({ body: loop })],
    ['fields of a form', () => ({ body: { [ada]: '' } })],
  ])('%s', async (_, left) => {
    const { status, body } = await post(behind(left));
    expect(status).toBe(500);
    expect(JSON.parse(body).error).toMatch(/^utmost: the body of a request was read/);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/mount the relay before/));
    expect(api.got).toEqual([]);
  });

  it('a body that throws where it is looked at', async () => {
    const listener: RequestListener = async (request, response) => {
      await text(request);
      await relay()(Object.setPrototypeOf(platform, request), response);
    };
    expect((await post(listener)).status).toBe(500);
  });

  it('but one that the page itself sent broken is a 400', async () => {
    const plain: RequestListener = (request, response) => void relay()(request, response);
    expect((await post(plain, { body: '{"user_id":' })).status).toBe(400);
    expect(
      (
        await post(
          behind(body => ({ body: JSON.parse(body) })),
          { body: '{"user_id":7}' },
        )
      ).status,
    ).toBe(400);
    expect(console.error).not.toHaveBeenCalled();
  });
});

describe('the address of the request', () => {
  it('is the one before a mount path was cut off', async () => {
    const mounted: RequestListener = (request, response) => {
      Object.assign(request, { originalUrl: request.url, url: '/users' });
      void relay()(request, response);
    };
    expect((await post(mounted)).status).toBe(201);
    expect((await post(mounted, {}, '/t/v1/actions?sent_at=1')).status).toBe(400);
    expect((await post(mounted, {}, '/users')).status).toBe(404);
  });

  it.each(['//evil.example/t/v1/users', 'http://evil.example/t/v1/users', '/\\evil.example/t/v1/users'])(
    '%s makes no page of that host one of the site',
    async target => {
      const foreign: RequestListener = (request, response) => {
        request.url = target;
        void relay()(request, response);
      };
      const headers = { 'Sec-Fetch-Site': '', Origin: 'http://evil.example' };
      expect((await post(foreign, { headers })).status).toBe(403);
    },
  );

  it('with a host that is none is still answered', async () => {
    const odd: RequestListener = (request, response) => {
      request.headers.host = 'a b';
      void relay()(request, response);
    };
    expect((await post(odd)).status).toBe(201);
    expect((await post(odd, { headers: { 'Sec-Fetch-Site': '' } })).status).toBe(403);
  });
});

describe('the visitor’s address', () => {
  it('is that of the connection, or a trusted proxy’s word', async () => {
    const forwarded = { headers: { 'X-Forwarded-For': '203.0.113.9' } };
    const listener = (trustProxy: number): RequestListener => relay({ trustProxy });
    await post(listener(0), forwarded);
    await post(listener(1), forwarded);
    expect(api.got.map(({ body }) => body.ip_address)).toEqual(['127.0.0.1', '203.0.113.9']);
  });
});

describe('the answer', () => {
  it('leaves the headers of the site’s middleware as they are', async () => {
    const listener: RequestListener = (request, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.setHeader('Vary', 'Accept-Encoding');
      response.setHeader('X-Powered-By', 'ours');
      void relay()(request, response);
    };
    const { headers } = await post(listener);
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(headers.get('Vary')).toBe('Accept-Encoding, Origin');
    expect(headers.get('X-Powered-By')).toBe('ours');
  });

  it('is not given where a middleware has given one', async () => {
    let done: Promise<void> | undefined;
    const listener: RequestListener = (request, response) => {
      done = relay()(request, response);
      response.writeHead(503).end('too late');
    };
    expect(await post(listener)).toMatchObject({ status: 503, body: 'too late' });
    await expect(done).resolves.toBeUndefined();
  });

  it('is 413 for a body that is too large, and the connection serves the next request', async () => {
    const server = await listen(createServer(relay({ maxBodyBytes: 100 })));
    const send = (body: string) =>
      fetch(`${server.url}/t/v1/users`, { method: 'POST', headers: HEADERS, body });
    expect((await send('x'.repeat(5_000_000))).status).toBe(413);
    expect((await send(ada)).status).toBe(201);
    await server.close();
  });

  it('is 408 for a body that does not come', async () => {
    const body = new ReadableStream({
      start: controller => controller.enqueue(new TextEncoder().encode('{')),
    });
    const init = { body, duplex: 'half' } as RequestInit;
    expect((await post(relay({ timeout: 100 }), init)).status).toBe(408);
  });

  it('is 503 where the environment is missing, and that is said by the first update', async () => {
    const handler = createNodeRelay({ applicationId: '' });
    expect(console.error).not.toHaveBeenCalled();
    expect((await post(handler)).status).toBe(503);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(
      'utmost: createNodeRelay has no applicationId; set it on this server. Until then updates are answered 503.',
    );
  });

  it('is 500 for what is no Node response, or is told on the console', async () => {
    await relay()(new Request(SITE) as never, undefined as never);
    expect(console.error).toHaveBeenCalledWith(
      expect.stringMatching(/elsewhere use createRelay of utmost\/relay/),
    );
  });

  it('hides what has failed', async () => {
    const listener: RequestListener = (request, response) =>
      void relay()(Object.defineProperty(request, 'headers', { value: null }), response);
    expect(await post(listener)).toMatchObject({
      status: 500,
      body: '{"error":"The relay has failed; see the console of the server."}',
    });
  });
});

it('options are checked as those of createRelay', () => {
  expect(() => createNodeRelay({ timeout: 0 })).toThrow(/timeout must be a positive number/);
  expect(() => createNodeRelay({ applicationID: 'x' } as never)).toThrow(/no option of createNodeRelay/);
});

describe('a visitor who goes', () => {
  /** Posts over a bare connection, and ends it after so many bytes of the body. */
  async function leaveAfter(
    length: number,
    handler: (request: IncomingMessage, done: Promise<void>) => void,
  ) {
    const server = await listen(
      createServer((request, response) => handler(request, relay()(request, response))),
    );
    const { port } = new URL(server.url);
    const socket = createConnection(Number(port), '127.0.0.1');
    const head = Object.entries({ ...HEADERS, 'Content-Length': Buffer.byteLength(ada), Host: 'x' });
    const lines = ['POST /t/v1/users HTTP/1.1', ...head.map(([name, value]) => `${name}: ${value}`), '', ''];
    socket.write(lines.join('\r\n'));
    socket.write(Buffer.from(ada).subarray(0, length));
    return { socket, server };
  }

  it('after the body loses no update, whatever becomes of the answer', async () => {
    let answerUpstream = () => {};
    api.rule = response => {
      answerUpstream = () => respond(201)(response, {} as never);
    };
    let closed: Promise<unknown> | undefined;
    let done: Promise<void> | undefined;
    const { socket, server } = await leaveAfter(Infinity, (request, handled) => {
      closed = new Promise(resolve => request.socket.once('close', resolve));
      done = handled;
    });
    await expect.poll(() => api.got).toMatchObject([{ body: { user_id: 'ada', ip_address: '127.0.0.1' } }]);
    socket.destroy();
    await closed;
    answerUpstream();
    await expect(done).resolves.toBeUndefined();
    expect(console.error).not.toHaveBeenCalled();
    await server.close();
  });

  it('within the body ends the request at once, and nothing is sent on', async () => {
    let done: Promise<void> | undefined;
    const { socket, server } = await leaveAfter(5, (_, handled) => {
      done = handled;
    });
    await expect.poll(() => !!done).toBe(true);
    socket.destroy();
    const began = performance.now();
    await expect(done).resolves.toBeUndefined();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(api.got).toEqual([]);
    await server.close();
  });
});

describe('HTTP/2', () => {
  it('is served alike, with the address of the connection', async () => {
    const handler = relay();
    const server = createHttp2Server((request, response) => void handler(request, response));
    const { url, close } = await listenHttp2(server);
    const session = connect(url);
    expect(await post2(session, { origin: url, 'content-type': 'text/plain' })).toEqual([201, '{}']);
    expect(await post2(session, { origin: SITE, 'content-type': 'text/plain' })).toMatchObject([
      403,
      expect.stringMatching(/allowedOrigins/),
    ]);
    expect(api.got).toMatchObject([{ body: { user_id: 'ada', ip_address: '127.0.0.1' } }]);
    session.close();
    await close();
  });

  async function listenHttp2(server: ReturnType<typeof createHttp2Server>) {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const close = () => new Promise<void>(resolve => server.close(() => resolve()));
    return { url: `http://127.0.0.1:${port}`, close };
  }

  async function post2(session: ClientHttp2Session, headers: Record<string, string>) {
    const stream = session.request({ ':method': 'POST', ':path': '/t/v1/users', ...headers });
    const status = new Promise(resolve => stream.once('response', head => resolve(head[':status'])));
    stream.end(ada);
    return [await status, await text(stream)];
  }
});
