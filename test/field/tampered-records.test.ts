// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { kindBrowser, openPage, startAnew } from '../client/client-world.ts';
import { openFullPage } from '../features/full-world.ts';
import { settled } from '../world.ts';

startAnew();

/** What any script on any subdomain may have written in the place of a value. */
const VALUES: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  -1e300,
  8.64e15,
  'now',
  '',
  'x'.repeat(700),
  '\uD800\0',
  '__proto__',
  [],
  [[]],
  ['x'],
  {},
  { toString: 0, valueOf: 0 },
  { trim: 'x' },
  { toJSON: 1 },
  { length: 1e9 },
  { constructor: { name: 1 } },
];

const RECORDS: Record<string, Record<string, unknown>> = {
  id: { anonymousId: 'anon', userId: '7', companyId: 'acme' },
  campaign: {
    first: {
      campaign: { utm_source: 'a', referrer: 'https://news.org/' },
      at: 1768435200000,
      rule: 'campaign',
      clickIds: { fbclid: 'f' },
      path: '/x',
    },
    last: { campaign: { gclid: 'g' }, at: 1768435200001, rule: 'campaign' },
    count: 2,
  },
  state: { lastActivityAt: 1768435200001, announced: 1, delivered: 1, fingerprint: 'abc', confirmed: 1 },
  renewed: {},
  consent: { choice: 'granted' },
  company: { fingerprint: 'abc', confirmed: 1, delivered: 1 },
  session: { fingerprint: 'abc', confirmed: 1 },
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each field of a record by its path, those of its touches and campaigns too. */
const paths = (record: Record<string, unknown>, before: string[] = []): string[][] =>
  Object.entries(record).flatMap(([key, value]) => [
    [...before, key],
    ...(isPlain(value) ? paths(value, [...before, key]) : []),
  ]);

const replaced = (record: unknown, [key, ...rest]: string[], value: unknown): unknown =>
  key === undefined
    ? value
    : { ...(record as object), [key]: replaced((record as Record<string, unknown>)[key], rest, value) };

/** As it stands in a cookie. */
const cookie = (name: string, record: unknown) => {
  const json = JSON.stringify(isPlain(record) ? { v: 1, ...record } : record);
  const bytes = String.fromCharCode(...new TextEncoder().encode(json));
  return `utmost_${name}=${btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')};domain=example.com`;
};

const tampered = Object.entries(RECORDS).flatMap(([name, record]) => [
  [name, []] as [string, string[]],
  ...paths(record).map(path => [name, path] as [string, string[]]),
]);

/** Nothing of an answer is anything but what it is told to be. */
function expectSound(bodies: object[]) {
  for (const body of bodies as Record<string, unknown>[]) {
    for (const key of ['user_id', 'anonymous_id', 'company_id'])
      if (key in body) expect(`${key} ${body[key]}`).toMatch(new RegExp(`^${key} [^\\0]{1,512}$`));
    for (const value of Object.values(body.campaign ?? {}))
      expect(value === null || (typeof value === 'string' && value.length <= 512)).toBe(true);
  }
}

describe.each(tampered)('a record %s, tampered with at %j', (name, path) => {
  const browserWith = (value: unknown) => {
    const browser = kindBrowser();
    for (const [each, record] of Object.entries(RECORDS))
      browser.jar.write(cookie(each, each === name ? replaced(record, path, value) : record));
    return browser;
  };

  it('throws nowhere, and the user arrives', async () => {
    for (const value of VALUES) {
      const browser = browserWith(value);
      const { client, identify, collector } = openPage(browser, {
        url: 'https://www.example.com/?utm_source=b',
        attribution: 'last',
        includeAttribution: true,
      });
      expect([typeof client.getAnonymousId(), typeof client.getCampaign(), client.explain().length]).toEqual([
        'string',
        'object',
        1,
      ]);
      client.reset();
      expect(await identify('7', { a: 1 }, { companyId: 'c' })).toMatchObject({ status: 'delivered' });
      expect(collector.got.at(-1)).toMatchObject({ user_id: '7', company_id: 'c', metadata: { a: 1 } });
      expectSound(collector.got);
      await vi.advanceTimersByTimeAsync(60_000);
      const next = openPage(browser, { referrer: 'https://news.org/' });
      expect(await next.identify('8')).toMatchObject({ status: 'delivered' });
      expectSound(collector.got);
    }
  });

  it('throws nowhere in utmost/full, whose company and session arrive', async () => {
    for (const value of VALUES) {
      const { client, to, sent } = openFullPage(browserWith(value), {
        url: 'https://www.example.com/?utm_source=b',
        attribution: 'last',
        includeAttribution: true,
      });
      const told = [client.getUserId(), client.getCompanyId(), client.getAnonymousId()];
      for (const each of told) expect(['string', 'undefined']).toContain(typeof each);
      expect(await client.identifyUser('7', { a: 1 })).toMatchObject({ status: 'delivered' });
      expect(await client.identifyCompany('c', { b: 1 })).toMatchObject({ status: 'delivered' });
      client.identifySession('token');
      await settled();
      await vi.advanceTimersByTimeAsync(5000);
      expect(to('companies')).toEqual([expect.objectContaining({ company_id: 'c', metadata: { b: 1 } })]);
      expect(to('users').at(-1)).toMatchObject({ user_id: '7', session_token: 'token' });
      expectSound(sent.map(({ body }) => body));
    }
  });
});

it('a bad field is as if it were not there, and the others count', async () => {
  const browser = kindBrowser();
  browser.jar.write(cookie('id', { anonymousId: { trim: 'x' }, userId: 7, companyId: 'acme' }));
  browser.jar.write(
    cookie('campaign', {
      first: { campaign: { utm_source: 'a', utm_term: [] }, at: 1768435200000 },
      last: 'x',
      count: '2',
      seen: 'now',
    }),
  );
  const { identify, collector } = openPage(browser);
  await identify('7');
  expect(collector.got).toEqual([
    { user_id: '7', anonymous_id: 'uuid-1', company_id: 'acme', campaign: { utm_source: 'a' } },
  ]);
});

it.each(['=', '%', 'é', '{}', 'bnVsbA', 'W10', 'MQ', 'eyJ2IjoyfQ', `${'A'.repeat(4000)}`])(
  'a cookie that is no record at all is none: %s',
  async value => {
    const browser = kindBrowser();
    for (const name of Object.keys(RECORDS)) browser.jar.write(`utmost_${name}=${value};domain=example.com`);
    const { identify } = openPage(browser);
    expect(await identify('1')).toMatchObject({ status: 'delivered' });
  },
);
