import { describe, expect, it } from 'vitest';
import { conditionOf } from '../../../../demo/collector/database/conditions.ts';
import type { Page } from '../../../../demo/collector/database/list.ts';
import type { Profile } from '../../../../demo/collector/database/profiles.ts';
import type { Total } from '../../../../demo/collector/database/total.ts';
import { CAMPAIGN_FIELDS } from '../../../../demo/collector/profiles/updates.ts';
import { errorOf, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { request, tenant } = collector;

type List = Page & { total: Total };
type Get = (path: string) => Promise<Response>;

const read = async (get: Get, query: string) => {
  const answer = await get(`/profiles?${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as List;
};

/** Reads all pages one way. Calls `between` after each. */
async function walk(
  get: Get,
  query: string,
  way: 'next' | 'previous' = 'next',
  between: (page: List) => Promise<unknown> = async () => {},
): Promise<Profile[][]> {
  const pages: Profile[][] = [];
  const parameter = way === 'next' ? 'after' : 'before';
  let cursor = way === 'next' ? '' : '&before=end';
  for (;;) {
    const page = await read(get, query + cursor);
    pages.push(page.profiles);
    await between(page);
    if (!page[way]) return pages;
    cursor = `&${parameter}=${page[way]}`;
  }
}

const idsOf = (profiles: Profile[]) =>
  profiles.map(({ user_id, anonymous_ids }) => user_id ?? anonymous_ids[0]);

describe('pages of the list', () => {
  it('lead to each profile once, forwards and backwards, where many have the same time', async () => {
    const { post, get } = tenant();
    const times = ['2024-01-01T00:00:00Z', '2024-01-02T00:00:00.123Z', '2024-01-03T00:00:00Z'];
    for (let n = 0; n < 23; n++) {
      const id = n % 2 ? { user_id: `u${n}` } : { anonymous_id: `a${n}` };
      await post({ ...id, modified_time: times[n % 3] });
    }
    const whole = idsOf((await read(get, 'limit=1000')).profiles);
    expect(whole).toHaveLength(23);
    for (const limit of [1, 4, 22, 23]) {
      const forwards = await walk(get, `limit=${limit}`);
      expect(forwards.slice(0, -1).every(page => page.length === limit)).toBe(true);
      expect(idsOf(forwards.flat())).toEqual(whole);
      const backwards = await walk(get, `limit=${limit}`, 'previous');
      expect(idsOf(backwards.reverse().flat())).toEqual(whole);
    }
  });

  it('say where they are: no page before the first, none after the last', async () => {
    const { post, get } = tenant();
    for (let n = 0; n < 4; n++) await post({ user_id: `u${n}` });
    const first = await read(get, 'limit=2');
    expect(first).toMatchObject({ previous: null, total: { count: 4, is_exact: true } });
    const second = await read(get, `limit=2&after=${first.next}`);
    expect(second.next).toBe(null);
    const back = await read(get, `limit=2&before=${second.previous}`);
    expect(idsOf(back.profiles)).toEqual(idsOf(first.profiles));
    expect(back).toMatchObject({ previous: null, next: first.next });
    const none = await read(get, 'q=nobody&before=end');
    expect(none).toEqual({ profiles: [], total: { count: 0, is_exact: true }, next: null, previous: null });
  });

  it('of all applications lead to each profile once, too, where they have the same time', async () => {
    const tenants = [tenant(), tenant(), tenant()];
    for (const { post } of tenants)
      for (const id of ['x', 'y', 'z'])
        await post({ user_id: id, company_id: 'all-of-them', modified_time: '2024-01-01T00:00:00Z' });
    const pages = await walk(request, 'company_id=all-of-them&limit=2');
    const keys = pages.flat().map(({ application_id, user_id }) => `${application_id} ${user_id}`);
    expect(keys).toHaveLength(9);
    expect(new Set(keys).size).toBe(9);
    const back = await walk(request, 'company_id=all-of-them&limit=2', 'previous');
    expect(back.reverse().flat()).toEqual(pages.flat());
  });

  it('lead to each profile once that nobody updates meanwhile', async () => {
    const { post, get } = tenant();
    for (let n = 0; n < 30; n++)
      await post({ user_id: `u${n}`, modified_time: `2024-01-01T00:00:${10 + n}Z` });
    let updates = 0;
    const pages = await walk(get, 'limit=3', 'next', async ({ profiles }) => {
      // One that has been shown, one that would come, and somebody new.
      await post({ user_id: profiles[0]?.user_id, metadata: { seen: 1 } });
      await post({ user_id: `u${updates}`, metadata: { seen: 1 } });
      await post({ user_id: `new${updates++}` });
    });
    const ids = idsOf(pages.flat());
    expect(new Set(ids).size).toBe(ids.length);
    const untouched = Array.from({ length: 30 - updates }, (_, n) => `u${n + updates}`);
    expect(ids).toEqual(expect.arrayContaining(untouched));
  });

  it('end early where profiles are large, and go on', async () => {
    const { post, get } = tenant();
    for (let n = 0; n < 20; n++)
      await post({ user_id: `u${n}`, metadata: { text: `${n}`.repeat(500_000 / `${n}`.length) } });
    const answer = await get('/profiles?limit=1000');
    expect((await answer.text()).length).toBeLessThan(10 * 1024 * 1024);
    const pages = await walk(get, 'limit=1000');
    expect(pages.length).toBe(2);
    expect(new Set(idsOf(pages.flat())).size).toBe(20);
    expect(idsOf((await walk(get, 'limit=1000', 'previous')).reverse().flat())).toEqual(idsOf(pages.flat()));
  });

  it('end early, too, where profiles have long tokens, of which each lists 64 KB', async () => {
    const { id, post, send, get, user } = tenant();
    const token = (n: number) => `${n}`.padEnd(16_000, 'x');
    for (let n = 0; n < 6; n++) await post({ user_id: 'u', session_token: token(n) });
    expect((await user('u')).session_tokens).toEqual([0, 1, 2, 3].map(token));
    // The same is as large for each of so many.
    await collector.database.query(
      `insert into aliases (application_id, profile_kind, profile_id, name, digest, value)
       select application_id, 'user', 'v' || n, name, digest, value from aliases, generate_series(1, 200) n
       where application_id = $1`,
      [id],
    );
    const ids = Array.from({ length: 200 }, (_, n) => ({ user_id: `v${n + 1}` }));
    await send('/v1/users/batch', ids);
    const answer = await get('/profiles?limit=1000');
    expect((await answer.text()).length).toBeLessThan(10 * 1024 * 1024);
    const pages = await walk(get, 'limit=1000');
    expect(pages).toHaveLength(2);
    expect(new Set(idsOf(pages.flat())).size).toBe(201);
  });

  it('count truly up to 10,000, and say where there are more', async () => {
    const { id, post, get } = tenant();
    await post({ user_id: 'u', modified_time: '2024-01-01T00:00:00Z' });
    const fill = `insert into profiles (application_id, kind, id, search_text, created_time, modified_time)
      select $1, 'anonymous', 'a' || n, case when n <= 1001 then 'first' else 'crowd' end, now(), '2023-01-01' from generate_series($2::int, $3::int) n`;
    await collector.database.query(fill, [id, 2, 10_000]);
    expect((await read(get, '')).total).toEqual({ count: 10_000, is_exact: true });
    await collector.database.query(fill, [id, 10_001, 10_001]);
    expect((await read(get, '')).total).toEqual({ count: 10_000, is_exact: false });
    expect((await read(get, 'kind=user')).total).toEqual({ count: 1, is_exact: true });
    expect((await read(get, 'q=first')).total).toEqual({ count: 1000, is_exact: true });
    expect((await read(get, 'q=crowd')).total).toEqual({ count: 1000, is_exact: false });
    // All but one have one time: the place of the last is found all the same.
    const last = await read(get, 'before=end&limit=2');
    const before = await read(get, `before=${last.previous}&limit=2`);
    expect(await read(get, `after=${before.next}&limit=2`)).toEqual(last);
  });
});

describe('conditions of the list', () => {
  const VALUES = ['plain', `it's "quoted" \\ 100 % _`, 'ÅÄÖ 🙂', 'x'.repeat(4000), `${'x'.repeat(4000)}y`];

  it.each(CAMPAIGN_FIELDS)('%s is exactly the value, whatever it is', async field => {
    const { post, get } = tenant();
    for (const [n, value] of VALUES.entries())
      expect((await post({ user_id: `u${n}`, campaign: { [field]: value } })).status).toBeLessThan(500);
    for (const other of CAMPAIGN_FIELDS.filter(name => name !== field))
      await post({ user_id: `of-${other}`, campaign: { [other]: 'plain' } });
    for (const [n, value] of VALUES.slice(0, 3).entries()) {
      const { profiles, total } = await read(get, new URLSearchParams({ [field]: value }).toString());
      expect(idsOf(profiles)).toEqual([`u${n}`]);
      expect(total).toEqual({ count: 1, is_exact: true });
    }
    expect((await read(get, `${field}=plai`)).profiles).toEqual([]);
  });

  it('hold together, page by page', async () => {
    const { post, get } = tenant();
    for (let n = 0; n < 12; n++) {
      const campaign = { utm_source: n % 2 ? 'news' : 'ads', utm_medium: n % 3 ? 'mail' : 'cpc' };
      await post({ user_id: `u${n}`, campaign, metadata: { title: n % 4 ? 'Ship Builder' : 'Baker' } });
    }
    const pages = await walk(get, 'utm_source=news&utm_medium=mail&kind=user&q=ship+BUILD&limit=2');
    expect(pages.map(idsOf)).toEqual([
      ['u11', 'u7'],
      ['u5', 'u1'],
    ]);
  });

  it('find a word with the signs of a pattern as it is', async () => {
    const { post, get } = tenant();
    for (const title of ['100% a_b', '1000 axb', 'back\\slash'])
      await post({ user_id: title, metadata: { title } });
    expect(idsOf((await read(get, 'q=100%25')).profiles)).toEqual(['100% a_b']);
    expect(idsOf((await read(get, 'q=a_b')).profiles)).toEqual(['100% a_b']);
    expect(idsOf((await read(get, 'q=k%5Cs')).profiles)).toEqual(['back\\slash']);
  });

  it('find an e-mail by all of it or any part, and no other of the same name or host', async () => {
    const { post, get } = tenant();
    for (const email of ['ada@one.example', 'ada@two.example', 'bob@one.example', 'x@one.example'])
      await post({ user_id: email.replace('@', ' at '), metadata: { email } });
    const find = async (q: string) =>
      idsOf((await read(get, new URLSearchParams({ q }).toString())).profiles).sort();
    expect(await find('ADA@one.example')).toEqual(['ada at one.example']);
    expect(await find('da@two')).toEqual(['ada at two.example']);
    expect(await find('ada@')).toEqual(['ada at one.example', 'ada at two.example']);
    expect(await find('x@one.example')).toEqual(['x at one.example']);
    expect(await find('@one')).toHaveLength(3);
    expect(await find('ada@one.example@')).toEqual([]);
  });

  it('find an id by its digits in the index, and none with the same digits alone', async () => {
    const { post, get } = tenant();
    const ids = ['order-12345', 'client-12345', 'order-123456', 'order-1234', '12345'];
    for (const user_id of ids) await post({ user_id });
    const find = async (q: string) =>
      idsOf((await read(get, new URLSearchParams({ q }).toString())).profiles).sort();
    expect(await find('Order-12345')).toEqual(['order-12345', 'order-123456']);
    expect(await find('r-12345')).toEqual(['order-12345', 'order-123456']);
    expect(await find('t-12345')).toEqual(['client-12345']);
    expect(await find('12345')).toEqual(['12345', 'client-12345', 'order-12345', 'order-123456']);
    expect(await find('order-1234')).toEqual(['order-1234', 'order-12345', 'order-123456']);
  });

  it.each([
    ['visitor-15838', ['%15838%', 'visitor-15838']],
    ['person-15838@example.com', ['%15838%', 'person-15838@example.com']],
    // As many as a year's, or not all at its end: all of it.
    ['spring-2026', ['%spring-2026%']],
    ['2026-01-15', ['%2026-01-15%']],
    ['15838', ['%15838%']],
    ['15838-visitor', ['%15838-visitor%']],
  ])('ask the index for what few have of %s', (text, asked) => {
    const parameters: unknown[] = [];
    conditionOf({ text }, value => `$${parameters.push(value)}`);
    expect(parameters).toEqual(asked);
  });

  it('refuse what no cursor is, a text that can not be stored, and the number of a page', async () => {
    const { get } = tenant();
    const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');
    const wrong = [
      'x',
      cursor([]),
      cursor(['2024-01-01T00:00:00.000000Z', 'a', 'user']),
      cursor(['2024-02-31T00:00:00.000000Z', 'a', 'user', 'u']),
      cursor(['now', 'a', 'user', 'u']),
      cursor(['2024-01-01T00:00:00.000000Z', 'a', 'user', 'a\0b']),
      cursor(['2024-01-01T00:00:00.000000Z', 'a', 'user', 5]),
      cursor({ length: 4 }),
    ];
    for (const name of ['after', 'before'])
      for (const text of wrong) {
        const answer = await get(`/profiles?${name}=${text}`);
        expect([answer.status, await errorOf(answer)]).toEqual([
          400,
          `${name} must be a cursor as an answer gave it.`,
        ]);
      }
    const { next } = await read(get, '');
    expect(next).toBe(null);
    const good = cursor(['2024-01-01T00:00:00.000000Z', 'a', 'user', 'u']);
    expect(await errorOf(await get(`/profiles?after=${good}&before=${good}`))).toMatch(
      /^Either after or before/,
    );
    expect(await errorOf(await get('/profiles?page=2'))).toMatch(/^page is no parameter: send after/);
    expect(await errorOf(await get('/profiles?limit=0'))).toMatch(/^limit must/);
    for (const name of [...CAMPAIGN_FIELDS, 'channel', 'company_id', 'q', 'after'])
      expect((await get(`/profiles?${name}=a%00b`)).status).toBe(400);
  });
});

// PGlite has one connection and no timer.
describe.skipIf(!collector.isShared)('on a server', () => {
  it('a write waits for no read, however many there are', async () => {
    const { post } = tenant();
    await post({ user_id: 'u' });
    let done = 0;
    const reads = Array.from({ length: 12 }, () =>
      collector.database.read('select pg_sleep(0.5)').then(() => done++),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post({ user_id: `u${n}` })));
    expect(answers.every(({ status }) => status < 300)).toBe(true);
    expect(done).toBe(0);
    await Promise.all(reads);
  });

  it('a read that takes too long is given up with a sentence', async () => {
    await expect(collector.database.read('select pg_sleep(20)')).rejects.toMatchObject({
      status: 503,
      message: expect.stringMatching(/^The database needs more than 5 seconds for this\. Ask for less/),
    });
  });
});
