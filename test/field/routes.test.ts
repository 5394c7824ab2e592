// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { createBrowser, openPage, startAnew } from '../client/client-world.ts';

startAnew();

const HOME = 'https://www.example.com/';
const LANDING = `${HOME}?utm_source=news&utm_medium=email&gclid=g&fbclid=f`;

/** A landing in a single-page app, and its routes, one after another. */
function follow(routes: string[], options = {}) {
  const { client, page } = openPage(createBrowser(), { url: LANDING, ...options });
  client.explain();
  const landed = Date.now();
  for (const route of routes) {
    vi.advanceTimersByTime(60_000);
    page.address = HOME + route;
    history.pushState(null, '', '/');
  }
  return { decisions: client.explain(), campaign: client.getCampaign(), landed };
}

it.each(['first', 'last'] as const)(
  'routes that repeat the tags, all or some, change nothing under %s',
  attribution => {
    const routes = [
      'a?utm_source=news',
      'b?utm_medium=email&gclid=g',
      'c#/x?utm_source=news',
      'd',
      'e?fbclid=f',
      'f?utm_source=news&utm_medium=email&gclid=g&fbclid=f',
    ];
    const { decisions, campaign } = follow(routes, { attribution });
    expect(decisions[0]?.outcome).toBe('new touch');
    for (const decision of decisions.slice(1))
      expect(decision).toMatchObject({ rule: 'repeated', outcome: 'kept' });
    expect(decisions.length).toBeGreaterThan(3);
    expect(campaign).toEqual({ utm_source: 'news', utm_medium: 'email', gclid: 'g' });
  },
);

it('a route with tags of its own is a campaign, once, and noted as one between own pages', () => {
  const { decisions, campaign } = follow(
    ['a?utm_source=home', 'b?utm_source=home', 'c', 'd?utm_source=home'],
    {
      attribution: 'last',
    },
  );
  expect(decisions.map(({ rule }) => rule)).toEqual(['campaign', 'campaign']);
  expect(decisions[1]?.issues).toEqual([{ key: 'referrer', code: 'internal-campaign' }]);
  expect(campaign).toEqual({ utm_source: 'home' });
});

it('routes without tags are no decisions', () => {
  expect(follow(['a', 'b?page=2', 'c#utm']).decisions).toHaveLength(1);
});

it('a landing that repeats the tags on the next page load keeps time and number of touches', async () => {
  const browser = createBrowser();
  const options = { attribution: 'last', includeAttribution: true } as const;
  openPage(browser, { url: LANDING, ...options }).client.getCampaign();
  const landed = new Date().toISOString();
  await vi.advanceTimersByTimeAsync(60_000);
  const { client, collector } = openPage(browser, {
    url: `${HOME}p?gclid=g&fbclid=f`,
    referrer: LANDING,
    ...options,
  });
  void client.identifyUser('1');
  expect(collector.got.at(-1)).toMatchObject({
    campaign: { utm_source: 'news', utm_medium: 'email', gclid: 'g' },
    metadata: { attribution: { count: 1, last: { time: landed, fbclid: 'f' } } },
  });
});
