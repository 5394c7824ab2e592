// @vitest-environment happy-dom

import { describe, expect, it, vi } from 'vitest';
import { dropped } from '../../src/shared/receipt.ts';
import { decode } from '../../src/storage/codec.ts';
import { createBrowser, kindBrowser, openPage, startAnew } from '../client/client-world.ts';
import { DELIVERED, OFFLINE, settled } from '../world.ts';

startAnew();

const LANDING = 'https://www.example.com/?utm_source=spring';

/** A page of a site that asks first, in a browser whose collector answers at once. */
function ask(browser = kindBrowser(), options: Parameters<typeof openPage>[1] = {}) {
  return openPage(browser, { url: LANDING, consent: 'pending', ...options });
}
/** Lets timers run for a while, in which everything deferred happens. */
const pass = async (milliseconds = 1000) => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
};
const names = ({ jar }: ReturnType<typeof createBrowser>) => jar.cookies.map(({ name }) => name).sort();
const kept = () => [...Object.keys(localStorage), ...Object.keys(sessionStorage)];

describe('while consent is pending', () => {
  it('nothing is written to the device and nothing is sent', async () => {
    const { jar, store, collector, client, page } = ask();
    void client.identifyUser('ada', { plan: 'pro' });
    client.reset();
    await client.flush();
    page.hide();
    await pass(60_000);
    expect(jar.written).toEqual([]);
    expect(kept()).toEqual([]);
    expect(store.begun).toEqual([]);
    expect([...collector.got, ...collector.sentOnExit]).toEqual([]);
    expect([client.getAnonymousId(), client.getCampaign(), client.explain()]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  it('nobody waits for it: a call is answered at once', async () => {
    const { client } = ask();
    expect(await client.identifyUser('ada')).toMatchObject({ status: 'queued', reason: 'consent-pending' });
    await client.flush();
  });

  it('a call that is wrong is dropped all the same', async () => {
    const { identify } = ask();
    expect(await identify('')).toMatchObject({ status: 'dropped', reason: 'invalid-user-id' });
  });
});

describe('granted', () => {
  it('releases what has waited, as of the time it happened, in order', async () => {
    const { client, collector, store } = ask();
    collector.rule = () => OFFLINE;
    const called = Date.now();
    void client.identifyUser('ada', { step: 1 });
    await pass(5000);
    client.setConsent('granted');
    void client.identifyUser('ada', { step: 2 });
    await pass(0);
    expect(collector.got[0]).toMatchObject({ user_id: 'ada', campaign: { utm_source: 'spring' } });
    expect(collector.got[0]?.metadata).toEqual({ step: 1 });
    expect([...store.entries.values()].map(({ at }) => at - called)).toEqual([0, 5000]);
  });

  it('credits the landing, though the router has gone on, and the campaign that came since', async () => {
    const { client, page } = ask(undefined, { attribution: 'last' });
    page.address = 'https://www.example.com/pricing?utm_source=summer';
    client.setConsent('granted');
    await pass();
    expect(client.explain().map(({ campaign }) => campaign?.utm_source)).toEqual(['spring', 'summer']);
  });

  it('is kept: the next page needs no call', async () => {
    const browser = kindBrowser();
    ask(browser).client.setConsent('granted');
    await pass();
    const next = ask(browser);
    expect(await next.client.identifyUser('ada')).toEqual(expect.objectContaining({ status: 'delivered' }));
  });

  it('is heard by the tabs that still wait, with their next call', async () => {
    const browser = kindBrowser();
    const [one, other] = [ask(browser), ask(browser)];
    one.client.setConsent('granted');
    await pass();
    expect((await other.client.identifyUser('ada')).status).toBe('delivered');
  });

  it.each(['before init', 'while the page is prerendered'])('counts when it is told %s', async when => {
    const early = ask(undefined, when === 'before init' ? { begin: false } : { prerendered: true });
    early.client.setConsent('granted');
    if (when === 'before init') early.start();
    else early.page.activate();
    await pass();
    expect((await early.client.identifyUser('ada')).status).toBe('delivered');
  });
});

describe('denied', () => {
  it('forgets what has waited', async () => {
    const { client, collector } = ask();
    const receipt = client.identifyUser('ada');
    client.setConsent('denied');
    await receipt;
    client.setConsent('granted');
    await pass();
    expect((await receipt).reason).toBe('consent-denied');
    expect(collector.got.filter(({ user_id }) => user_id)).toEqual([]);
  });

  it('erases what was stored and what still waits, and keeps the refusal alone', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const { client, store, jar } = openPage(browser, { url: LANDING });
    void client.identifyUser('ada');
    await pass();
    expect(names(browser)).toEqual(['utmost_campaign', 'utmost_id', 'utmost_state']);
    expect(store.entries.size).toBe(1);
    sessionStorage.setItem('utmost_away', '1 shop.test');
    client.setConsent('denied');
    await pass();
    expect(names(browser)).toEqual(['utmost_consent']);
    expect(decode(jar.value('utmost_consent', 'example.com'))).toEqual({ choice: 'denied' });
    expect(store.entries.size).toBe(0);
    expect(kept()).toEqual([]);
  });

  it('answers what is open, and every later call', async () => {
    const { client } = openPage(createBrowser(), { url: LANDING });
    const open = client.identifyUser('ada');
    client.setConsent('denied');
    const denied = dropped('consent-denied');
    expect(await open).toEqual(denied);
    expect(await client.identifyUser('ada')).toEqual(denied);
    await client.flush();
  });

  it('sends nothing more: no retry, nothing on the way out', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const { client, collector, page } = openPage(browser, { url: LANDING });
    void client.identifyUser('ada');
    await pass(0);
    const before = collector.got.length;
    client.setConsent('denied');
    page.hide();
    page.wake();
    await pass(3_600_000);
    expect([collector.got.length, collector.sentOnExit]).toEqual([before, []]);
  });

  it('writes nothing when the answer to what was under way comes after it', async () => {
    const browser = createBrowser();
    const { client, collector } = openPage(browser, { url: LANDING });
    void client.identifyUser('ada');
    client.setConsent('denied');
    await collector.answer(DELIVERED);
    await pass();
    expect(names(browser)).toEqual(['utmost_consent']);
  });

  it.each(['this tab', 'another tab'])('keeps nothing of a write under way when %s denies', async where => {
    const browser = createBrowser();
    const [one, other] = [openPage(browser, { url: LANDING }), openPage(browser, { url: LANDING })];
    await pass(0);
    const { store } = browser;
    let commit = () => {};
    const put = store.put.bind(store);
    store.put = entry =>
      new Promise(resolve => {
        commit = () => resolve(put(entry));
      });
    void one.client.identifyUser('ada');
    (where === 'this tab' ? one : other).client.setConsent('denied');
    await pass(100);
    commit();
    await pass(100);
    expect(store.begun.length).toBeGreaterThan(0);
    expect(store.entries.size).toBe(0);
    expect(kept()).toEqual([]);
  });

  it('erases what the answer of a relay brings back that renews cookies', async () => {
    const browser = createBrowser();
    const { client, jar } = openPage(browser, { url: LANDING, applicationId: undefined, relay: '/t' });
    await pass();
    void client.identifyUser('ada');
    await pass(10);
    const renewed = jar.cookies.filter(({ name }) => name === 'utmost_id');
    client.setConsent('denied');
    await pass(10);
    expect(names(browser)).toEqual(['utmost_consent']);
    for (const { name, value } of renewed) document.cookie = `${name}=${value}; domain=example.com; path=/`;
    await browser.collector.answer(DELIVERED);
    await pass();
    expect(names(browser)).toEqual(['utmost_consent']);
  });

  it('erases what utmost/full has left, and another page’s tokens', async () => {
    localStorage.setItem('utmost_arrived', '1.abc');
    const { client } = openPage(kindBrowser(), { url: LANDING });
    client.setConsent('denied');
    await pass();
    expect(kept()).toEqual([]);
  });

  it('erases on the next page what was written since', async () => {
    const browser = kindBrowser();
    openPage(browser, { url: LANDING }).client.setConsent('denied');
    await pass();
    localStorage.setItem('utmost_retry_at', '5');
    sessionStorage.setItem('utmost_away', '1 shop.test');
    openPage(browser, { url: LANDING });
    await pass();
    expect(kept()).toEqual([]);
  });

  it('counts in all tabs: another one sends nothing more and writes nothing back', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const [one, other] = [openPage(browser, { url: LANDING }), openPage(browser, { url: LANDING })];
    await pass(0);
    void other.client.identifyUser('ada');
    await pass(0);
    const before = browser.collector.got.length;
    one.client.setConsent('denied');
    await pass(10);
    other.page.wake();
    other.page.hide();
    await pass(3_600_000);
    expect([browser.collector.got.length, browser.collector.sentOnExit]).toEqual([before, []]);
    expect((await other.client.identifyUser('ada')).status).toBe('dropped');
    await pass();
    expect(names(browser)).toEqual(['utmost_consent']);
    expect(browser.store.entries.size).toBe(0);
  });

  it('counts in another tab whose updates are in memory alone', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    browser.store.isBlocked = true;
    const [one, other] = [openPage(browser), openPage(browser)];
    void other.client.identifyUser('ada');
    await pass(10);
    const before = browser.collector.got.length;
    one.client.setConsent('denied');
    await pass(3_600_000);
    expect(browser.collector.got.length).toBe(before);
  });

  it('counts in another tab that goes on to a campaign', async () => {
    const browser = kindBrowser();
    const [one, other] = [openPage(browser), openPage(browser)];
    await pass();
    one.client.setConsent('denied');
    await pass();
    vi.stubGlobal('navigation', undefined);
    other.page.address = LANDING;
    history.pushState(null, '', location.href);
    await pass();
    expect(names(browser)).toEqual(['utmost_consent']);
    expect(browser.collector.got).toEqual([]);
  });

  it('is kept: a site that would begin without asking does not', async () => {
    const browser = kindBrowser();
    openPage(browser, { url: LANDING }).client.setConsent('denied');
    await pass();
    const { client, collector } = openPage(browser, { url: LANDING });
    await pass();
    expect((await client.identifyUser('ada')).status).toBe('dropped');
    expect(collector.got.filter(({ user_id }) => user_id)).toEqual([]);
    expect(names(browser)).toEqual(['utmost_consent']);
  });

  it('is kept where cookies are blocked', async () => {
    const browser = kindBrowser();
    browser.jar.accepts = () => false;
    openPage(browser, { url: LANDING }).client.setConsent('denied');
    await pass();
    expect((await openPage(browser, { url: LANDING }).client.identifyUser('ada')).status).toBe('dropped');
    expect(kept()).toEqual(['utmost_consent']);
  });

  it('and granted again begins anew: with a new visitor, and where the page is now', async () => {
    const { client, page } = openPage(kindBrowser(), { url: LANDING });
    const before = client.getAnonymousId();
    client.setConsent('denied');
    expect(client.getAnonymousId()).toBeUndefined();
    page.address = 'https://www.example.com/later';
    client.setConsent('granted');
    expect(client.getAnonymousId()).not.toBe(before);
    expect(client.explain().map(({ url }) => url)).toEqual(['https://www.example.com/later']);
    expect((await client.identifyUser('ada')).status).toBe('delivered');
  });

  it.each([undefined, 'yes', true])('is what %j means, too', async choice => {
    const { client } = openPage(kindBrowser(), { url: LANDING });
    (client.setConsent as (choice: unknown) => void)(choice);
    expect((await client.identifyUser('ada')).status).toBe('dropped');
  });
});

