import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll } from 'vitest';
import { createCollector } from '../../../demo/collector/app.ts';
import { READ_TOKEN, type useCollector } from './use-collector.ts';

/** The header of a packed body. */
export const GZIP = { 'Content-Encoding': 'gzip' };

/** Makes so many items. */
export const times = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Serves a collector for all tests of a file, so that bodies arrive and are held as they would be. */
export function serve(collector: ReturnType<typeof useCollector>) {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    const { fetch } = createCollector({ database: collector.database, readToken: READ_TOKEN });
    server = createServer(getRequestListener(fetch));
    // On a busy machine a request may come just when the server gives up its idle connection.
    server.keepAliveTimeout = 0;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  /** Sends a body, and reads the answer. */
  const post = async (path: string, body: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(origin + path, {
      method: 'POST',
      headers: { 'X-Moesif-Application-Id': 'bounded', ...headers },
      body: body as string,
    });
    return { status: response.status, body: await response.text() };
  };
  return {
    post,
    /** Sends bodies side by side. Each begins in a turn of its own: their sender's work must not count as the server's. */
    postAll: async (path: string, bodies: readonly (string | Buffer)[], headers?: Record<string, string>) => {
      const answers: ReturnType<typeof post>[] = [];
      for (const body of bodies) {
        answers.push(post(path, body, headers));
        await new Promise(setImmediate);
      }
      return Promise.all(answers);
    },
  };
}
