// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { makeToken } from '../../src/features/cross-domain/token.ts';
import { createBrowser, kindBrowser, startAnew } from '../client/client-world.ts';
import { OFFLINE, settled } from '../world.ts';
import { openFullPage } from './full-world.ts';

startAnew();

const LANDING = 'https://www.example.com/?utm_source=a';

describe('who is at the browser', () => {
  it('is told after consent alone', () => {
    const { client } = openFullPage(kindBrowser(), { consent: 'pending' });
    void client.identifyUser('1');
    expect([client.getUserId(), client.getCompanyId()]).toEqual([undefined, undefined]);
    client.setConsent('granted');
    expect(client.getUserId()).toBe('1');
    expect([client._getUserId(), client._getCompanyId(), client._getSession()]).toEqual([
      '1',
      undefined,
      undefined,
    ]);
  });

  it('is forgotten on reset, with company and session', async () => {
    const { client, to } = openFullPage(kindBrowser());
    client.identifySession('t');
    await client.identifyUser('1');
    await client.identifyCompany('c');
    client.reset();
    expect([client.getUserId(), client.getCompanyId(), client.getSession()]).toEqual(
      Array(3).fill(undefined),
    );
    expect(await client.identifyCompany('c')).toMatchObject({ status: 'delivered' });
    expect(to('companies')).toHaveLength(2);
  });

  it('calls made before it is begun are kept, in order', async () => {
    const { client, sent, start } = openFullPage(kindBrowser(), { begin: false, batchEnabled: false });
    client.identifySession('t');
    const receipts = [client.identifyUser('1'), client.identifyCompany('c'), client.track('a')];
    expect(sent).toEqual([]);
    start();
    expect((await Promise.all(receipts)).map(({ status }) => status)).toEqual(Array(3).fill('delivered'));
    expect(sent.map(({ path }) => path)).toEqual(['users', 'companies', 'actions', 'users']);
  });
});

describe('resetAnonymousId', () => {
  it('gives and returns a new id; user and company stay', async () => {
    const { client, to } = openFullPage(kindBrowser());
    await client.identifyUser('1', null, { companyId: 'c' });
    const id = client.resetAnonymousId();
    expect(client.getAnonymousId()).toBe(id);
    await client.identifyUser('1');
    expect(to('users').at(-1)).toEqual({ user_id: '1', anonymous_id: id, company_id: 'c' });
    expect(to('users')[0]?.anonymous_id).not.toBe(id);
  });

  it('before the visitor agrees, returns the id they will have', () => {
    const { client } = openFullPage(kindBrowser(), { consent: 'pending' });
    const id = client.resetAnonymousId();
    client.setConsent('granted');
    expect(client.getAnonymousId()).toBe(id);
  });
});

describe('clearing', () => {
  it('clearCookies makes the next call find a new visitor, and loses nothing that waits', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const { client, jar, store } = openFullPage(browser, { url: LANDING });
    const id = client.getAnonymousId();
    await client.identifyUser('1');
    await client.identifyCompany('c');
    client.clearCookies();
    expect(jar.cookies).toEqual([]);
    expect([client.getUserId(), client.getCampaign()]).toEqual([undefined, undefined]);
    expect(client.getAnonymousId()).not.toBe(id);
    expect(store.bodies.map(body => body.user_id ?? body.company_id)).toEqual(
      expect.arrayContaining(['1', 'c']),
    );
  });

  it('keeps a refusal', async () => {
    const { client, jar } = openFullPage(kindBrowser());
    client.setConsent('denied');
    client.clearCookies();
    client.clearStorage();
    await settled();
    expect(jar.cookies.map(({ name }) => name)).toEqual(['utmost_consent']);
  });

  it('clearStorage leaves cookies alone, and clearCookies localStorage', async () => {
    const first = openFullPage(kindBrowser());
    await first.client.identifyUser('1');
    first.client.clearStorage();
    expect(first.client.getUserId()).toBe('1');
    const second = openFullPage(kindBrowser(), { persistence: 'localStorage' });
    await second.client.identifyUser('2');
    second.client.clearCookies();
    expect(second.client.getUserId()).toBe('2');
    second.client.clearStorage();
    expect(localStorage.length).toBe(0);
    expect(second.client.getUserId()).toBeUndefined();
  });
});

