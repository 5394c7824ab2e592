import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { type Database, isUnreachable } from './database/database.ts';
import { Writer } from './database/writer.ts';
import { HttpError, ItemError } from './http-error.ts';
import { createConversionRoutes } from './routes/conversions.ts';
import { EventStream } from './routes/event-stream.ts';
import { createIngestRoutes } from './routes/ingest.ts';
import { createQueryRoutes } from './routes/query.ts';
import { checkAccept } from './routes/request.ts';

/** The dependencies and options of the collector. */
export interface CollectorOptions {
  database: Database;
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

/** Seconds after which a sender may retry. */
const RETRY_AFTER = '1';

/**
 * Creates the collector: the Users API (`POST /v1/…`), and the routes by which the dashboard reads what it
 * stored.
 */
export function createCollector({
  database,
  applicationIds,
  strictTypes,
  addressOf,
}: CollectorOptions): Hono {
  const app = new Hono();
  const events = new EventStream();
  const ingestRoutes = createIngestRoutes({
    writer: new Writer(database),
    applicationIds: applicationIds && new Set(applicationIds),
    addressOf,
    strictTypes,
    publish: change => events.publish(change),
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
  for (const path of [
    '/v1/*',
    '/profiles',
    '/profiles/:user_id',
    '/timeline',
    '/companies/*',
    '/campaigns',
  ]) {
    app.use(path, async (c, next) => {
      // The one answer that is no JSON.
      if (c.req.path !== '/profiles/events') checkAccept(c);
      await next();
    });
  }
  app.onError((error, c) => {
    if (error instanceof HttpError) return c.json(toBody(error), error.status, retryAfter(error.status));
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    if (isUnreachable(error)) {
      return c.json({ error: 'The database can not be reached. Try again.' }, 503, retryAfter(503));
    }
    console.error(error);
    return c.json({ error: 'The collector failed. See its output for the error.' }, 500);
  });
  app.notFound(c => c.json({ error: 'There is nothing at this address.' }, 404));
  return app
    .route('/', ingestRoutes)
    .route('/', createQueryRoutes(database, events))
    .route('/', createConversionRoutes(database));
}

function toBody(error: HttpError): object {
  return {
    error: error.message,
    ...(error instanceof ItemError && { index: error.index }),
    ...(error.field !== undefined && { field: error.field }),
  };
}

function retryAfter(status: number): Record<string, string> {
  return status === 503 ? { 'Retry-After': RETRY_AFTER } : {};
}
