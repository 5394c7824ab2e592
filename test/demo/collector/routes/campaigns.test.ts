import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CampaignCount } from '../../../../demo/collector/database/campaigns.ts';
import type { Profile } from '../../../../demo/collector/database/profiles.ts';
import { errorOf, useCollector } from '../use-collector.ts';

const { tenant } = useCollector();

type Tenant = ReturnType<typeof tenant>;

const countsOf = async ({ get }: Tenant, query = '') => {
  const answer = await get(`/campaigns${query}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { campaigns: CampaignCount[] }).campaigns;
};

/** Counts the profiles that the list has, one by one. */
function recount(profiles: Profile[], from = '0', to = '9'): object {
  const counts: Record<string, [number, number]> = {};
  for (const { campaign, channel, created_time, user_id } of profiles) {
    const day = created_time.slice(0, 10);
    if (day < from || day > to) continue;
    const { utm_source, referring_domain, utm_medium = null, utm_campaign = null } = campaign;
    const isReferral = utm_source === undefined && referring_domain !== undefined;
    const medium = isReferral ? (utm_medium ?? 'referral') : utm_medium;
    const key = JSON.stringify([channel, utm_source ?? referring_domain ?? null, medium, utm_campaign]);
    const [visitors, identified] = counts[key] ?? [0, 0];
    counts[key] = [visitors + 1, identified + (user_id === null ? 0 : 1)];
  }
  return counts;
}

const asCounts = (campaigns: CampaignCount[]) =>
  Object.fromEntries(
    campaigns.map(({ channel, source, medium, campaign, visitors, identified }) => [
      JSON.stringify([channel, source, medium, campaign]),
      [visitors, identified],
    ]),
  );

describe('campaigns', () => {
  it('count those first seen from a day to a day, whatever months lie between', async () => {
    const app = tenant();
    const days = [
      '2023-12-31',
      '2024-01-01',
      '2024-01-31',
      '2024-02-01',
      '2024-02-29',
      '2024-03-01',
      '2024-12-31',
      '2025-01-01',
    ];
    for (const day of days)
      for (const time of ['00:00:00.000', '23:59:59.999'])
        await app.post({ user_id: `${day} ${time}`, modified_time: `${day}T${time}Z` });
    const inside = async (from?: string, to?: string) => {
      const query = Object.entries({ from, to }).flatMap(([key, day]) => (day ? `${key}=${day}` : []));
      return (await countsOf(app, `?${query.join('&')}`))[0]?.visitors ?? 0;
    };
    for (const from of [undefined, ...days])
      for (const to of [undefined, ...days]) {
        if (from && to && from > to) continue;
        const expected = days.filter(day => day >= (from ?? '0') && day <= (to ?? '9')).length * 2;
        expect([from, to, await inside(from, to)]).toEqual([from, to, expected]);
      }
    expect(await inside('2024-01-02', '2024-01-30')).toBe(0);
    expect(await inside('2024-01-15', '2024-02-10')).toBe(4);
  });

  it('are the same as a count of all profiles, whatever happened to them', async () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const value = fc.constantFrom('news', 'google', 'x'.repeat(30), null);
    const update = fc.record(
      {
        user_id: id,
        anonymous_id: id,
        company_id: id,
        modified_time: fc.constantFrom(
          '2024-01-31T23:00:00Z',
          '2024-02-01T01:00:00Z',
          '2024-06-05T00:00:00Z',
        ),
        campaign: fc.record(
          {
            utm_source: value,
            utm_medium: value,
            utm_campaign: value,
            referring_domain: value,
            gclid: value,
          },
          { requiredKeys: [] },
        ),
        metadata: fc.record(
          { channel: fc.constantFrom('Partner', 'Ünïcode', '', null) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const batches = fc.array(
      fc.tuple(fc.constantFrom('users', 'companies'), fc.array(update, { minLength: 1, maxLength: 6 })),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(batches, async sent => {
        const app = tenant();
        for (const [path, batch] of sent) {
          const isUser = path === 'users';
          const usable = batch.filter(item =>
            isUser ? (item.user_id ?? item.anonymous_id) : item.company_id,
          );
          if (usable.length > 0)
            expect((await app.send(`/v1/${path}/batch`, usable)).status).toBeLessThan(300);
          // One at a time, too, at once.
          if (isUser) await Promise.all(usable.map(item => app.post(item)));
        }
        const profiles = await app.all('?limit=1000');
        expect(asCounts(await countsOf(app))).toEqual(recount(profiles));
        expect(asCounts(await countsOf(app, '?from=2024-02-01&to=2024-06-04'))).toEqual(
          recount(profiles, '2024-02-01', '2024-06-04'),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('keep the beginning of a long name alone, and end before the answer grows large', async () => {
    const app = tenant();
    await app.post({ user_id: 'u', campaign: { utm_source: 'x'.repeat(1000) } });
    expect((await countsOf(app))[0]?.source).toBe('x'.repeat(512));
  });

  it('refuse what no day is, and days the wrong way round', async () => {
    const { get } = tenant();
    for (const day of ['2024-02-31', '0000-01-01', 'today', '2024-1-1'])
      expect(await errorOf(await get(`/campaigns?from=${day}`))).toMatch(
        /^from must be a day of the calendar/,
      );
    expect(await errorOf(await get('/campaigns?from=2024-02-01&to=2024-01-01'))).toMatch(
      /^from must not be after/,
    );
    expect(await countsOf(tenant(), '?from=0001-01-01&to=9999-12-31')).toEqual([]);
  });
});
