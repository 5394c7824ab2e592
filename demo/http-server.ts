import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

/** A server of this machine alone. */
interface HttpServer {
  port: number;
  /** Begins to answer. Requests that came before wait until then. */
  serve(app: Hono): void;
  /** Ends open connections at once, event streams too. */
  stop(): Promise<void>;
}

/** Listens on a port of 127.0.0.1, or any free one for 0. Rejects with Node's error if the port can't be had. */
export function startHttp(port: number): Promise<HttpServer> {
  let serve: (app: Hono) => void = () => {};
  const ready = new Promise<Hono>(resolve => {
    serve = resolve;
  });
  const server = createServer(getRequestListener(async (request, env) => (await ready).fetch(request, env)));
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Loopback only: this is plain http, and profiles are personal data. A proxy with TLS may stand before it.
    server.listen(port, '127.0.0.1', () =>
      resolve({ port: (server.address() as AddressInfo).port, serve, stop }),
    );
  });
}
