import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaptureEvent } from '../src/capture/types.ts';
import { type BrowserPool, openBrowserPool, WARM_UP } from './engines/browser-pool.ts';
import type { Browser, Tab } from './engines/engine.ts';
import { ENGINES } from './engines/engines.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let server: Server;
let port: number;
let pool: BrowserPool;
/** Events that came, oldest first, and the paths of all posts. */
let events: CaptureEvent[] = [];
let posts: string[] = [];

/** Answers to calls of the page, by path: `/api/…`. Others get none. */
const ANSWERS: Record<string, [status: number, body: string]> = {
  '/api/json': [200, '{"id":7,"token":"secret"}'],
  '/api/fails': [503, '{"error":true}'],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    let text = '';
    request.on('data', chunk => {
      text += chunk;
    });
    request.on('end', () => {
      if (pathname.startsWith('/t/v1/')) {
        posts.push(pathname);
        if (pathname.includes('/events')) events.push(...[JSON.parse(text)].flat());
        response.writeHead(201).end();
      } else if (pathname.endsWith('.js')) {
        response.setHeader('content-type', 'text/javascript');
        response.end(readFileSync(`${root}dist${pathname}`));
      } else if (pathname === '/api/endless') {
        response.setHeader('content-type', 'text/plain');
        const chunk = 'x'.repeat(65_536);
        const pump = () => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', pump);
        };
        pump();
      } else if (pathname === '/api/echo') {
        response.setHeader('content-type', request.headers['content-type'] ?? 'text/plain');
        response.end(text);
      } else if (pathname.startsWith('/api/')) {
        const [status, body] = ANSWERS[pathname] ?? [];
        if (status) response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      } else
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(
            `<!doctype html><script src="/utmost.full.min.js"></script>${
              pathname === '/alone' ? '' : '<script src="/utmost.capture.min.js"></script>'
            }`,
          );
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  pool = openBrowserPool(port);
  await pool.warmUp(ENGINES);
}, WARM_UP);
afterAll(async () => {
  await pool.close();
  server.closeAllConnections();
  server.close();
});

/** Waits for events, and returns them. */
const until = async (count: number) => {
  await expect.poll(() => events.length, { timeout: 8000 }).toBeGreaterThanOrEqual(count);
  return events;
};
const capture = (event: CaptureEvent | undefined) => event?.metadata?._capture as Record<string, unknown>;

