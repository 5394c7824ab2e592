import type { Hono } from 'hono';
import { afterAll, beforeAll } from 'vitest';
import { createCollector } from '../../demo/collector/app.ts';
import { type Database, openDatabase } from '../../demo/collector/database.ts';
import type { Profile } from '../../demo/collector/profiles.ts';

/** A collector with a database in memory, for all tests of a file: starting PostgreSQL takes seconds. */
export function useCollector() {
  let database: Database;
  let app: Hono;
  let tenants = 0;

  beforeAll(async () => {
    database = await openDatabase();
    app = createCollector({ database, addressOf: () => '192.0.2.7' });
  }, 60_000);
  afterAll(() => database.close());

  const request = (path: string, init?: RequestInit) => app.request(path, init);

  /** An application of its own for each test: the data of one is never seen by another. */
  const tenant = () => {
    const id = `app-${++tenants}`;
    const post = (body: unknown, headers: Record<string, string> = {}) =>
      request('/v1/users', {
        method: 'POST',
        headers: { 'X-Moesif-Application-Id': id, 'User-Agent': 'test', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const get = (path: string) => request(`${path}${path.includes('?') ? '&' : '?'}application_id=${id}`);
    const user = async (userId: string) =>
      (await (await get(`/profiles/${encodeURIComponent(userId)}`)).json()) as Profile;
    const all = async (query = '') =>
      ((await (await get(`/profiles${query}`)).json()) as { profiles: Profile[] }).profiles;
    return { id, post, get, user, all };
  };

  return { request, tenant };
}

/** The sentence of an answer that is an error. */
export async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error;
}
