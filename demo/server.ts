import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { createRelay } from 'utmost/relay';
import { readVisitor } from 'utmost/server';
import { createCollector } from './collector/app.ts';
import type { Change } from './collector/database/change-payload.ts';
import type { Database } from './collector/database/database.ts';
import { startMonths } from './collector/database/months.ts';
import { openDatabase, partitionsOf } from './collector/database/open-database.ts';
import { startRetention } from './collector/database/retention.ts';
import { Writer } from './collector/database/writer.ts';
import { HttpError } from './collector/http-error.ts';
import { openQueue, type Queue, type QueueOptions } from './collector/queue/queue.ts';
import { Access } from './collector/routes/access.ts';
import { EventStream } from './collector/routes/event-stream.ts';
import { followOthers } from './follow-others.ts';
import { startHttp } from './http-server.ts';
import { createPages, showNotFound } from './pages.ts';
import { createReload } from './reload.ts';
import { createSignIn } from './sign-in.ts';
import { createUserComStandIn } from './user-com.ts';
import { visitorAddress } from './visitor-address.ts';

/** The key that User.com would give a site; here it protects nothing. */
const USER_COM_TOKEN = 'demo'.repeat(16);

/** The options of the demo. */
export interface DemoOptions {
  /** The port on 127.0.0.1. Default: 0, any free one. */
  port?: number;
  /** The folder that keeps the collector's data; one demo at a time may have it. Default: kept in memory. */
  dataDir?: string;
  /** A file as which a database in memory begins, see `PGliteOptions`. */
  image?: string | undefined;
  /** `postgres://…`: a PostgreSQL server that keeps the collector's data instead. */
  databaseUrl?: string | undefined;
  /** The server's own address, where `databaseUrl` is that of a pooler. Default: `databaseUrl`. */
  listenUrl?: string | undefined;
  /** A streaming replica that is read from. Default: `databaseUrl`. */
  readUrl?: string | undefined;
  /** The number of parts that tables are divided into by a hash. Default: 4 on a server, else 1; see `DatabaseOptions`. */
  partitions?: number | undefined;
  /** A queue before the database. Default: none. */
  queue?: QueueOptions | undefined;
  /** The applications that may send to the collector. Default: every one with an id. */
  applicationIds?: readonly string[] | undefined;
  /** The secret for reading what the collector has stored. Default: a random one. */
  readToken?: string | undefined;
  /** Host names by which the demo is reached besides those of this machine, as behind a proxy. Default: none. */
  hosts?: readonly string[] | undefined;
  /** The number of proxies before the demo, whose `X-Forwarded-For` tells the visitor's address. Default: 0. */
  trustProxy?: number | undefined;
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
  // The port before the folder: a second demo must fail before it opens a database that the first one has open.
  const server = await startHttp(options.port ?? 0);
  const { port } = server;
  const { databaseUrl: url, listenUrl } = options;
  const { database, queue } = await openStores(options).catch(async error => {
    await server.stop();
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
  const endMonths = startMonths(database, { partitions: partitionsOf({ ...options, url }) });
  const events = new EventStream();
  const feed = url
    ? followOthers({ url: listenUrl ?? url, database, writer, events, readToken: options.readToken })
    : undefined;
  const publish = feed && ((change: Change) => feed.publish(change));
  const parts = { database, queue, writer, events, publish, collector, collectorFor, readToken };
  const demo = createDemo({ ...options, ...parts });
  server.serve(options.reload ? createReload().route('/', demo) : demo);

  let closed: Promise<void> | undefined;
  return {
    port,
    origin,
    collector,
    readToken,
    dashboard: `${origin}/dashboard/?${new URLSearchParams({ token: readToken })}`,
    url: path => new URL(path, origin).href,
    close: () => {
      closed ??= server
        .stop()
        .then(endRetention)
        .then(endMonths)
        .then(() => feed?.close())
        .then(() => queue?.close())
        .then(() => database.close());
      return closed;
    },
  };
}

/** Opens the queue, where there is one, and the database. */
async function openStores({
  dataDir: folder,
  databaseUrl: url,
  queue: queueOptions,
  ...options
}: DemoOptions) {
  const queue = queueOptions && (await openQueue(queueOptions));
  try {
    return { queue, database: await openDatabase({ ...options, folder, url }) };
  } catch (error) {
    await queue?.close();
    throw error;
  }
}

interface DemoParts extends Pick<DemoOptions, 'applicationIds' | 'hosts' | 'trustProxy' | 'strictTypes'> {
  database: Database;
  queue: Queue | undefined;
  writer: Writer;
  events: EventStream;
  publish: ((change: Change) => void) | undefined;
  collector: string;
  collectorFor(requestHost: string): string;
  readToken: string;
}

function createDemo({ collector, collectorFor, trustProxy = 0, ...options }: DemoParts): Hono {
  const { applicationIds } = options;
  const access = new Access(options);
  const addressOf = (c: Context) => visitorAddress(c, trustProxy);
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
