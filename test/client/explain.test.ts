// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '../world.ts';
import { createBrowser, kindBrowser, openPage, startAnew } from './client-world.ts';

startAnew();

it('a decision tells its input, rule, outcome, reason and issues, without what the hygiene rules take away', () => {
  const { client } = openPage(undefined, {
    url: 'https://u:p@www.example.com/a?utm_source=ad&utm_term={{term}}&secret=1#x',
    referrer: 'https://news.org/reset/me@mail.org?token=1',
  });
  expect(client.explain()).toEqual([
    {
      at: Date.now(),
      url: 'https://www.example.com/a',
      referrer: 'https://news.org/',
      rule: 'campaign',
      outcome: 'new touch',
      reason: 'campaign parameters, or the click id of an ad, in the URL',
      issues: [
        { key: 'utm_term', code: 'macro' },
        { key: 'referrer', code: 'email' },
      ],
      campaign: { utm_source: 'ad', referrer: 'https://news.org/', referring_domain: 'news.org' },
    },
  ]);
});

it('the last 20 decisions are told, the oldest first', () => {
  const { client, page } = openPage();
  client.explain();
  for (let n = 1; n <= 25; n++) {
    page.address = `https://www.example.com/?utm_source=s${n}`;
    history.pushState(null, '', '/');
  }
  const sources = client.explain().map(({ campaign }) => campaign?.utm_source);
  expect([sources.length, sources[0], sources.at(-1)]).toEqual([20, 's6', 's25']);
});

it('what is told is a copy: the caller cannot change what is told next', () => {
  const { client } = openPage();
  client.explain().length = 0;
  expect(client.explain()).toHaveLength(1);
});

it('only under debug it is also shown as a table', () => {
  const table = vi.spyOn(console, 'table').mockImplementation(() => {});
  vi.spyOn(console, 'info').mockImplementation(() => {});
  openPage().client.explain();
  expect(table).not.toHaveBeenCalled();
  openPage(createBrowser(), { debug: true }).client.explain();
  expect(table).toHaveBeenCalledOnce();
});

it('before init there is nothing to explain', () => {
  expect(openPage(undefined, { begin: false }).client.explain()).toEqual([]);
});

it('coming back from the host this tab was sent to is a round trip', () => {
  sessionStorage.setItem('utmost_away', `${Date.now() - 29 * 60_000} idp.partner.org`);
  const referrer = 'https://idp.partner.org/';
  expect(openPage(undefined, { referrer }).client.explain()[0]?.rule).toBe('round-trip');
  sessionStorage.setItem('utmost_away', `${Date.now() - 31 * 60_000} idp.partner.org`);
  expect(openPage(undefined, { referrer }).client.explain()[0]?.rule).toBe('referral');
});

describe('leaving the page', () => {
  const navigation = new EventTarget();
  const leave = (url: string, sameDocument = false) =>
    navigation.dispatchEvent(Object.assign(new Event('navigate'), { destination: { url, sameDocument } }));
  beforeEach(() => void Object.assign(window, { navigation }));
  afterEach(() => void Reflect.deleteProperty(window, 'navigation'));
  const away = () => sessionStorage.getItem('utmost_away');

  it('is remembered by the host it leads to', () => {
    openPage().client.explain();
    leave('https://idp.partner.org/login?x=1');
    expect(away()).toBe(`${Date.now()} idp.partner.org`);
  });

  it('within a single-page app is no leaving', () => {
    openPage().client.explain();
    leave('https://www.example.com/route', true);
    expect(away()).toBeNull();
  });

  it.each(['https://github.com/', 'https://www.linkedin.com/', 'https://idp.unheard-of.example/'])(
    'for an own address that redirects on makes the return a round trip, by whatever host: %s',
    referrer => {
      const browser = createBrowser();
      openPage(browser).client.explain();
      vi.advanceTimersByTime(40 * 60_000);
      leave('https://www.example.com/auth/start');
      vi.advanceTimersByTime(60_000);
      const back = openPage(browser, { url: 'https://www.example.com/auth/callback?code=x', referrer });
      expect(back.client.explain()[0]).toMatchObject({ rule: 'round-trip', outcome: 'kept' });
      expect(back.client.getCampaign()).toBeUndefined();
    },
  );

  it('for an own page that was seen explains no later visit', () => {
    const browser = createBrowser();
    openPage(browser).client.explain();
    leave('https://www.example.com/pricing');
    openPage(browser, { referrer: 'https://www.example.com/' }).client.explain();
    vi.advanceTimersByTime(31 * 60_000);
    const { client } = openPage(browser, { referrer: 'https://news.org/' });
    expect(client.explain()[0]?.rule).toBe('referral');
  });
});

