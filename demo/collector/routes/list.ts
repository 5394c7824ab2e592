import { Hono } from 'hono';
import { countCampaigns } from '../database/campaigns.ts';
import type { Database } from '../database/database.ts';
import { readPage } from '../database/list.ts';
import { findPerson, readTimeline, TIMELINE_KEYS } from '../database/timeline.ts';
import { readTotal } from '../database/total.ts';
import { readTrend } from '../database/trend.ts';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { readChoice, readCursor, readDays, readFilter, readPlaces } from './list-query.ts';
import { readCount, readQuery } from './request.ts';

/** Creates the routes that read lists: of profiles, of what one person did, and of counts. */
export function createListRoutes(database: Database): Hono {
  const app = new Hono();

  app.get('/profiles', async c => {
    const filter = readFilter(c);
    const page = readPlaces(c, filter.sort);
    const limit = readCount(c, 'limit', 100, 1000);
    const [{ profiles, next, previous }, counted] = await Promise.all([
      readPage(database, { ...filter, ...page, limit }),
      readTotal(database, filter),
    ]);
    // What is on the page is never said to be more than there is, whatever came between the two.
    const isAll = next === null && previous === null && !page.after && !page.before;
    const total = isAll ? { count: profiles.length, is_exact: true } : counted;
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
    const limit = readCount(c, 'limit', 1000, 10_000);
    return c.json({ campaigns: await countCampaigns(database, { applicationId, ...readDays(c), limit }) });
  });

  app.get('/trend', async c => {
    const applicationId = readQuery(c, 'application_id');
    const channel = readQuery(c, 'channel');
    const by = readChoice(c, 'by', ['day', 'month']) ?? 'day';
    return c.json({ trend: await readTrend(database, { applicationId, channel, ...readDays(c), by }) });
  });

  return app;
}
