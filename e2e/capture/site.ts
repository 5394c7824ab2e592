import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { CaptureEvent } from '../../src/capture/types.ts';
import type { Browser } from '../engines/engine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Answers to calls of the page, by path: `/api/…`. Others get none. */
const ANSWERS: Record<string, [status: number, body: string]> = {
  '/api/json': [200, '{"id":7,"token":"secret"}'],
  '/api/fails': [503, '{"error":true}'],
};

/** Answers with text that never ends. */
function pour(response: ServerResponse): void {
  response.setHeader('content-type', 'text/plain');
  const chunk = 'x'.repeat(65_536);
  const pump = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pump);
  };
  pump();
}

/** Answers a page, a script, and the API that the page calls. */
function answer(request: IncomingMessage, response: ServerResponse, pathname: string, text: string): void {
  if (pathname.endsWith('.js')) {
    response.setHeader('content-type', 'text/javascript');
    response.end(readFileSync(`${root}dist${pathname}`));
  } else if (pathname === '/api/endless') pour(response);
  else if (pathname === '/api/echo') {
    response.setHeader('content-type', request.headers['content-type'] ?? 'text/plain');
    response.end(text);
  } else if (pathname.startsWith('/api/')) {
    const [status, body] = ANSWERS[pathname] ?? [];
    if (status) response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  } else {
    const addOn = pathname === '/alone' ? '' : '<script src="/utmost.capture.min.js"></script>';
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><script src="/utmost.full.min.js"></script>${addOn}`);
  }
}

/** Opens a site with a page that records, the API that it calls, and a relay at `/t` that keeps what comes. */
export async function openCaptureSite() {
  /** Events that came since the last page, oldest first, and the paths of all posts. */
  const events: CaptureEvent[] = [];
  const posts: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    let text = '';
    request.on('data', chunk => {
      text += chunk;
    });
    request.on('end', () => {
      if (!pathname.startsWith('/t/v1/')) return answer(request, response, pathname, text);
      posts.push(pathname);
      if (pathname.includes('/events')) events.push(...[JSON.parse(text)].flat());
      response.writeHead(201).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    events,
    posts,
    /** Waits for events, and returns them. */
    async until(count: number) {
      await expect.poll(() => events.length, { timeout: 8000 }).toBeGreaterThanOrEqual(count);
      return events;
    },
    /** Opens a page that records, and runs an expression in it. */
    async run(
      browser: Browser,
      expression: string,
      { start = 'utmostCapture({ batchMaxTime: 50 })', init = '', path = '/' } = {},
    ) {
      const tab = await browser.newPage();
      await tab.goto(`http://localhost:${port}${path}`);
      await tab.evaluate(
        'new Promise(resolve => { const look = () => window.utmost ? resolve(1) : setTimeout(look, 10); look(); })',
      );
      events.length = posts.length = 0;
      const result = await tab.evaluate(`(async () => {
        window.unhandled = [];
        addEventListener('unhandledrejection', event => unhandled.push(String(event.reason)));
        utmost.init({ relay: '/t', ${init} });
        window.capture = ${start};
        return await (${expression})();
      })()`);
      return { tab, result };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type CaptureSite = Awaited<ReturnType<typeof openCaptureSite>>;

/** What an event tells beside Moesif's fields. */
export const capture = (event: CaptureEvent | undefined) =>
  event?.metadata?._capture as Record<string, unknown>;
