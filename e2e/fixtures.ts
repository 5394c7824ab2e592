import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { createBarePages, createFiles, createNotingPages, createPolicyPage } from './fixture-pages.ts';

/** A request on its way to the collector. */
export interface Posted {
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

export interface Fixtures {
  port: number;
  collector: string;
  /** The updates that were posted, oldest first. */
  posted: Posted[];
  /** The texts that pages sent by `note(text)`, oldest first. */
  notes: string[];
  /** Returns the address of a bare page, by default on www.example.test. */
  url(path: string, host?: string): string;
  /** Cuts pages off from the collector, as where it is down, or lets them reach it again. */
  cut(isCut: boolean): void;
  close(): void;
}

/**
 * Stands before the collector, records what comes, and hands it on. Where the collector is down or cut off, so is
 * this: the connection breaks off.
 */
function createRecorder(
  collector: string,
  posted: Posted[],
  isCut: () => boolean,
): Hono<{ Bindings: HttpBindings }> {
  const recorder = new Hono<{ Bindings: HttpBindings }>();
  recorder.all('/collector/*', async c => {
    const headers = c.req.header();
    const body = c.req.method === 'POST' ? await c.req.text() : null;
    try {
      if (isCut()) throw new Error('The collector is cut off.');
      const { host: _, connection: __, ...rest } = headers;
      const answer = await fetch(collector + c.req.path.replace('/collector', ''), {
        method: c.req.method,
        headers: rest,
        body,
      });
      if (body) posted.push({ headers, body: JSON.parse(body) });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    } catch {
      c.env.incoming.socket.destroy();
      return c.body(null);
    }
  });
  return recorder;
}

/**
 * Serves bare pages of any host name. `/script/…`, `/esm/…` and `/cjs/…` have utmost as that build;
 * `/plain/…` has none. `/snippet` has the loader snippet, and calls made before the script arrives, half a
 * second later. `/csp` has a Content-Security-Policy without `unsafe-inline` and `unsafe-eval`.
 */
export async function serveFixtures(behind: string): Promise<Fixtures> {
  const posted: Posted[] = [];
  const notes: string[] = [];
  let isCut = false;
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // Another origin than any page's, so that every update needs the collector's leave by a preflight.
  const collector = `http://127.0.0.1:${port}/collector`;
  const app = new Hono()
    .route(
      '/',
      createRecorder(behind, posted, () => isCut),
    )
    .route('/', createBarePages(collector))
    .route('/', createNotingPages(collector, notes))
    .route('/', createPolicyPage(collector))
    .route('/', createFiles());

  server.on('request', getRequestListener(app.fetch));
  return {
    port,
    collector,
    posted,
    notes,
    url: (path, host = 'www.example.test') => `http://${host}:${port}${path}`,
    cut(next) {
      isCut = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