it('getTouches tells both touches and their number, and nothing else of the records', async () => {
  const browser = kindBrowser();
  const first = openPage(browser, { url: 'https://www.example.com/?utm_source=a' }).client;
  expect(first.getTouches()).toEqual({
    first: { campaign: { utm_source: 'a' }, at: Date.now(), rule: 'campaign' },
    count: 1,
  });
  await first.identifyUser('1');
  await vi.advanceTimersByTimeAsync(1000);
  const { client } = openPage(browser, { url: 'https://www.example.com/?utm_source=b' });
  expect(Object.keys(client.getTouches() ?? {})).toEqual(['first', 'last', 'count']);
  expect(client.getTouches()?.last?.campaign).toEqual({ utm_source: 'b' });
  client.setConsent('denied');
  expect(client.getTouches()).toBeUndefined();
});

it('with clickIds, metadata tells the last click of each platform, and nothing else of the attribution', async () => {
  const browser = kindBrowser();
  openPage(browser, { url: 'https://www.example.com/offer?gclid=g', clickIds: true }).client.getCampaign();
  await vi.advanceTimersByTimeAsync(1000);
  const { client } = openPage(browser, { url: 'https://www.example.com/?ScCid=s', clickIds: true });
  await client.identifyUser('1', { plan: 'pro' });
  await settled();
  const body = browser.collector.got.at(-1) as { metadata: unknown; campaign: unknown };
  expect(body.campaign).toEqual({ gclid: 'g' });
  expect(body.metadata).toEqual({
    plan: 'pro',
    click_ids: {
      gclid: { id: 'g', time: '2026-01-15T00:00:00.000Z', landing_path: '/offer' },
      sccid: { id: 's', time: '2026-01-15T00:00:01.000Z', landing_path: '/' },
    },
  });
});

it('with clickIds, a visitor without any click sends no word of it', async () => {
  const browser = kindBrowser();
  const { client } = openPage(browser, { url: 'https://www.example.com/?utm_source=a', clickIds: true });
  await client.identifyUser('1');
  await settled();
  expect(browser.collector.got.at(-1)).not.toHaveProperty('metadata');
});

it('with includeAttribution, metadata tells first and last touch, each field of the other’s cleared', async () => {
  const browser = kindBrowser();
  openPage(browser, {
    url: 'https://www.example.com/offer?utm_source=a&utm_term=t&fbclid=f',
    includeAttribution: true,
  }).client.getCampaign();
  await vi.advanceTimersByTimeAsync(1000);
  const { client } = openPage(browser, {
    url: 'https://www.example.com/?utm_source=b',
    includeAttribution: true,
  });
  await client.identifyUser('1', { plan: 'pro' });
  await settled();
  const body = browser.collector.got.at(-1) as { metadata: Record<string, unknown>; campaign: unknown };
  expect(body.campaign).toEqual({ utm_source: 'a', utm_term: 't' });
  expect(body.metadata).toMatchObject({
    plan: 'pro',
    attribution: {
      count: 2,
      first: {
        utm_source: 'a',
        utm_term: 't',
        fbclid: 'f',
        gclid: null,
        rule: 'campaign',
        landing_path: '/offer',
        time: '2026-01-15T00:00:00.000Z',
      },
      last: { utm_source: 'b', utm_term: null, fbclid: null, landing_path: '/' },
    },
  });
});

it('without the option, metadata is the caller’s alone', async () => {
  const browser = createBrowser();
  const { client } = openPage(browser, { url: 'https://www.example.com/?utm_source=a&fbclid=f' });
  void client.identifyUser('1', { plan: 'pro' });
  expect(browser.collector.got.at(-1)?.metadata).toEqual({ plan: 'pro' });
});
