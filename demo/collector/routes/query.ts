import { Hono } from 'hono';
import { readCompany } from '../database/companies.ts';
import type { Database } from '../database/database.ts';
import { readProfile } from '../database/profiles.ts';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { createListRoutes } from './list.ts';
import { readQuery } from './request.ts';

/** Creates the routes that read what is stored, for the dashboard. Who is reading is checked before. */
export function createQueryRoutes(database: Database): Hono {
  const app = new Hono();

  // Ids are parts of the query: in a path some have a meaning, such as `..`.
  app.get('/profile', async c => {
    const userId = readQuery(c, 'user_id');
    const anonymousId = readQuery(c, 'anonymous_id');
    if ((userId === undefined) === (anonymousId === undefined))
      throwBadRequest('Either user_id or anonymous_id is needed.');
    const applicationId = readQuery(c, 'application_id');
    const profile = await readProfile(database, { applicationId, userId, anonymousId });
    const whom = userId === undefined ? 'visitor with this anonymous_id' : 'user with this user_id';
    if (!profile) throw new HttpError(404, `There is no ${whom}.`);
    return c.json(profile);
  });

  app.get('/companies', async c => {
    const id = readQuery(c, 'company_id') ?? throwBadRequest('company_id is needed.', 'company_id');
    const company = await readCompany(database, id, readQuery(c, 'application_id'));
    if (!company) throw new HttpError(404, 'There is no company with this company_id.');
    return c.json(company);
  });

  return app.route('/', createListRoutes(database));
}
