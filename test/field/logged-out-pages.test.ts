// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { kindBrowser, openPage, startAnew } from '../client/client-world.ts';
import { settled } from '../world.ts';

startAnew();

const TAGGED = 'https://www.example.com/?utm_source=news';
const next = async () => {
  await settled();
  await vi.advanceTimersByTimeAsync(60_000);
};

describe('reset() while nobody is identified', () => {
  it.each([0, 1, 3])('changes nothing on four pages, called %i more times on each', async more => {
    const browser = kindBrowser();
    const ids = new Set<string | undefined>();
    for (const url of [TAGGED, ...['a', 'b', 'c'].map(path => `https://www.example.com/${path}`)]) {
      const { client } = openPage(browser, { url });
      for (let n = 0; n <= more; n++) client.reset();
      ids.add(client.getAnonymousId());
      await next();
    }
    expect(ids.size).toBe(1);
    const { identify } = openPage(browser);
    await identify('1');
    const [anonymous_id] = ids;
    expect(browser.collector.got).toEqual([
      { anonymous_id, campaign: { utm_source: 'news' } },
      { user_id: '1', anonymous_id, campaign: { utm_source: 'news' } },
    ]);
  });

  it('before init, too', async () => {
    const browser = kindBrowser();
    const { client, start, collector } = openPage(browser, { url: TAGGED, begin: false });
    client.reset();
    start();
    await next();
    await client.identifyUser('1');
    expect(new Set(collector.got.map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
  });
});

describe('reset() of an identified user', () => {
  const OPTIONS = { companyId: 'c' };
  const signedIn = async () => {
    const browser = kindBrowser();
    const { client, identify } = openPage(browser, { url: TAGGED });
    await identify('1', { plan: 'pro' }, OPTIONS);
    const id = client.getAnonymousId();
    await next();
    browser.collector.got.length = 0;
    return { browser, id };
  };

  it('is taken back by the same user on the same page: with id, company and touches, and nothing is sent', async () => {
    const { browser, id } = await signedIn();
    for (let n = 0; n < 3; n++) {
      const { client, identify } = openPage(browser);
      client.reset();
      expect(client.getCampaign()).toBeUndefined();
      await vi.advanceTimersByTimeAsync(200);
      expect(await identify('1', { plan: 'pro' })).toEqual({ status: 'unchanged' });
      expect([client.getAnonymousId(), client.getCampaign()]).toEqual([id, { utm_source: 'news' }]);
      await next();
    }
    expect(browser.collector.got).toEqual([]);
  });

  it('is taken back with the company, which goes along with what is new', async () => {
    const { browser, id } = await signedIn();
    const { client, identify } = openPage(browser);
    client.reset();
    client.reset();
    await identify('1', { plan: 'max' });
    expect(browser.collector.got).toEqual([
      { user_id: '1', anonymous_id: id, company_id: 'c', metadata: { plan: 'max' } },
    ]);
  });

  it('is taken back where another tab has made a visitor of its own in between', async () => {
    const { browser, id } = await signedIn();
    const first = openPage(browser);
    first.client.reset();
    await next();
    const other = openPage(browser);
    expect(other.client.getAnonymousId()).not.toBe(id);
    await other.identify('2');
    await next();
    expect(await first.identify('1', { plan: 'pro' }, OPTIONS)).toEqual({ status: 'unchanged' });
    await next();
    expect(openPage(browser).client.getAnonymousId()).toBe(id);
    expect(browser.collector.got.map(body => [body.user_id, body.company_id])).toEqual([['2', undefined]]);
  });

  it.each([
    [
      'another user',
      async ({ browser }: Awaited<ReturnType<typeof signedIn>>) => {
        const { client, identify } = openPage(browser);
        client.reset();
        await identify('2');
        return client;
      },
    ],
    [
      'the same user after another one',
      async ({ browser }) => {
        const { client, identify } = openPage(browser);
        client.reset();
        await identify('2');
        await identify('1');
        return client;
      },
    ],
    [
      'the same user on a later page',
      async ({ browser }) => {
        openPage(browser).client.reset();
        await next();
        const { client, identify } = openPage(browser);
        await identify('1');
        return client;
      },
    ],
  ] as [
    string,
    (world: Awaited<ReturnType<typeof signedIn>>) => Promise<ReturnType<typeof openPage>['client']>,
  ][])('stands where it is followed by %s', async (_, follow) => {
    const world = await signedIn();
    const client = await follow(world);
    expect(client.getAnonymousId()).not.toBe(world.id);
    expect(client.getCampaign()).toBeUndefined();
    for (const body of world.browser.collector.got) expect(body).not.toHaveProperty('company_id');
  });
});