for (const engine of ENGINES.filter(({ isFound }) => isFound()))
  describe(engine.name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await pool.share(engine, 'profile');
    });

    /** Opens a page that records, and runs an expression in it. */
    async function run(
      expression: string,
      { start = 'utmostCapture({ batchMaxTime: 50 })', init = '', path = '/' } = {},
    ) {
      const tab = await browser.newPage();
      await tab.goto(`http://localhost:${port}${path}`);
      await tab.evaluate(
        'new Promise(resolve => { const look = () => window.utmost ? resolve(1) : setTimeout(look, 10); look(); })',
      );
      events = [];
      posts = [];
      const result = await tab.evaluate(`(async () => {
        window.unhandled = [];
        addEventListener('unhandledrejection', event => unhandled.push(String(event.reason)));
        utmost.init({ relay: '/t', ${init} });
        window.capture = ${start};
        return await (${expression})();
      })()`);
      return { tab, result };
    }
    const close = (tab: Tab) => tab.close();

    test('start() of utmost/full loads the add-on from beside its script', async () => {
      const { tab, result } = await run(
        `async () => {
          while (!window.utmostCapture) await new Promise(resolve => setTimeout(resolve, 10));
          await new Promise(resolve => setTimeout(resolve, 50));
          await fetch('/api/json');
          return [capture, utmost.start()];
        }`,
        { start: 'utmost.start()', path: '/alone' },
      );
      expect(result).toEqual([true, false]);
      const [event] = await until(1);
      expect(event?.request.uri).toMatch(/\/api\/json$/);
      await close(tab);
    });

    test('a call of fetch and one of XMLHttpRequest are recorded with their bodies, and secrets redacted', async () => {
      const { tab, result } = await run(`async () => {
        const body = JSON.stringify({ name: 'Rex', password: 'p' });
        const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer 1' };
        const request = new Request('/api/echo?token=t', { method: 'POST', body, headers });
        const first = await (await fetch(request)).json();
        const second = await new Promise(resolve => {
          const xhr = new XMLHttpRequest();
          xhr.open('POST', new URL('/api/echo', location.href));
          xhr.setRequestHeader('Content-Type', 'application/json');
          xhr.onload = () => resolve(JSON.parse(xhr.responseText));
          xhr.send(body);
        });
        return [first.name, second.name, unhandled];
      }`);
      expect(result).toEqual(['Rex', 'Rex', []]);
      const recorded = [...(await until(2))].sort((a, b) =>
        `${capture(a).kind}` < `${capture(b).kind}` ? -1 : 1,
      );
      for (const event of recorded) {
        expect(event.request).toMatchObject({ verb: 'POST', body: { name: 'Rex', password: '_redacted_' } });
        expect(event.response).toMatchObject({ status: 200, body: { name: 'Rex', password: '_redacted_' } });
        expect(event.anonymous_id).toMatch(/^[\da-f-]{36}$/);
      }
      expect(recorded.map(event => capture(event).kind)).toEqual(['fetch', 'xhr']);
      expect(recorded[0]?.request.uri).toBe(`http://localhost:${port}/api/echo?token=_redacted_`);
      expect(recorded[0]?.request.headers.authorization).toBe('_redacted_');
      await close(tab);
    });

    test('own requests are not recorded, and the page’s next call is', async () => {
      const { tab } = await run(`async () => {
        await utmost.identifyUser('u1');
        await utmost.flush();
        await fetch('/api/json');
      }`);
      await until(1);
      expect(posts).toContain('/t/v1/users');
      expect(events.map(({ request }) => new URL(request.uri).pathname)).toEqual(['/api/json']);
      await close(tab);
    });

    test('an endless answer is the page’s alone past the limit', async () => {
      const { tab, result } = await run(`async () => {
        const response = await fetch('/api/endless');
        const reader = response.body.getReader();
        let bytes = 0;
        while (bytes < 30e6) bytes += (await reader.read()).value.length;
        await reader.cancel();
        return bytes;
      }`);
      expect(result).toBeGreaterThan(29e6);
      await until(1);
      expect(capture(events[0]).truncated).toEqual(['response.body']);
      expect(`${events[0]?.response?.body}`.length).toBeLessThan(140_000);
      await close(tab);
    });

    test.each(['json', 'arraybuffer', 'blob', 'document'])(
      'an XMLHttpRequest of responseType %s is no error in the page',
      async type => {
        const { tab, result } = await run(`() => new Promise(resolve => {
          window.onerror = message => resolve(message);
          const xhr = new XMLHttpRequest();
          xhr.open('GET', './api/json');
          xhr.responseType = '${type}';
          xhr.onloadend = () => setTimeout(() => resolve(xhr.status), 20);
          xhr.send();
        })`);
        expect(result).toBe(200);
        await until(1);
        const { response } = events[0] ?? {};
        expect([response?.status, response?.body]).toEqual([
          200,
          type === 'json' ? { id: 7, token: '_redacted_' } : undefined,
        ]);
        await close(tab);
      },
    );

    test('a request that its own handler aborts once it is done has its status and body', async () => {
      const { tab } = await run(`() => new Promise(resolve => {
        const xhr = new XMLHttpRequest();
        xhr.onreadystatechange = () => {
          if (xhr.readyState !== 4) return;
          xhr.abort();
          resolve();
        };
        xhr.open('GET', '/api/json');
        xhr.send();
      })`);
      await until(1);
      expect(events).toHaveLength(1);
      expect(events[0]?.response).toMatchObject({ status: 200, body: { id: 7 } });
      expect(capture(events[0])).not.toHaveProperty('error');
      await close(tab);
    });

    test('aborts, timeouts and network errors of both are told, without a response', async () => {
      const { tab } = await run(`async () => {
        const end = new AbortController();
        setTimeout(() => end.abort(), 20);
        await fetch('/api/never?fetch=abort', { signal: end.signal }).catch(() => {});
        const xhr = (query, act) => new Promise(resolve => {
          const xhr = new XMLHttpRequest();
          xhr.open('GET', '/api/never?' + query);
          xhr.onloadend = resolve;
          act(xhr);
          xhr.send();
          if (query === 'xhr=abort') setTimeout(() => xhr.abort(), 20);
        });
        await xhr('xhr=abort', () => {});
        await xhr('xhr=timeout', xhr => { xhr.timeout = 30; });
        await fetch('http://localhost:1/?fetch=network').catch(() => {});
      }`);
      await until(4);
      const told = events.map(event => [
        new URL(event.request.uri).search,
        capture(event).error,
        event.response,
      ]);
      expect(told).toEqual([
        ['?fetch=abort', 'abort', undefined],
        ['?xhr=abort', 'abort', undefined],
        ['?xhr=timeout', 'timeout', undefined],
        ['?fetch=network', 'network', undefined],
      ]);
      await close(tab);
    });

    test('one object opened twice is two calls, and a synchronous one is recorded, too', async () => {
      const { tab, result } = await run(`async () => {
        const xhr = new XMLHttpRequest();
        xhr.open('GET', '/api/never');
        xhr.send();
        xhr.open('GET', '/api/fails', false);
        xhr.setRequestHeader('X-A', '1');
        xhr.setRequestHeader('x-a', '2');
        xhr.send();
        try { xhr.setRequestHeader('X-B', '1'); } catch (error) { return [xhr.status, error.name, Object.keys(xhr)]; }
      }`);
      expect(result).toEqual([503, 'InvalidStateError', []]);
      await until(2);
      expect(events.map(event => [event.response?.status, capture(event).error])).toEqual([
        [undefined, 'abort'],
        [503, undefined],
      ]);
      expect(events[1]?.request.headers['x-a']).toBe('1, 2');
      await close(tab);
    });

    test('stop below another wrapper leaves that in place, and records no more', async () => {
      const { tab, result } = await run(`async () => {
        const below = fetch;
        const theirs = (...parameters) => below(...parameters);
        window.fetch = theirs;
        const { send } = XMLHttpRequest.prototype;
        capture.stop();
        const status = (await fetch('/api/json')).status;
        return [fetch === theirs, status, XMLHttpRequest.prototype.send === send, capture.stop()];
      }`);
      expect(result).toEqual([true, 200, false, false]);
      expect(events).toEqual([]);
      await close(tab);
    });

    test('nothing is recorded before consent, and a refusal forgets what waits', async () => {
      const { tab } = await run(
        `async () => {
          await (await fetch('/api/json?1')).text();
          utmost.setConsent('granted');
          await (await fetch('/api/json?2')).text();
          await new Promise(resolve => setTimeout(resolve, 300));
          await capture.flush();
          await (await fetch('/api/json?3')).text();
          await new Promise(resolve => setTimeout(resolve, 50));
          utmost.setConsent('denied');
          await capture.flush();
          await (await fetch('/api/json?4')).text();
          await capture.flush();
          // For the tests that follow: a refusal is kept.
          utmost.setConsent('granted');
        }`,
        { init: "consent: 'pending'", start: 'utmostCapture({ batchMaxTime: 60000 })' },
      );
      expect(events.map(({ request }) => new URL(request.uri).search)).toEqual(['?2']);
      await close(tab);
    });

    test('a call is the user’s who made it, also after a logout', async () => {
      const { tab } = await run(
        `async () => {
          utmost.identifyUser('first');
          const call = fetch('/api/json');
          utmost.reset();
          utmost.identifyUser('second');
          await (await call).text();
          await new Promise(resolve => setTimeout(resolve, 300));
          await capture.flush();
        }`,
        { start: 'utmostCapture({ batchMaxTime: 60000 })' },
      );
      await until(1);
      expect(events[0]?.user_id).toBe('first');
      await close(tab);
    });

    test('other sites are not recorded, nothing is kept in storage, and what waits goes out with the page', async () => {
      const { tab, result } = await run(
        `async () => {
          await fetch('http://127.0.0.1:${port}/api/json', { mode: 'no-cors' });
          await (await fetch('/api/json')).text();
          await new Promise(resolve => setTimeout(resolve, 100));
          return JSON.stringify([{ ...localStorage }, { ...sessionStorage }]).includes('transaction_id');
        }`,
        { start: 'utmostCapture({ batchMaxTime: 60000 })' },
      );
      expect([result, events]).toEqual([false, []]);
      await tab.goto('about:blank');
      await until(1);
      expect(events.map(({ request }) => new URL(request.uri).hostname)).toEqual(['localhost']);
      await close(tab);
    });

    test('start() of utmost/full uses the add-on, its options and names', async () => {
      const { tab, result } = await run(
        `async () => {
          const started = [utmost.start(), utmost.start()];
          await fetch('/api/json?skipped');
          await (await fetch('/api/json')).text();
          utmost.recordEvent({ request: { time: new Date().toISOString(), uri: 'https://own.example/', verb: 'GET' } });
          await new Promise(resolve => setTimeout(resolve, 200));
          return [...started, utmost.stop(), utmost.stop()];
        }`,
        {
          start: 'undefined',
          init: `batchMaxTime: 50, getTags: () => 'a', skip: ({ request }) => request.uri.endsWith('skipped')`,
        },
      );
      expect(result).toEqual([true, false, true, false]);
      await until(2);
      expect(events.map(({ request, tags }) => [new URL(request.uri).pathname, tags]).sort()).toEqual([
        ['/', 'a'],
        ['/api/json', 'a'],
      ]);
      await close(tab);
    });
  });
