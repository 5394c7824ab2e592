import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { createRelay } from 'utmost/relay';
import { readVisitor } from 'utmost/server';
import { createCollector } from './collector/app.ts';
import type { Database } from './collector/database/database.ts';
import { openDatabase } from './collector/database/open-database.ts';
import { createPages } from './pages.ts';
import { createReload } from './reload.ts';
import { createUserComStandIn } from './user-com.ts';

/** The key that User.com would give a site; here it protects nothing. */
const USER_COM_TOKEN = 'demo'.repeat(16);

/** The options of the demo. */
export interface DemoOptions {
  /** The port on 127.0.0.1. Default: 0, any free one. */
  port?: number;
  /** The folder that keeps the collector's data; one demo at a time may have it. Default: kept in memory. */
  dataDir?: string;
  /** `postgres://…`: a PostgreSQL server that keeps the collector's data instead. */
  databaseUrl?: string | undefined;
  /** The applications that may send to the collector. Default: every one with an id. */
  applicationIds?: readonly string[] | undefined;
  /** Whether a key of metadata of a wrong type refuses its update. Default: false, the key alone is left out. */
  strictTypes?: boolean;
  /** Is told in a sentence when the database of the folder can't go on: its disk is full, or it has crashed. */
  onFailure?: (sentence: string) => void;
  /** Whether open pages load again when one of their files changes. Default: false. */
  reload?: boolean;
  /**
   * The address that a page gives to utmost as its host, by the host name of the page. Default:
   * `http://127.0.0.1:<port>`. The pages are read at localhost, so this is another origin. The browser's
   * network panel then shows the way to a real collector, CORS preflight and all.
   */
  collectorOrigin?: (requestHost: string, port: number) => string;
}

/** The running demo. */
export interface Demo {
  port: number;
  /** The origin of the pages, `http://localhost:<port>`. */
  origin: string;
  /** The origin of the collector, `http://127.0.0.1:<port>`. */
  collector: string;
  /** The address of a page by its path. */
  url(path: string): string;
  /** Ends open connections at once, event streams too, and closes the database. */
  close(): Promise<void>;
}

/**
 * Starts site, app, dashboard, collector, relay and a stand-in for User.com on one port. Rejects with Node's
 * error if the port can't be had.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  let serve: (app: Hono) => void = () => {};
  const ready = new Promise<Hono>(resolve => {
    serve = resolve;
  });
  const server = createServer(getRequestListener(async (request, env) => (await ready).fetch(request, env)));

  // The port before the folder: a second demo must fail before it opens a database that the first one has open.
  const port = await listen(server, options.port ?? 0);
  const { dataDir: folder, databaseUrl: url, onFailure } = options;
  const database = await openDatabase({ folder, url, onFailure }).catch(async error => {
    await stop(server);
    throw error;
  });

  const collector = `http://127.0.0.1:${port}`;
  const origin = `http://localhost:${port}`;
  const collectorFor = (host: string) => options.collectorOrigin?.(host, port) ?? collector;
  const demo = createDemo(database, collector, collectorFor, options);
  serve(options.reload ? createReload().route('/', demo) : demo);

  let closed: Promise<void> | undefined;
  return {
    port,
    origin,
    collector,
    url: path => new URL(path, origin).href,
    close: () => {
      closed ??= stop(server).then(() => database.close());
      return closed;
    },
  };
}

function createDemo(
  database: Database,
  collector: string,
  collectorFor: (requestHost: string) => string,
  { applicationIds, strictTypes }: DemoOptions,
): Hono {
  const addressOf = (c: Context) => getConnInfo(c).remote.address;
  // As a site would have it: on its own origin, with what is behind it known to the server alone.
  const relay = createRelay({
    applicationId: applicationIds?.[0] ?? 'demo',
    upstream: collector,
    renew: true,
    addChannel: true,
    userCom: { baseUrl: collector, token: USER_COM_TOKEN, createMissing: true },
  });
  return (
    new Hono()
      // What a sign-up handler finds in its request: here the app shows it.
      .get('/app/visitor', c => c.json(readVisitor(c.req.header('Cookie'))))
      .all('/t/*', c => relay(c.req.raw, { address: addressOf(c) }))
      .route('/', createUserComStandIn(USER_COM_TOKEN))
      .route('/', createCollector({ database, applicationIds, strictTypes, addressOf }))
      .route('/', createPages(collectorFor))
      .notFound(c => c.json({ error: 'There is nothing at this address.' }, 404))
  );
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Loopback only: profiles are personal data, and nothing here asks who is reading.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
