import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toOutcome } from '../../src/delivery/outcome.ts';
import { APPLICATION_ID, errorOf, openServer, poster, type Rule, respond, TOKEN } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
});

const post = (rule: Rule, options = {}) => {
  api.rule = rule;
  return poster({ applicationId: APPLICATION_ID, upstream: api.url, timeout: 5000, ...options })(
    '/v1/users',
    {
      body: { user_id: 'ada' },
    },
  );
};
const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const PLAIN = { 'Content-Type': 'text/plain' };

describe('an answer whose body never ends', () => {
  /** Writes as fast as it is read, and counts. */
  function endless(status: number, headers: Record<string, string>, chunk: Buffer | string) {
    const seen = { bytes: 0, isClosed: false };
    const rule: Rule = response => {
      response.writeHead(status, headers);
      const write = () => {
        while (!seen.isClosed) {
          seen.bytes += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
      };
      response.once('close', () => {
        seen.isClosed = true;
      });
      write();
    };
    return { seen, rule };
  }

  it.each([
    [201, JSON_TYPE, '{', 201],
    [200, {}, ' ', 200],
    [201, HTML, 'ok', 201],
    [200, HTML, '<', 502],
    [200, HTML, ' ', 502],
    [404, JSON_TYPE, '{', 404],
    [404, PLAIN, 'no', 503],
    [400, PLAIN, 'no', 400],
    [503, HTML, '<', 503],
    [302, { ...HTML, Location: '/login' }, '<', 502],
  ])(
    '%i %j of %j is answered %i at once, and is given up after some KB',
    async (status, headers, text, expected) => {
      const { seen, rule } = endless(status, headers, text.repeat(65_536));
      const begin = performance.now();
      expect((await post(rule)).status).toBe(expected);
      expect(performance.now() - begin).toBeLessThan(2500);
      await expect.poll(() => seen.isClosed, { timeout: 2500 }).toBe(true);
      // What is on its way in the buffers of both ends, and no more.
      expect(seen.bytes).toBeLessThan(16 * 2 ** 20);
    },
  );

  it('takes no memory while there is time for it, however many there are', async () => {
    const memory = () => {
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      return arrayBuffers + heapUsed;
    };
    const before = memory();
    const all = Array.from({ length: 20 }, () => endless(201, {}, Buffer.alloc(65_536)));
    const rules = all.map(({ rule }) => rule);
    await Promise.all(all.map(() => post((response, got) => rules.pop()?.(response, got))));
    await delay(1000);
    expect(memory() - before).toBeLessThan(100 * 2 ** 20);
  });

  it.each([
    ['drips', (response: ServerResponse) => void response.write('{')],
    ['says nothing after its headers', () => {}],
    ['breaks off', (response: ServerResponse) => void setTimeout(() => response.socket?.destroy(), 50)],
  ])('is not waited for where it %s', async (_, go) => {
    const begin = performance.now();
    const response = await post(response => {
      response.writeHead(201, JSON_TYPE).flushHeaders();
      go(response);
    });
    expect(response.status).toBe(201);
    expect(performance.now() - begin).toBeLessThan(2500);
  });

  it('is waited for in its first bytes alone, and only for as long as a request may take', async () => {
    const silent: Rule = response => response.writeHead(200, HTML).flushHeaders();
    const response = await post(silent, { timeout: 200 });
    expect([response.status, await errorOf(response)]).toEqual([
      503,
      'The Users API did not answer in time; send it again.',
    ]);
  });
});

it('a connection serves again where the answer is a short one', async () => {
  const sockets = new Set<unknown>();
  const keep: Rule = response => {
    sockets.add(response.socket);
    response.writeHead(201, JSON_TYPE).end(`{"x":"${'x'.repeat(1000)}"}`);
  };
  for (let index = 0; index < 5; index++) {
    expect((await post(keep)).status).toBe(201);
    await delay(20);
  }
  expect(sockets.size).toBe(1);
});

describe('2xx', () => {
  it.each([
    ['nothing', HTML, ''],
    ['nothing but blanks', HTML, ' \r\n'],
    ['a word', HTML, 'ok'],
    ['JSON', HTML, '\ufeff {"a":"<b>"}'],
    ['a list', { 'Content-Type': 'application/xhtml+xml' }, '[]'],
    ['JSON of that type', JSON_TYPE, '{}'],
    ['a plain text that begins like a document', PLAIN, '<ok>'],
    ['XML', { 'Content-Type': 'application/xml' }, '<ok/>'],
    ['something without a type', {}, '1'],
  ])('with %s is a success', async (_, headers, body) => {
    expect((await post(respond(201, headers, body))).status).toBe(201);
  });

  it.each([
    ['text/html', '<!doctype html><title>Log in</title>'],
    ['TEXT/HTML;charset=utf-8', '\n\n\t <HTML>'],
    ['text/html', '\ufeff<!-- offline -->'],
    ['application/xhtml+xml', '<?xml version="1.0"?><html/>'],
  ])('with a document, %s %j, is nobody’s word: 502, and the page keeps its update', async (type, body) => {
    for (const status of [200, 201, 202]) {
      const response = await post(respond(status, { 'Content-Type': type }, body));
      expect([response.status, await errorOf(response)]).toEqual([
        502,
        'The Users API answered with an HTML document in place of an answer; check its address.',
      ]);
    }
  });

  it.each<[string, Record<string, string>, Buffer]>([
    ['compressed', { 'Content-Encoding': 'gzip' }, gzipSync('<!doctype html>')],
    ['in UTF-16', {}, Buffer.from('\ufeff <html>', 'utf16le')],
  ])('with a document that is %s, too', async (_, headers, body) => {
    const rule: Rule = response => response.writeHead(200, { ...HTML, ...headers }).end(body);
    expect((await post(rule)).status).toBe(502);
  });

  it.each([3000, 9000])('with a document below %i blank lines, too', async lines => {
    expect((await post(respond(200, HTML, `${'\n'.repeat(lines)}<p>`))).status).toBe(502);
  });

  it('with a document that comes in pieces, too', async () => {
    const rule: Rule = async response => {
      response.writeHead(200, HTML).write('\n');
      await delay(50);
      response.end('<html>');
    };
    expect((await post(rule)).status).toBe(502);
  });
});

describe('a 4xx that is not the API’s word is 503, and the page keeps its update:', () => {
  const statusOf = async (status: number, headers: Record<string, string>, body: string) => {
    const response = await post(respond(status, headers, body));
    const sentence = await errorOf(response);
    if (response.status === 503)
      expect(sentence).toBe(`The Users API answered with ${status}, but not in JSON; check its address.`);
    else expect(sentence).toBe(`The Users API answered ${status}; check the update.`);
    expect(toOutcome(response.status, null, 0, false, '{'.charCodeAt(0)).status).toBe(
      response.status === 503 ? 'queued' : 'dropped',
    );
    return response.status;
  };

  it.each([403, 404, 405, 406, 409, 410, 418, 451])('%i, unless it is JSON', async status => {
    expect(await statusOf(status, HTML, '<h1>Not here</h1>')).toBe(503);
    expect(await statusOf(status, HTML, '')).toBe(503);
    expect(await statusOf(status, PLAIN, `${status} page not found`)).toBe(503);
    expect(await statusOf(status, {}, '')).toBe(503);
    expect(await statusOf(status, { ...JSON_TYPE, 'Content-Length': '0' }, '')).toBe(503);

    expect(await statusOf(status, JSON_TYPE, '{"error":"no"}')).toBe(status);
    expect(await statusOf(status, { 'Content-Type': 'application/problem+json' }, '{}')).toBe(status);
    expect(await statusOf(status, HTML, ' [{"error":"no"}]')).toBe(status);
    expect(await statusOf(status, {}, '{"error":"no"}')).toBe(status);
  });

  it.each([400, 413, 422])('%i, where it is a document', async status => {
    expect(await statusOf(status, HTML, '\n<h1>Blocked</h1>')).toBe(503);
    expect(await statusOf(status, HTML, 'no such field')).toBe(status);
    expect(await statusOf(status, PLAIN, '<nothing>')).toBe(status);
    expect(await statusOf(status, {}, '')).toBe(status);
    expect(await statusOf(status, JSON_TYPE, '{}')).toBe(status);
  });

  it.each([401, 402, 408, 429, 500, 502, 503])('but %i says the same in any words', async status => {
    for (const headers of [HTML, PLAIN, JSON_TYPE]) {
      const response = await post(respond(status, { ...headers, 'Retry-After': '5' }, '<h1>Later</h1>'));
      expect([response.status, response.headers.get('Retry-After')]).toEqual([status, '5']);
    }
  });
});

describe('User.com', () => {
  it('is asked to create nobody by a 404 of something else', async () => {
    const userCom = { baseUrl: api.url, token: TOKEN, createMissing: true };
    const options = { applicationId: undefined, userCom };
    expect((await post(respond(404, HTML, '<h1>Not here</h1>'), options)).status).toBe(503);
    expect(api.got.map(({ method }) => method)).toEqual(['PUT']);
    expect((await post(respond(200, HTML, '<h1>Log in</h1>'), options)).status).toBe(502);
  });
});

describe('Retry-After', () => {
  it.each([
    '0x10',
    '1e3',
    '+5',
    '-5',
    '1.5',
    '50000.5',
    '0b11',
    '5s',
    'soon',
    '2099-01-01T00:00:00Z',
    '5.5.2099',
  ])('%s is neither seconds nor an HTTP date, and says nothing', async header => {
    const response = await post(respond(429, { 'Retry-After': header }));
    expect([response.status, response.headers.get('Retry-After')]).toEqual([429, null]);
  });
});
