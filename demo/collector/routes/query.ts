import { Hono } from 'hono';
import { readCompany } from '../database/companies.ts';
import type { ProfileFilter } from '../database/conditions.ts';
import type { Database } from '../database/database.ts';
import { readProfile } from '../database/profiles.ts';
import { HttpError } from '../http-error.ts';
import { isStorable } from '../json.ts';
import type { EventStream } from './event-stream.ts';
import { createListRoutes } from './list.ts';
import { readQuery } from './request.ts';

/** Creates the routes that read what is stored, for the dashboard. None of them checks who is reading. */
export function createQueryRoutes(database: Database, events: EventStream): Hono {
  const app = new Hono();

  app.get('/profiles/events', c => events.stream(c));

  app.get('/profiles/:user_id', async c => {
    const userId = c.req.param('user_id');
    return c.json(await onlyProfile(database, { applicationId: readQuery(c, 'application_id'), userId }));
  });

  app.get('/companies/:company_id', async c => {
    const id = c.req.param('company_id');
    const applicationId = readQuery(c, 'application_id');
    const company = isStorable(id) ? await readCompany(database, id, applicationId) : undefined;
    if (!company) throw new HttpError(404, 'There is no company with this company_id.');
    return c.json(company);
  });

  return app.route('/', createListRoutes(database));
}

async function onlyProfile(database: Database, query: ProfileFilter) {
  const isPossible = isStorable(query.userId ?? '');
  const profile = isPossible ? await readProfile(database, query) : undefined;
  if (profile) return profile;
  throw new HttpError(404, 'There is no user with this user_id.');
}
