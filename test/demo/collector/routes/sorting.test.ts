import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../../demo/collector/database/list.ts';
import type { Profile } from '../../../../demo/collector/database/profiles.ts';
import { SORTS } from '../../../../demo/collector/database/sorts.ts';
import type { Total } from '../../../../demo/collector/database/total.ts';
import { errorOf, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { tenant } = collector;

type List = Page & { total: Total };
type Tenant = ReturnType<typeof tenant>;

const read = async ({ get }: Tenant, query: string) => {
  const answer = await get(`/profiles?${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as List;
};

const idOf = ({ user_id, anonymous_ids }: Profile) => user_id ?? anonymous_ids[0];

/** Reads all pages one way. */
async function walk(app: Tenant, query: string, way: 'next' | 'previous'): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (let cursor: string | null = way === 'next' ? '' : '&before=end'; cursor !== null; ) {
    const page: List = await read(app, query + cursor);
    const found = page.profiles.map(idOf);
    if (way === 'next') ids.push(...found);
    else ids.unshift(...found);
    const place = page[way];
    cursor = place === null ? null : `&${way === 'next' ? 'after' : 'before'}=${place}`;
  }
  return ids;
}

const on = (day: number) => `2024-01-${String(day).padStart(2, '0')}T12:00:00Z`;

describe('the order of the list', () => {
  let app: Tenant;
  beforeAll(async () => {
    if (!collector.database) return;
    app = tenant();
    // First seen on the first days, signed up or seen again on later ones; several at the same time.
    for (let n = 0; n < 12; n++) {
      await app.post({ anonymous_id: `v${n}`, modified_time: on(1 + (n % 5)) });
      if (n % 2)
        await app.post({
          user_id: `u${n}`,
          anonymous_id: `v${n}`,
          modified_time: on(10 + ((n * 7) % 6)),
          metadata: { name: ['Éva', 'adam', 'Zoe', '', 'bo', 'bo'][(n - 1) / 2] ?? '' },
        });
      else if (n % 4 === 0) await app.post({ anonymous_id: `v${n}`, modified_time: on(20) });
    }
  });

  it.each(Object.keys(SORTS))('by %s leads to each profile once, both ways, page by page', async sort => {
    for (const order of ['asc', 'desc']) {
      const query = `sort=${sort}&order=${order}`;
      const whole = (await read(app, `${query}&limit=100`)).profiles.map(idOf);
      expect(whole).toHaveLength(sort === 'signed_up' ? 6 : 12);
      for (const limit of [1, 5]) {
        expect(await walk(app, `${query}&limit=${limit}`, 'next')).toEqual(whole);
        expect(await walk(app, `${query}&limit=${limit}`, 'previous')).toEqual(whole);
      }
      const other = `sort=${sort}&order=${order === 'asc' ? 'desc' : 'asc'}&limit=100`;
      expect((await read(app, other)).profiles.map(idOf)).toEqual(whole.reverse());
    }
  });

  it('is that of the times, and of names whatever their case, with the nameless last', async () => {
    const times = async (sort: string, of: 'created_time' | 'identified_time' | 'modified_time') => {
      const { profiles } = await read(app, `sort=${sort}`);
      const found = profiles.map(profile => profile[of]);
      expect(found).toEqual([...found].sort().reverse());
    };
    await times('first_seen', 'created_time');
    await times('signed_up', 'identified_time');
    await times('last_seen', 'modified_time');
    const named = (await read(app, 'sort=name')).profiles;
    const names = named.map(({ user_id, name }) => (user_id === null ? null : name || user_id));
    expect(names.slice(0, 3)).toEqual(['adam', 'bo', 'bo']);
    expect(names.slice(0, 6).sort()).toEqual(['adam', 'bo', 'bo', 'u7', 'Zoe', 'Éva'].sort());
    expect(names.slice(6)).toEqual([null, null, null, null, null, null]);
  });

  it('is found by days of each of the times, with an exact total', async () => {
    for (const [query, expected] of [
      ['date=first_seen&from=2024-01-01&to=2024-01-01', 3],
      ['date=first_seen&from=2024-01-06', 0],
      ['date=signed_up&from=2024-01-10&to=2024-01-15', 6],
      ['date=last_seen&from=2024-01-20', 3],
      ['to=2024-01-19', 9],
    ] as const) {
      const { profiles, total } = await read(app, query);
      expect([query, profiles.length]).toEqual([query, expected]);
      expect(total).toEqual({ count: expected, is_exact: true });
    }
  });

  it('refuses what it does not know, and a cursor of another order', async () => {
    expect(await errorOf(await app.get('/profiles?sort=age'))).toBe(
      'sort must be last_seen, first_seen, signed_up or name.',
    );
    expect(await errorOf(await app.get('/profiles?order=up'))).toBe('order must be asc or desc.');
    expect(await errorOf(await app.get('/profiles?date=birthday'))).toMatch(/^date must be/);
    expect(await errorOf(await app.get('/profiles?from=2024-02-01&to=2024-01-01'))).toMatch(/^from must not/);
    const { next } = await read(app, 'sort=name&limit=2');
    expect((await app.get(`/profiles?after=${next}`)).status).toBe(400);
  });
});

describe('a total past what is counted one by one', () => {
  it('is exact where the sums know it: of everybody, a kind, a channel, days of first seen and signed up', async () => {
    const app = tenant();
    const fill = `insert into profiles
        (application_id, kind, id, search_text, channel, created_time, identified_time, modified_time)
      select $1, case when n % 3 = 0 then 'user' else 'anonymous' end, 'id-' || n, 'words',
        case when n % 2 = 0 then 'Direct' else 'Email' end, '2024-01-01'::timestamptz + n * interval '1 second',
        case when n % 3 = 0 then '2024-02-01'::timestamptz end, now()
      from generate_series(1, 36000) n`;
    await collector.database.query(fill, [app.id]);
    await collector.database.query('insert into applications values ($1) on conflict do nothing', [app.id]);
    const count = `insert into campaign_counts
        (application_id, span, start, digest, shard, channel, visitors, identified, signups)
      select $1, span, start::date, channel, 0, channel, visitors, identified, signups
      from (values ('2024-01-01', 18000, 6000, 0), ('2024-02-01', 0, 0, 6000)) v(start, visitors, identified, signups)
      cross join (values ('Direct'), ('Email')) c(channel) cross join (values ('day'), ('month')) s(span)`;
    await collector.database.query(count, [app.id]);
    const total = async (query: string) => (await read(app, `limit=1&${query}`)).total;
    expect(await total('')).toEqual({ count: 36_000, is_exact: true });
    expect(await total('kind=user')).toEqual({ count: 12_000, is_exact: true });
    expect(await total('kind=anonymous')).toEqual({ count: 24_000, is_exact: true });
    expect(await total('channel=Email')).toEqual({ count: 18_000, is_exact: true });
    expect(await total('sort=signed_up')).toEqual({ count: 12_000, is_exact: true });
    expect(await total('date=first_seen&from=2024-01-01&to=2024-01-01')).toEqual({
      count: 36_000,
      is_exact: true,
    });
    expect(await total('date=signed_up&from=2024-02-01')).toEqual({ count: 12_000, is_exact: true });
    expect(await total('date=last_seen&from=2024-01-01')).toEqual({ count: 10_000, is_exact: false });
    expect(await total('q=words')).toEqual({ count: 1000, is_exact: false });
  });
});
