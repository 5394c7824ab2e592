import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSignups } from '../../../../demo/collector/database/fill-signups.ts';
import type { Profile } from '../../../../demo/collector/database/profiles.ts';
import { deleteExpired } from '../../../../demo/collector/database/retention.ts';
import type { TrendPoint } from '../../../../demo/collector/database/trend.ts';
import { errorOf, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { tenant } = collector;

type Tenant = ReturnType<typeof tenant>;

const trendOf = async ({ get }: Tenant, query = '') => {
  const answer = await get(`/trend${query}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { trend: TrendPoint[] }).trend;
};

/** Counts the profiles that the list has, one by one. `length` is 10 for days and 7 for months. */
function recount(profiles: Profile[], length: number): TrendPoint[] {
  const points = new Map<string, TrendPoint>();
  const add = (time: string | null, name: 'visitors' | 'signups') => {
    if (time === null) return;
    const start = `${time.slice(0, length)}${length === 7 ? '-01' : ''}`;
    const point = points.get(start) ?? { start, visitors: 0, signups: 0 };
    points.set(start, { ...point, [name]: point[name] + 1 });
  };
  for (const { created_time, identified_time } of profiles) {
    add(created_time, 'visitors');
    add(identified_time, 'signups');
  }
  return [...points.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
}

describe('the trend', () => {
  it('has visitors when they were first seen, and sign-ups when a user id first named them', async () => {
    const app = tenant();
    const on = (day: string) => ({ modified_time: `2024-${day}T12:00:00Z` });
    await app.post({ anonymous_id: 'phone', campaign: { utm_source: 'news' }, ...on('01-30') });
    await app.post({ anonymous_id: 'other', ...on('01-30') });
    await app.post({ user_id: 'ada', anonymous_id: 'phone', ...on('02-02') });
    await app.post({ user_id: 'ada', metadata: { plan: 'pro' }, ...on('02-05') });
    // A visit from before that arrives late is none of signing up.
    await app.post({ anonymous_id: 'phone', ...on('01-31') });
    expect((await app.user('ada')).identified_time).toBe('2024-02-02T12:00:00.000Z');
    expect(await trendOf(app)).toEqual([
      { start: '2024-01-30', visitors: 2, signups: 0 },
      { start: '2024-02-02', visitors: 0, signups: 1 },
    ]);
    expect(await trendOf(app, '?by=month')).toEqual([
      { start: '2024-01-01', visitors: 2, signups: 0 },
      { start: '2024-02-01', visitors: 0, signups: 1 },
    ]);
    expect(await trendOf(app, '?from=2024-01-31&to=2024-02-02')).toEqual([
      { start: '2024-02-02', visitors: 0, signups: 1 },
    ]);
    expect(await trendOf(app, '?by=month&from=2024-01-31&to=2024-02-01')).toEqual([]);
    expect(await trendOf(app, '?channel=Direct')).toEqual([{ start: '2024-01-30', visitors: 1, signups: 0 }]);
  });

  it('is the same as a count of all profiles, whatever happened to them', async () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const time = fc.constantFrom('2024-01-31T23:00:00Z', '2024-02-01T01:00:00Z', '2024-06-05T00:00:00Z');
    const source = fc.record({ utm_source: fc.constantFrom('news', 'google', null) });
    const update = fc.record(
      { user_id: id, anonymous_id: id, modified_time: time, campaign: source },
      { requiredKeys: [] },
    );
    const event = fc.oneof(
      { weight: 5, arbitrary: update.filter(item => Boolean(item.user_id ?? item.anonymous_id)) },
      { weight: 1, arbitrary: fc.record({ delete: id }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async events => {
        const app = tenant();
        for (const one of events) {
          if (!('delete' in one)) await app.post(one);
          else
            await collector.request(`/v1/users?application_id=${app.id}&user_id=${one.delete}`, {
              method: 'DELETE',
            });
        }
        const profiles = await app.all('?limit=1000');
        expect(await trendOf(app)).toEqual(recount(profiles, 10));
        expect(await trendOf(app, '?by=month')).toEqual(recount(profiles, 7));
        await deleteExpired(collector.database, new Date('2024-05-01'));
        expect(await trendOf(app)).toEqual(recount(await app.all('?limit=1000'), 10));
      }),
      { numRuns: 15 },
    );
  });

  it('of a database from before gets the time of each user’s first update', async () => {
    const app = tenant();
    const on = (day: string) => ({ modified_time: `2024-${day}T12:00:00Z` });
    await app.post({ anonymous_id: 'phone', ...on('01-30') });
    await app.post({ user_id: 'ada', anonymous_id: 'phone', ...on('02-02') });
    await app.post({ user_id: 'ada', ...on('02-03') });
    const { database } = collector;
    await database.query('update profiles set identified_time = null where application_id = $1', [app.id]);
    await database.query('update campaign_counts set signups = 0 where application_id = $1', [app.id]);
    await fillSignups(database);
    await fillSignups(database);
    expect((await app.user('ada')).identified_time).toBe('2024-02-02T12:00:00.000Z');
    expect(await trendOf(app)).toEqual(recount(await app.all(), 10));
  });

  it('refuses what is neither day nor month', async () => {
    expect(await errorOf(await tenant().get('/trend?by=week'))).toBe('by must be day or month.');
  });
});
