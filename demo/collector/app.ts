import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { BadBody, parseUserBody } from './body.ts';
import { Changes } from './changes.ts';
import type { Database } from './database.ts';
import { isStorable } from './json.ts';
import { readProfiles } from './profiles.ts';
import { upsertUser } from './upsert.ts';

/** The documented limit of one profile, in bytes. */
const MAX_BODY_SIZE = 1024 * 1024;

const APPLICATION_ID = 'X-Moesif-Application-Id';

/** What the collector is made of. */
export interface CollectorParts {
  database: Database;
  /** The visitor's address, where the server knows it. */
  addressOf?: (c: Context) => string | undefined;
}

/** The Users API (`POST /v1/users`) and, for the dashboard, what it has stored (`GET /profiles`). */
export function createCollector({ database, addressOf }: CollectorParts): Hono {
  const app = new Hono();
  const changes = new Changes();

  // Only the collecting half is open to other origins: a site you visit has no business reading the profiles.
  app.use(
    '/v1/*',
    cors({
      origin: '*',
      allowMethods: ['POST', 'GET'],
      allowHeaders: ['Content-Type', APPLICATION_ID, 'X-Moesif-SDK'],
      exposeHeaders: ['Retry-After'],
      maxAge: 600,
    }),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        c.json({ error: `${c.req.method} is not allowed here.` }, 405, { Allow: methods.join(', ') }),
    }),
  );
  app.onError((error, c) => {
    if (error instanceof BadBody) return c.json({ error: error.message }, 400);
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    console.error(error);
    return c.json({ error: 'The collector failed. Its output says why.' }, 500);
  });

  const tooLarge = () => {
    throw new HTTPException(413, { message: 'The body must be at most 1 MB.' });
  };
  app.post('/v1/users', bodyLimit({ maxSize: MAX_BODY_SIZE, onError: tooLarge }), async c => {
    const applicationId = readApplicationId(c);
    const update = parseUserBody(await c.req.text());
    update.ipAddress ??= addressOf?.(c);
    update.userAgentString ??= c.req.header('User-Agent') || undefined;
    const { created, ...ids } = await upsertUser(database, applicationId, update);
    changes.announce({ application_id: applicationId, ...ids });
    return c.json(ids, created ? 201 : 200);
  });

  app.get('/profiles', async c => {
    const query = { applicationId: readQuery(c, 'application_id'), limit: readCount(c, 'limit', 100, 1000) };
    return c.json({
      profiles: await readProfiles(database, { ...query, page: readCount(c, 'page', 1, 1_000_000) }),
    });
  });

  app.get('/profiles/events', c => changes.stream(c));

  app.get('/profiles/:user_id', async c => {
    const userId = c.req.param('user_id');
    const query = { applicationId: readQuery(c, 'application_id'), userId, limit: 1, page: 1 };
    const [profile] = isStorable(userId) ? await readProfiles(database, query) : [];
    if (!profile) throw new HTTPException(404, { message: 'There is no user with this user_id.' });
    return c.json(profile);
  });

  return app;
}

function readApplicationId(c: Context): string {
  const id = c.req.header(APPLICATION_ID)?.trim();
  if (!id) throw new HTTPException(401, { message: `The header ${APPLICATION_ID} is missing or empty.` });
  // Printable ASCII, and short enough to be part of an index key.
  if (!/^[\x21-\x7e]{1,512}$/.test(id)) {
    throw new HTTPException(401, { message: `The header ${APPLICATION_ID} holds no application id.` });
  }
  return id;
}

function readQuery(c: Context, name: string): string | undefined {
  const value = c.req.query(name);
  if (value && !isStorable(value))
    throw new HTTPException(400, { message: `${name} must not hold NUL characters.` });
  return value || undefined;
}

function readCount(c: Context, name: string, fallback: number, max: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) {
    throw new HTTPException(400, { message: `${name} must be a whole number from 1 to ${max}.` });
  }
  return count;
}
