// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { decode } from '../../src/storage/codec.ts';
import { DELIVERED, OFFLINE, settled } from '../world.ts';
import { createBrowser, openPage, startAnew } from './client-world.ts';

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const LANDING = 'https://www.example.com/?utm_source=a&utm_medium=b&gclid=g';

startAnew();

describe('the request', () => {
  it('is the Users API’s, its fields in the documented order', () => {
    const { client, sent } = openPage(undefined, { url: LANDING, referrer: 'https://u:p@news.org/x?y' });
    void client.identifyUser(
      '12345',
      { email: 'a@b.c', at: new Date(0) },
      { sessionToken: 's', companyId: 'c' },
    );
    expect(sent).toEqual([
      '{"user_id":"12345","anonymous_id":"uuid-1","company_id":"c","session_token":"s",' +
        '"campaign":{"utm_source":"a","utm_medium":"b","referrer":"https://news.org/x",' +
        '"referring_domain":"news.org","gclid":"g"},' +
        '"metadata":{"email":"a@b.c","at":"1970-01-01T00:00:00.000Z"}}',
    ]);
  });

  it('has no field for what is not known', () => {
    const { client, sent } = openPage();
    void client.identifyUser('1');
    expect(sent).toEqual(['{"user_id":"1","anonymous_id":"uuid-1"}']);
  });

  it('leaves within the task of the call, for a redirect may follow', () => {
    const { client, sent, store } = openPage();
    void client.identifyUser('1');
    location.hash = '#away';
    expect([sent.length, store.begun.length]).toEqual([1, 1]);
  });

  it('keeps a session token out of cookies', async () => {
    const { client, jar, collector } = openPage();
    void client.identifyUser('1', {}, { sessionToken: 'secret' });
    await collector.answer(DELIVERED);
    const written = jar.written
      .map(text => JSON.stringify(decode(text.match(/=([\w-]+)/)?.[1])) ?? text)
      .join();
    expect(written).toContain('"userId":"1"');
    expect(written).not.toContain('secret');
  });
});

describe('the campaign', () => {
  it('travels on every page until a 2xx, and then no more', async () => {
    const browser = createBrowser();
    const landing = openPage(browser, { url: LANDING });
    void landing.client.identifyUser('1');
    await browser.collector.answer(OFFLINE);
    const next = openPage(browser);
    void next.client.identifyUser('1');
    expect(browser.collector.got.map(({ campaign }) => !!campaign)).toEqual([true, true]);
    await browser.collector.answer(DELIVERED);
    void openPage(browser).client.identifyUser('1', { n: 1 });
    expect(browser.collector.got.at(-1)).toEqual({
      user_id: '1',
      anonymous_id: 'uuid-1',
      metadata: { n: 1 },
    });
    expect(next.client.getCampaign()).toEqual({ utm_source: 'a', utm_medium: 'b', gclid: 'g' });
  });

  it('survives a full page of internal navigation, payment and reload', async () => {
    const browser = createBrowser();
    openPage(browser, { url: LANDING });
    await wait(1);
    openPage(browser, { referrer: 'https://www.example.com/' });
    await wait(3_600_000);
    const { client } = openPage(browser, { referrer: 'https://www.paypal.com/' });
    expect(client.getCampaign()).toMatchObject({ utm_source: 'a' });
  });

  it('is shared by the subdomains of a site', async () => {
    const browser = createBrowser();
    openPage(browser, { url: LANDING });
    await wait(1);
    const { client, sent } = openPage(browser, { url: 'https://app.example.com/' });
    void client.identifyUser('1');
    expect(sent[0]).toContain('"utm_source":"a"');
  });
});

describe('a visitor not yet identified', () => {
  it('is told of once for a campaign, after the task', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => DELIVERED;
    const { sent } = openPage(browser, { url: LANDING });
    expect(sent).toEqual([]);
    await wait(100);
    const body = '{"anonymous_id":"uuid-1","campaign":{"utm_source":"a","utm_medium":"b","gclid":"g"}}';
    expect(sent).toEqual([body]);
    openPage(browser);
    openPage(browser, { url: LANDING });
    await wait(100);
    expect(browser.collector.got).toHaveLength(1);
  });

  it('is not told of where there is no campaign', async () => {
    const { sent } = openPage(undefined, { url: 'https://www.example.com/?utm_source=&fbclid=x' });
    await wait(100);
    expect(sent).toEqual([]);
  });

  it('is not told of beside an identify of the same task, nor after one', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => DELIVERED;
    const { client } = openPage(browser, { url: LANDING });
    void client.identifyUser('1');
    await wait(100);
    openPage(browser, { url: 'https://www.example.com/?utm_source=other' });
    await wait(100);
    expect(browser.collector.got.map(body => body.user_id)).toEqual(['1']);
  });
});

describe('switching users', () => {
  it('without reset sends nothing of A with B', async () => {
    const { client, collector } = openPage(undefined, { url: LANDING });
    void client.identifyUser('A', { a: 1 }, { companyId: 'cA', sessionToken: 'sA' });
    await collector.answer(DELIVERED);
    void client.identifyUser('B', { b: 1 });
    expect(collector.got[1]).toEqual({ user_id: 'B', anonymous_id: 'uuid-3', metadata: { b: 1 } });
    expect(collector.got[0]?.anonymous_id).toBe('uuid-1');
  });

  it('with reset neither, and A’s update still in the outbox is delivered', async () => {
    const { client, collector, store } = openPage(undefined, { url: LANDING });
    void client.identifyUser('A', {}, { companyId: 'cA' });
    await collector.answer(OFFLINE);
    client.reset();
    expect([client.getCampaign(), client.getAnonymousId()]).toEqual([undefined, 'uuid-3']);
    collector.rule = () => DELIVERED;
    void client.identifyUser('B');
    await wait(10_000);
    const [, B, A] = collector.got;
    expect(B).toEqual({ user_id: 'B', anonymous_id: 'uuid-3' });
    expect(A).toMatchObject({ user_id: 'A', company_id: 'cA', campaign: { utm_source: 'a' } });
    expect(store.bodies).toEqual([]);
  });
});

describe('a single-page app', () => {
  const go = (page: { address: string }, url: string) => {
    page.address = url;
    history.pushState(null, '', '/');
  };
  const open = (url: string, referrer = '') => {
    const opened = openPage(undefined, { url, referrer, attribution: 'last' });
    const source = () => opened.client.getCampaign()?.utm_source;
    return { ...opened, source };
  };

  it('that keeps the query from view to view makes no second touch of it', async () => {
    const { page, collector, stop } = open(LANDING);
    collector.rule = () => DELIVERED;
    await wait(100);
    go(page, LANDING.replace('/?', '/view?'));
    go(page, 'https://www.example.com/plain');
    go(page, `${LANDING}&view=2`);
    await wait(100);
    expect(collector.got).toHaveLength(1);
    stop();
  });

  it('that gets new parameters makes a touch of them, and its referrer counts once', async () => {
    const { page, client, source, stop } = open('https://www.example.com/', 'https://news.org/');
    expect(client.getCampaign()).toMatchObject({ referring_domain: 'news.org' });
    await wait(100);
    go(page, 'https://www.example.com/#/route?utm_source=new');
    expect(source()).toBe('new');
    expect(client.getCampaign()).toEqual({ utm_source: 'new' });
    stop();
  });

  it('that changes its URL without parameters touches nothing', async () => {
    const { page, source, stop } = open(LANDING);
    await wait(3_600_000);
    go(page, 'https://www.example.com/?id=1');
    await settled();
    expect(source()).toBe('a');
    stop();
  });
});
