import { randomBytes } from 'node:crypto';
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
import { startRetention } from './collector/database/retention.ts';
import { Writer } from './collector/database/writer.ts';
import { HttpError } from './collector/http-error.ts';
import { Access } from './collector/routes/access.ts';
import { createPages, showNotFound } from './pages.ts';
import { createReload } from './reload.ts';
import { createSignIn } from './sign-in.ts';
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
  /** The secret for reading what the collector has stored. Default: a random one. */
  readToken?: string | undefined;
  /** Host names by which the demo is reached besides those of this machine, as behind a proxy. Default: none. */
  hosts?: readonly string[] | undefined;
  /** The days after which profiles not seen and entries of timelines are deleted. Default: never. */
  retentionDays?: number | undefined;
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
  /** The secret for reading. */
  readToken: string;
  /** The dashboard's address, with the secret in it: who opens it is signed in. */
  dashboard: string;
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
  const readToken = options.readToken ?? randomBytes(24).toString('base64url');
  const writer = new Writer(database);
  const endRetention =
    options.retentionDays === undefined
      ? async () => {}
      : startRetention({
          database,
          days: options.retentionDays,
          onDelete: (applicationId, keys) => writer.forget(applicationId, keys),
        });
  const demo = createDemo({ ...options, database, writer, collector, collectorFor, readToken });
  serve(options.reload ? createReload().route('/', demo) : demo);

  let closed: Promise<void> | undefined;
  return {
    port,
    origin,
    collector,
    readToken,
    dashboard: `${origin}/dashboard/?${new URLSearchParams({ token: readToken })}`,
    url: path => new URL(path, origin).href,
    close: () => {
      closed ??= stop(server)
        .then(endRetention)
        .then(() => database.close());
      return closed;
    },
  };
}

interface DemoParts extends Pick<DemoOptions, 'applicationIds' | 'hosts' | 'strictTypes'> {
  database: Database;
  writer: Writer;
  collector: string;
  collectorFor(requestHost: string): string;
  readToken: string;
}

function createDemo({ collector, collectorFor, ...options }: DemoParts): Hono {
  const { applicationIds } = options;
  const access = new Access(options);
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
      .route('/', createCollector({ ...options, addressOf }))
      .route('/', createSignIn(access))
      // Users, too, which the stand-in itself would show to everybody.
      .use('/user-com/users', access.guard)
      .route('/', createUserComStandIn(USER_COM_TOKEN))
      .route('/', createPages(collectorFor))
      .onError((error, c) => {
        if (error instanceof HttpError) return c.json({ error: error.message }, error.status);
        console.error(error);
        return c.json({ error: 'The demo failed. See its output for the error.' }, 500);
      })
      .notFound(showNotFound)
  );
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Loopback only: this is plain http, and profiles are personal data. A proxy with TLS may stand before it.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
