import { type Context, Hono } from 'hono';
import { readByChannel } from '../database/by-channel.ts';
import { countCampaigns } from '../database/campaigns.ts';
import { readCompany } from '../database/companies.ts';
import type { Database } from '../database/database.ts';
import { CAMPAIGN_FIELDS, type Profile, type ProfileQuery, readProfiles } from '../database/profiles.ts';
import { readTimeline } from '../database/timeline.ts';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { readCount, readQuery } from './request.ts';

/** Creates the routes that read what is stored, for the dashboard. Who is reading is checked before. */
export function createQueryRoutes(database: Database): Hono {
  const app = new Hono();

  app.get('/profiles', async c => {
    const query = readProfileQuery(c);
    const channel = readQuery(c, 'channel');
    const profiles =
      channel === undefined
        ? await readProfiles(database, query)
        : await readByChannel(database, channel, query);
    return c.json({ profiles });
  });

  // Ids are parts of the query: in a path some have a meaning, such as `..`.
  app.get('/profile', async c => c.json((await readNamed(c, database)).profile));

  app.get('/timeline', async c => {
    const { profile, id } = await readNamed(c, database);
    const [kind, own] =
      profile.user_id === null ? (['anonymous', id] as const) : (['user', profile.user_id] as const);
    const limit = readCount(c, 'limit', 100, 1000);
    return c.json({ timeline: await readTimeline(database, profile.application_id, kind, own, limit) });
  });

  app.get('/companies', async c => {
    const id = readQuery(c, 'company_id') ?? throwBadRequest('company_id is needed.', 'company_id');
    const company = await readCompany(database, id, readQuery(c, 'application_id'));
    if (!company) throw new HttpError(404, 'There is no company with this company_id.');
    return c.json(company);
  });

  app.get('/campaigns', async c => {
    const limit = readCount(c, 'limit', 1000, 10_000);
    return c.json({ campaigns: await countCampaigns(database, readQuery(c, 'application_id'), limit) });
  });

  return app;
}

function readProfileQuery(c: Context): ProfileQuery {
  const kind = readQuery(c, 'kind');
  if (kind !== undefined && kind !== 'user' && kind !== 'anonymous')
    throwBadRequest('kind must be user or anonymous.', 'kind');
  const campaign = CAMPAIGN_FIELDS.flatMap(field => {
    const value = readQuery(c, field);
    return value === undefined ? [] : [[field, value]];
  });
  return {
    applicationId: readQuery(c, 'application_id'),
    anonymousId: readQuery(c, 'anonymous_id'),
    companyId: readQuery(c, 'company_id'),
    sessionToken: readQuery(c, 'session_token'),
    kind,
    campaign: Object.fromEntries(campaign),
    text: readQuery(c, 'q')?.slice(0, 200),
    limit: readCount(c, 'limit', 100, 1000),
    page: readCount(c, 'page', 1, 1_000_000),
  };
}

/** Reads the profile that a query names by its id, or throws an HttpError. */
async function readNamed(c: Context, database: Database): Promise<{ profile: Profile; id: string }> {
  const userId = readQuery(c, 'user_id');
  const anonymousId = readQuery(c, 'anonymous_id');
  const id = userId ?? anonymousId;
  if (id === undefined || (userId !== undefined && anonymousId !== undefined))
    return throwBadRequest('Either user_id or anonymous_id is needed.');
  const applicationId = readQuery(c, 'application_id');
  const query = { applicationId, userId, anonymousId, limit: 1, page: 1 };
  const [profile] = await readProfiles(database, query);
  if (profile) return { profile, id };
  const whom = userId === undefined ? 'visitor with this anonymous_id' : 'user with this user_id';
  throw new HttpError(404, `There is no ${whom}.`);
}
