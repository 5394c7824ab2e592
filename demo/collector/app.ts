import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import type { Change } from './database/change-payload.ts';
import { type Database, isUnreachable } from './database/database.ts';
import { Writer } from './database/writer.ts';
import { HttpError, ItemError } from './http-error.ts';
import type { Queue } from './queue/queue.ts';
import { Access, type AccessOptions } from './routes/access.ts';
import { createConversionRoutes } from './routes/conversions.ts';
import { createCsvRoutes } from './routes/csv.ts';
import { EventStream } from './routes/event-stream.ts';
import { createIngestRoutes } from './routes/ingest.ts';
import { createPersonRoutes } from './routes/person.ts';
import { createQueryRoutes } from './routes/query.ts';
import { createQueueRoutes } from './routes/queued.ts';
import { checkAccept } from './routes/request.ts';

/** The dependencies and options of the collector. */
export interface CollectorOptions extends AccessOptions {
  /** Keeps the data. A process that only takes in what a queue holds has none, and nothing can be read there. */
  database?: Database | undefined;
  /**
   * Holds what arrives until it is written, which a process with a database begins to do. Default: none, and an answer
   * tells what was written.
   */
  queue?: Queue | undefined;
  /** Writes to the database. Default: one of the collector's own. */
  writer?: Writer | undefined;
  /** Notifies open dashboards. Default: a stream of the collector's own. */
  events?: EventStream | undefined;
  /** Called with each change. It has to bring it to `events`, and maybe to those of others. Default: it does the first. */
  publish?: ((change: Change) => void) | undefined;
  /** The applications that may send. Default: every one with an id. */
  applicationIds?: readonly string[] | undefined;
  /**
   * Whether a key of metadata with another type than before refuses its request with a 400. Default: false, the key is
   * left out, and the answer names it.
   */
  strictTypes?: boolean | undefined;
  /** The visitor's address, where the server knows it. */
  addressOf?: (c: Context) => string | undefined;
}

/** What a browser may do with an answer that tells of people: show or save it, and nothing besides. */
const HEADERS = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  xFrameOptions: 'DENY',
  // Whether the collector is reached by TLS is for the proxy before it to know.
  strictTransportSecurity: false,
});

/** Seconds after which a sender may retry. */
const RETRY_AFTER = '1';

/** The paths that tell what is stored. */
const READING = [
  '/profiles',
  '/profile',
  '/timeline',
  '/companies',
  '/campaigns',
  '/trend',
  '/profiles.csv',
  '/campaigns.csv',
  '/conversions',
  '/export',
  '/events',
];
/** Those of them that answer something else than JSON. */
const NO_JSON = ['/conversions', '/events', '/profiles.csv', '/campaigns.csv'];
/** Those of them whose answer is written on and on. */
const STREAMED = ['/events', '/export', '/profiles.csv'];

/**
 * Creates the collector: the Users API (`POST /v1/…`), and the routes by which the dashboard reads what it
 * stored. Those need the `readToken`.
 */
export function createCollector({
  database,
  applicationIds,
  strictTypes,
  addressOf,
  queue,
  events = new EventStream(),
  publish = change => events.publish(change),
  ...options
}: CollectorOptions): Hono {
  const app = new Hono();
  const access = new Access(options);
  const writer = options.writer ?? (database && new Writer(database));
  const ingestRoutes = createIngestRoutes({
    writer,
    enqueue: queue?.entrance.enqueue,
    applicationIds: applicationIds && new Set(applicationIds),
    addressOf,
    strictTypes,
    publish,
  });

  // Only the ingest routes are open to other origins: a site you visit has no business reading the profiles.
  const preflight = cors({
    origin: '*',
    allowMethods: ['POST', 'GET'],
    allowHeaders: ['Content-Type', 'X-Moesif-Application-Id', 'X-Moesif-SDK'],
    exposeHeaders: ['Retry-After'],
    maxAge: 600,
  });
  app.use('/v1/*', async (c, next) => {
    if (c.req.method === 'OPTIONS') return preflight(c, next);
    // Who may delete needs no page of another origin for it.
    if (c.req.method === 'DELETE') return access.guard(c, next);
    // Not by `cors`, which sets them on a response of its own, into which the answer's body is then streamed.
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Access-Control-Expose-Headers', 'Retry-After');
    return next();
  });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        c.json({ error: `${c.req.method} is not allowed here.` }, 405, { Allow: methods.join(', ') }),
    }),
  );
  protect(app, access);
  answerErrors(app);
  app.notFound(c => c.json({ error: 'There is nothing at this address.' }, 404));
  app.route('/', ingestRoutes);
  if (queue) app.route('/', createQueueRoutes(queue, database));
  if (!database || !writer) return app;
  queue?.work({ database, writer, publish });
  return app
    .get('/events', () => events.stream())
    .route('/', createQueryRoutes(database))
    .route('/', createCsvRoutes(database))
    .route('/', createPersonRoutes({ database, writer, publish }))
    .route('/', createConversionRoutes(database));
}

/** Lets only readers read, and answers JSON only to those who take it. */
function protect(app: Hono, access: Access): void {
  for (const path of READING) app.use(path, HEADERS, access.guard);
  for (const path of STREAMED) {
    // Nobody would ever read the stream that is the body.
    app.use(path, async (c, next) => (c.req.method === 'HEAD' ? c.body(null) : next()));
  }
  for (const path of ['/v1/*', ...READING.filter(path => !NO_JSON.includes(path))]) {
    app.use(path, async (c, next) => {
      checkAccept(c);
      await next();
    });
  }
}

function answerErrors(app: Hono): void {
  app.onError((error, c) => {
    if (error instanceof HttpError) return c.json(toBody(error), error.status, headersOf(error.status));
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    if (isUnreachable(error)) {
      return c.json({ error: 'The database can not be reached. Try again.' }, 503, headersOf(503));
    }
    console.error(error);
    return c.json({ error: 'The collector failed. See its output for the error.' }, 500);
  });
}

function toBody(error: HttpError): object {
  return {
    error: error.message,
    ...(error instanceof ItemError && { index: error.index }),
    ...(error.field !== undefined && { field: error.field }),
  };
}

function headersOf(status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer realm="utmost collector"' };
  return status === 503 ? { 'Retry-After': RETRY_AFTER } : {};
}