describe('a visitor from a site on another domain', () => {
  const options = { crossDomain: { domains: ['shop.test', 'example.com'] } };
  const land = (url: string) => {
    (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
    return url;
  };
  const token = () => makeToken('of-the-shop', Date.now(), 'example.com');

  it('has the id they had there, on the next page too', async () => {
    const browser = kindBrowser();
    const url = land(`https://www.example.com/?_utmost=${token()}&utm_source=a`);
    const { client } = openFullPage(browser, { url, ...options });
    expect(client.getAnonymousId()).toBe('of-the-shop');
    expect(location.href).toBe('https://www.example.com/?utm_source=a');
    await settled();
    expect(openFullPage(browser, options).client.getAnonymousId()).toBe('of-the-shop');
  });

  it('keeps their own id where they are identified', async () => {
    const browser = kindBrowser();
    await openFullPage(browser).client.identifyUser('1');
    const url = land(`https://www.example.com/?_utmost=${token()}`);
    const { client } = openFullPage(browser, { url, ...options });
    expect(client.getAnonymousId()).toBe('uuid-1');
  });

  it('is known only once they agree', () => {
    const url = land(`https://www.example.com/?_utmost=${token()}`);
    const { client, jar } = openFullPage(kindBrowser(), { url, ...options, consent: 'pending' });
    expect([location.search, jar.written, localStorage.length]).toEqual(['', [], 0]);
    client.setConsent('granted');
    expect(client.getAnonymousId()).toBe('of-the-shop');
  });

  it('is carried on by decorateUrl, with consent', () => {
    land('https://www.example.com/');
    const { client } = openFullPage(kindBrowser(), { ...options, consent: 'pending' });
    expect(client.decorateUrl('https://shop.test/')).toBe('https://shop.test/');
    client.setConsent('granted');
    expect(client.decorateUrl('https://shop.test/?a=1')).toMatch(/^https:\/\/shop\.test\/\?a=1&_utmost=\w+/);
    expect(client.cdtUrlDecorator('https://shop.test/')).toMatch(/_utmost=/);
    expect(client.decorateUrl('https://else.test/')).toBe('https://else.test/');
  });
});

describe('what is no more', () => {
  it('is accepted, says what to use, and throws nothing', () => {
    const { client } = openFullPage(kindBrowser());
    expect(client.useWeb3()).toBe(false);
    for (const name of ['initBatching', 'stopAllBatching'] as const) expect(client[name]()).toBeUndefined();
    for (const name of ['useWeb3', 'initBatching', 'stopAllBatching'])
      expect(console.warn).toHaveBeenCalledWith('utmost:', expect.stringContaining(`${name}(): `));
  });

  it('updateUser and updateCompany are identifyUser and identifyCompany', async () => {
    const { client, to } = openFullPage(kindBrowser());
    await client.updateUser({ user_id: '1', company_id: 'c', metadata: { a: 1 } }, 'app', 'host', () => {});
    await client.updateCompany({ company_id: 'c', company_domain: 'c.test', metadata: { b: 1 } });
    expect(to('users')[0]).toMatchObject({ user_id: '1', company_id: 'c', metadata: { a: 1 } });
    expect(to('companies')).toEqual([{ company_id: 'c', company_domain: 'c.test', metadata: { b: 1 } }]);
    expect(await client.updateUser(undefined as never)).toMatchObject({ status: 'dropped' });
  });
});

it('a prerendered page sends nothing before it is shown', async () => {
  const { client, page, sent } = openFullPage(kindBrowser(), { prerendered: true });
  void client.identifyCompany('c');
  void client.track('a');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual([]);
  page.activate();
  await vi.advanceTimersByTimeAsync(2500);
  expect(sent.map(({ path }) => path)).toEqual(['companies', 'actions']);
});
