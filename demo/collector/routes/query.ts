import { type Context, Hono } from 'hono';
import { readByChannel } from '../database/by-channel.ts';
import { countCampaigns } from '../database/campaigns.ts';
import { readCompany } from '../database/companies.ts';
import type { Database } from '../database/database.ts';
import { CAMPAIGN_FIELDS, type ProfileQuery, readProfiles } from '../database/profiles.ts';
import { readTimeline } from '../database/timeline.ts';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { isStorable } from '../json.ts';
import type { EventStream } from './event-stream.ts';
import { readCount, readQuery } from './request.ts';

/** Creates the routes that read what is stored, for the dashboard. None of them checks who is reading. */
export function createQueryRoutes(database: Database, events: EventStream): Hono {
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

  app.get('/profiles/events', c => events.stream(c));

  app.get('/profiles/:user_id', async c => {
    const userId = c.req.param('user_id');
    return c.json(await onlyProfile(database, { applicationId: readQuery(c, 'application_id'), userId }));
  });

  app.get('/timeline', async c => {
    const userId = readQuery(c, 'user_id');
    const anonymousId = readQuery(c, 'anonymous_id');
    if ((userId === undefined) === (anonymousId === undefined))
      throwBadRequest('Either user_id or anonymous_id is needed.');
    const applicationId = readQuery(c, 'application_id');
    const profile = await onlyProfile(database, { applicationId, userId, anonymousId });
    const [kind, id = ''] =
      profile.user_id === null ? (['anonymous', anonymousId] as const) : (['user', profile.user_id] as const);
    const limit = readCount(c, 'limit', 100, 1000);
    return c.json({ timeline: await readTimeline(database, profile.application_id, kind, id, limit) });
  });

  app.get('/companies/:company_id', async c => {
    const id = c.req.param('company_id');
    const applicationId = readQuery(c, 'application_id');
    const company = isStorable(id) ? await readCompany(database, id, applicationId) : undefined;
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

async function onlyProfile(database: Database, query: Omit<ProfileQuery, 'limit' | 'page'>) {
  const isPossible = isStorable(query.userId ?? '');
  const [profile] = isPossible ? await readProfiles(database, { ...query, limit: 1, page: 1 }) : [];
  if (profile) return profile;
  throw new HttpError(
    404,
    `There is no ${query.userId === undefined ? 'visitor with this anonymous_id' : 'user with this user_id'}.`,
  );
}
