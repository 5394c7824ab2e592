import { type Context, Hono } from 'hono';
import { countCampaigns } from '../database/campaigns.ts';
import type { ProfileFilter } from '../database/conditions.ts';
import { fromCursor, type Place } from '../database/cursor.ts';
import type { Database } from '../database/database.ts';
import { LIST_KEYS, readPage, readTotal } from '../database/list.ts';
import { findPerson, readTimeline, TIMELINE_KEYS } from '../database/timeline.ts';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';
import { readCount, readDay, readQuery } from './request.ts';

/** Creates the routes that read lists: of profiles, of what one person did, and of campaigns. */
export function createListRoutes(database: Database): Hono {
  const app = new Hono();

  app.get('/profiles', async c => {
    const filter = readFilter(c);
    const page = readPlaces(c);
    const limit = readCount(c, 'limit', 100, 1000);
    const { profiles, next, previous } = await readPage(database, { ...filter, ...page, limit });
    const isAll = next === null && previous === null && !page.after && !page.before;
    const total = isAll ? { count: profiles.length, is_exact: true } : await readTotal(database, filter);
    return c.json({ profiles, total, next, previous });
  });

  app.get('/timeline', async c => {
    const userId = readQuery(c, 'user_id');
    const anonymousId = readQuery(c, 'anonymous_id');
    if ((userId === undefined) === (anonymousId === undefined))
      throwBadRequest('Either user_id or anonymous_id is needed.');
    const after = readCursor(c, 'after', TIMELINE_KEYS);
    const limit = readCount(c, 'limit', 100, 1000);
    const applicationId = readQuery(c, 'application_id');
    const person = await findPerson(database, { applicationId, userId, anonymousId });
    const whom = userId === undefined ? 'visitor with this anonymous_id' : 'user with this user_id';
    if (!person) throw new HttpError(404, `There is no ${whom}.`);
    return c.json(await readTimeline(database, person, limit, after));
  });

  app.get('/campaigns', async c => {
    const applicationId = readQuery(c, 'application_id');
    const from = readDay(c, 'from');
    const to = readDay(c, 'to');
    if (from !== undefined && to !== undefined && from > to)
      throwBadRequest('from must not be after to.', 'from');
    const limit = readCount(c, 'limit', 1000, 10_000);
    return c.json({ campaigns: await countCampaigns(database, { applicationId, from, to, limit }) });
  });

  return app;
}

function readFilter(c: Context): ProfileFilter {
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
    channel: readQuery(c, 'channel'),
    kind,
    campaign: Object.fromEntries(campaign),
    text: readQuery(c, 'q')?.slice(0, 200),
  };
}

function readPlaces(c: Context): { after: Place | undefined; before: Place | 'end' | undefined } {
  if (c.req.query('page') !== undefined)
    throwBadRequest('page is no parameter: send after, with the next of the page before.', 'page');
  const after = readCursor(c, 'after', LIST_KEYS);
  const before = c.req.query('before') === 'end' ? 'end' : readCursor(c, 'before', LIST_KEYS);
  if (after && before) throwBadRequest('Either after or before can be given.', 'before');
  return { after, before };
}

function readCursor(c: Context, name: string, keys: number): Place | undefined {
  const cursor = readQuery(c, name);
  return cursor === undefined ? undefined : fromCursor(cursor, name, keys);
}
