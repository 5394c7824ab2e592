// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { createBrowser, kindBrowser, startAnew } from '../client/client-world.ts';
import { DELIVERED, OFFLINE, settled } from '../world.ts';
import { openFullPage } from './full-world.ts';

const LANDING = 'https://www.example.com/?utm_source=a&utm_medium=b';
const CAMPAIGN = { utm_source: 'a', utm_medium: 'b' };
const HOUR = 3_600_000;

startAnew();

describe('the request', () => {
  it('is the companies API’s, its fields in the documented order', () => {
    const { client, sent } = openFullPage(undefined, { url: LANDING });
    client.identifySession('token');
    void client.identifyCompany('12', { plan: 'pro', 'a.b': 1 }, 'acme.com');
    expect(sent).toMatchObject([{ path: 'companies' }]);
    expect(sent[0]?.text).toBe(
      '{"company_id":"12","company_domain":"acme.com","session_token":"token",' +
        '"campaign":{"utm_source":"a","utm_medium":"b"},"metadata":{"plan":"pro","a_b":1}}',
    );
  });

  it('has no field for what is not known', () => {
    const { client, sent } = openFullPage();
    void client.identifyCompany(12);
    expect(sent[0]?.text).toBe('{"company_id":"12"}');
  });

  it.each([[''], [' '], [undefined], [Number.NaN], [{}]])('is not made for the id %o', async id => {
    const { client, sent } = openFullPage();
    expect(await client.identifyCompany(id as string)).toMatchObject({
      status: 'dropped',
      reason: 'invalid-company-id',
    });
    expect([sent, client.getCompanyId()]).toEqual([[], undefined]);
  });

  it('is never merged with that of a user of the same id', async () => {
    const { client, sent, collector } = openFullPage();
    void client.identifyUser('1', { a: 1 });
    void client.identifyCompany('1', { b: 1 });
    void client.identifyUser('1', { a: 2 });
    void client.identifyCompany('1', { b: 2 });
    for (let index = 0; index < 4; index++) await collector.answer(DELIVERED);
    const companies = sent.filter(({ path }) => path === 'companies').map(({ text }) => text);
    expect(companies).toEqual([
      '{"company_id":"1","metadata":{"b":1}}',
      '{"company_id":"1","metadata":{"b":2}}',
    ]);
  });
});

describe('the campaign', () => {
  it('is the user’s and the company’s alike, and travels with each until one has been delivered with it', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const landing = openFullPage(browser, { url: LANDING });
    await landing.client.identifyCompany('c');
    await landing.client.identifyUser('1');
    browser.collector.rule = () => DELIVERED;
    browser.store.entries.clear();
    const next = openFullPage(browser);
    await next.client.identifyCompany('c', { n: 1 });
    await next.client.identifyUser('1', { n: 1 });
    const later = openFullPage(browser);
    await later.client.identifyCompany('c', { n: 2 });
    await later.client.identifyUser('1', { n: 2 });
    const campaigns = [landing, next, later].map(({ to }) => [
      to('companies')[0]?.campaign,
      to('users')[0]?.campaign,
    ]);
    expect(campaigns).toEqual([
      [CAMPAIGN, CAMPAIGN],
      [CAMPAIGN, CAMPAIGN],
      [undefined, undefined],
    ]);
  });

  it('that a company got is still due to the user', async () => {
    const { client, to } = openFullPage(kindBrowser(), { url: LANDING });
    await client.identifyCompany('c');
    await client.identifyUser('1');
    expect(to('users').at(-1)).toMatchObject({ user_id: '1', campaign: CAMPAIGN });
  });

  it('follows the option attribution', async () => {
    const browser = kindBrowser();
    await openFullPage(browser, { url: LANDING }).client.identifyCompany('c');
    vi.advanceTimersByTime(HOUR);
    const { client, to } = openFullPage(browser, {
      url: 'https://www.example.com/?utm_source=z',
      attribution: 'last',
    });
    await client.identifyCompany('c');
    expect(to('companies')[0]?.campaign).toMatchObject({ utm_source: 'z', utm_medium: null });
  });
});

describe('the same update of a company', () => {
  it('is not sent again within 24 hours of its confirmation, on another page either', async () => {
    const browser = kindBrowser();
    await openFullPage(browser).client.identifyCompany('c', { n: 1 });
    const { client, to } = openFullPage(browser);
    expect(await client.identifyCompany('c', { n: 1 })).toEqual({ status: 'unchanged' });
    expect(await client.identifyCompany('c', { n: 2 })).toMatchObject({ status: 'delivered' });
    vi.setSystemTime(Date.now() + 25 * HOUR);
    expect(await client.identifyCompany('c', { n: 2 })).toMatchObject({ status: 'delivered' });
    expect(to('companies')).toHaveLength(2);
  });

  it('is sent again while it is not confirmed', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const { client, to } = openFullPage(browser);
    await client.identifyCompany('c');
    await client.identifyCompany('c');
    expect(to('companies').length).toBeGreaterThan(1);
  });
});

describe('the user', () => {
  it('identified before the company is linked to it by an update of their own, once', async () => {
    const browser = kindBrowser();
    const { client, sent } = openFullPage(browser);
    await client.identifyUser('1');
    await client.identifyCompany('c');
    await client.identifyCompany('c', { n: 1 });
    await settled();
    expect(sent.map(({ text }) => text)).toEqual([
      '{"user_id":"1","anonymous_id":"uuid-1"}',
      '{"company_id":"c"}',
      '{"user_id":"1","anonymous_id":"uuid-1","company_id":"c"}',
      '{"company_id":"c","metadata":{"n":1}}',
    ]);
    expect(client.getCompanyId()).toBe('c');
  });

  it('identified after it is of the company, on another page too', async () => {
    const browser = kindBrowser();
    await openFullPage(browser).client.identifyCompany('c');
    const { client, to } = openFullPage(browser);
    await client.identifyUser('1');
    expect(to('users')).toMatchObject([{ user_id: '1', company_id: 'c' }]);
  });

  it('who comes after another is none of that one’s company', async () => {
    const { client, to } = openFullPage(kindBrowser());
    await client.identifyUser('1');
    await client.identifyCompany('c');
    await client.identifyUser('2');
    expect(to('users').at(-1)).not.toHaveProperty('company_id');
    expect(client.getCompanyId()).toBeUndefined();
  });
});

it('a refusal takes the company’s record off the device, and what is confirmed later makes none', async () => {
  const browser = createBrowser();
  const { client, collector, jar } = openFullPage(browser, { url: LANDING });
  void client.identifyCompany('c');
  client.setConsent('denied');
  await collector.answer(DELIVERED);
  expect(jar.cookies.map(({ name }) => name)).toEqual(['utmost_consent']);
});