describe('what the site begins with', () => {
  it('denied overrules the choice of an earlier page, erases, and is not kept', async () => {
    const browser = kindBrowser();
    openPage(browser, { url: LANDING }).client.setConsent('granted');
    await pass();
    const { client } = openPage(browser, { consent: 'denied' });
    expect((await client.identifyUser('ada')).status).toBe('dropped');
    await pass();
    expect(names(browser)).toEqual(['utmost_consent']);
    expect(decode(browser.jar.value('utmost_consent', 'example.com'))).toEqual({ choice: 'granted' });
  });

  it('denied gives way to a choice on this page', async () => {
    const { client } = openPage(kindBrowser(), { consent: 'denied' });
    client.setConsent('granted');
    expect((await client.identifyUser('ada')).status).toBe('delivered');
  });

  it('is denied by Global Privacy Control where the site respects it', async () => {
    const respectful = openPage(kindBrowser(), { respectGpc: true, hasGlobalPrivacyControl: true });
    expect((await respectful.client.identifyUser('ada')).reason).toBe('consent-denied');
    expect(names(respectful)).toEqual([]);
    const asked = openPage(kindBrowser(), { respectGpc: true });
    expect((await asked.client.identifyUser('ada')).status).toBe('delivered');
    const other = openPage(kindBrowser(), { hasGlobalPrivacyControl: true });
    expect((await other.client.identifyUser('ada')).status).toBe('delivered');
  });
});
