import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { type CollectorOptions, createCollector } from '../../../demo/collector/app.ts';
import type { Database } from '../../../demo/collector/database/database.ts';
import { openDatabase } from '../../../demo/collector/database/open-database.ts';
import type { Profile } from '../../../demo/collector/database/profiles.ts';
import type { TimelineEntry } from '../../../demo/collector/database/timeline.ts';
import { databaseImage } from '../database-image.ts';
import { createDatabase } from '../postgres-server.ts';

/** The secret for reading, which every request of the tests brings. */
export const READ_TOKEN = 'the-read-token-of-tests';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server to test on; empty where there is none. Not provided: PGlite. */
    postgres?: string;
  }
}

/**
 * Starts a collector for all tests of a file, with a database of its own: in memory, or on the PostgreSQL
 * server that the project `postgres` starts.
 */
export function useCollector(options: Partial<CollectorOptions> = {}) {
  const server = inject('postgres');
  let database: Database;
  let app: Hono;
  let url: string | undefined;
  let tenants = 0;

  const isAbsent = server === '';
  if (isAbsent) beforeEach(({ skip }) => skip('There is no PostgreSQL here.'));
  beforeAll(async () => {
    if (isAbsent) return;
    url = server && (await createDatabase(server));
    database = await openDatabase(url ? { url } : { image: await databaseImage() });
    app = createCollector({ database, readToken: READ_TOKEN, addressOf: () => '192.0.2.7', ...options });
  });
  afterAll(() => database?.close());

  const request = async (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { Authorization: `Bearer ${READ_TOKEN}`, ...init.headers } });

  /** Creates an application for one test: the data of one is never seen by another. */
  const tenant = () => {
    const id = `app-${++tenants}`;
    const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'X-Moesif-Application-Id': id, 'User-Agent': 'test', ...headers },
        body:
          typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      });
    const post = (body: unknown, headers?: Record<string, string>) => send('/v1/users', body, headers);
    const get = (path: string) => request(`${path}${path.includes('?') ? '&' : '?'}application_id=${id}`);
    const user = async (userId: string) =>
      (await (await get(`/profile?${new URLSearchParams({ user_id: userId })}`)).json()) as Profile;
    const all = async (query = '') =>
      ((await (await get(`/profiles${query}`)).json()) as { profiles: Profile[] }).profiles;
    const timeline = async (query: string) =>
      ((await (await get(`/timeline?${query}`)).json()) as { timeline: TimelineEntry[] }).timeline;
    return { id, send, post, get, user, all, timeline };
  };

  return {
    request,
    tenant,
    /**
     * Starts another collector on the same database, as a second process would. Only where there is a server.
     */
    another: async () => {
      const other = await openDatabase({ url });
      const app = createCollector({ database: other, readToken: READ_TOKEN });
      /** Sends an update of a user to it. */
      const post = async (applicationId: string, body: unknown) =>
        app.request('/v1/users', {
          method: 'POST',
          headers: { 'X-Moesif-Application-Id': applicationId },
          body: JSON.stringify(body),
        });
      return { app, database: other, post, close: () => other.close() };
    },
    get database() {
      return database;
    },
    isShared: Boolean(server),
  };
}

/** Reads the sentence of an answer that is an error. */
export async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error;
}
