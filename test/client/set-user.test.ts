// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import type { Receipt } from '../../src/shared/types.ts';
import { openFullPage } from '../features/full-world.ts';
import { settled } from '../world.ts';
import { kindBrowser, openPage, startAnew } from './client-world.ts';

startAnew();

const TAGGED = 'https://www.example.com/?utm_source=news';
const ADA = { id: '1', plan: 'pro', companyId: 'c' };
const NO_USER = { status: 'unchanged', reason: 'no-user' };
const wait = async (milliseconds: number) => {
  await settled();
  await vi.advanceTimersByTimeAsync(milliseconds);
};

/** A page, and its `setUser` as plain JavaScript would call it. */
function open(...parameters: Parameters<typeof openPage>) {
  const page = openPage(...parameters);
  return { ...page, set: page.client.setUser as (user?: unknown) => Promise<Receipt> };
}

/** A browser in which Ada has been identified on an earlier page. */
async function signedIn() {
  const browser = kindBrowser();
  const { set, client } = open(browser, { url: TAGGED });
  await set(ADA);
  const id = client.getAnonymousId();
  await wait(60_000);
  browser.collector.got.length = 0;
  return { browser, id };
}

describe('a user', () => {
  it('is identified: id and options by their names, and all other keys as metadata', async () => {
    const { set, sent } = open(kindBrowser());
    const user = Object.freeze({
      id: 7,
      email: 'a@b.c',
      metadata: { deep: 1 },
      companyId: 'c',
      sessionToken: 's',
    });
    expect(await set(user)).toEqual({ status: 'delivered', httpStatus: 201 });
    expect(sent).toEqual([
      '{"user_id":"7","anonymous_id":"uuid-1","company_id":"c","session_token":"s",' +
        '"metadata":{"email":"a@b.c","metadata":{"deep":1}}}',
    ]);
  });

  it('may be a class instance whose id is a getter, with a BigInt in it', async () => {
    class Person {
      name = 'Ada';
      get id() {
        return 2n ** 64n;
      }
      get initials() {
        return 'A';
      }
    }
    const { set, collector } = open(kindBrowser());
    await set(new Person());
    expect(collector.got).toMatchObject([{ user_id: '18446744073709551616', metadata: { name: 'Ada' } }]);
    expect(collector.got[0]?.metadata).toEqual({ name: 'Ada' });
  });

  it.each([{}, { id: undefined }, { id: '' }, { uid: '1' }, '1', 5, true, false, '', 0, [], () => {}])(
    'without an id is dropped and said so, and who the visitor is stays: %o',
    async user => {
      const { browser, id } = await signedIn();
      const { set, client } = open(browser);
      expect(await set(user)).toMatchObject({ status: 'dropped', reason: 'invalid-user-id' });
      await wait(60_000);
      expect(console.warn).toHaveBeenCalledOnce();
      expect([client.getAnonymousId(), browser.collector.got]).toEqual([id, []]);
    },
  );

  it('whose getter throws is dropped: nothing rejects', async () => {
    const user = {
      get id() {
        throw new Error('host bug');
      },
    };
    expect(await open(kindBrowser()).set(user)).toMatchObject({
      status: 'dropped',
      message: 'host bug',
    });
  });

  it('without company id that is valid is delivered with the reason', async () => {
    expect(await open(kindBrowser()).set({ id: '1', companyId: {} })).toMatchObject({
      status: 'delivered',
      reason: 'invalid-company-id',
    });
  });

  it('told twice at once, as StrictMode does, is one request, and `unchanged` later', async () => {
    const { set, collector } = open(kindBrowser(), { url: TAGGED });
    await Promise.all([set({ ...ADA }), set({ ...ADA })]);
    await wait(1000);
    expect(await set({ ...ADA })).toEqual({ status: 'unchanged' });
    expect(collector.got).toHaveLength(1);
  });

  it('after another one without null is another person: nothing of the first goes along', async () => {
    const { set, collector } = open(kindBrowser(), { url: TAGGED });
    await set(ADA);
    await set({ id: '2' });
    expect(collector.got[1]).toEqual({ user_id: '2', anonymous_id: expect.any(String), metadata: {} });
    expect(collector.got[1]?.anonymous_id).not.toBe(collector.got[0]?.anonymous_id);
  });
});

describe('without a user', () => {
  it.each([undefined, null])('%s is answered at once, and writes and sends nothing', async user => {
    const { set, jar, collector } = open(kindBrowser(), { begin: false });
    expect(await set(user)).toEqual(NO_USER);
    expect([jar.written, collector.got]).toEqual([[], []]);
  });

  it('while nobody is identified null changes nothing', async () => {
    const { set, client, collector } = open(kindBrowser(), { url: TAGGED });
    const id = client.getAnonymousId();
    await set(null);
    await wait(60_000);
    expect([client.getAnonymousId(), client.getCampaign()]).toEqual([id, { utm_source: 'news' }]);
    await set(ADA);
    expect(collector.got.at(-1)).toMatchObject({ anonymous_id: id, campaign: { utm_source: 'news' } });
  });

  it('null after the user is a logout, at once', async () => {
    const { set, client } = open(kindBrowser());
    await set(ADA);
    const id = client.getAnonymousId();
    void set(undefined);
    expect(client.getAnonymousId()).toBe(id);
    void set(null);
    expect(client.getAnonymousId()).not.toBe(id);
  });

  it('null after identifyUser is one, too', async () => {
    const { set, client, identify } = open(kindBrowser());
    await identify('1');
    const id = client.getAnonymousId();
    await set(null);
    expect(client.getAnonymousId()).not.toBe(id);
  });

  it('a logout that was late is taken back by the same user', async () => {
    const { browser, id } = await signedIn();
    const { set, client } = open(browser);
    const receipts = [await set(ADA), await set(null), await set(ADA)];
    expect(receipts).toEqual([{ status: 'unchanged' }, NO_USER, { status: 'unchanged' }]);
    expect(client.getAnonymousId()).toBe(id);
  });
});

describe('null on a page where an earlier one has identified somebody', () => {
  it('stands after three seconds', async () => {
    const { browser, id } = await signedIn();
    const { set, client } = open(browser);
    await set(null);
    await wait(2000);
    expect(client.getAnonymousId()).toBe(id);
    await wait(2000);
    expect(client.getAnonymousId()).not.toBe(id);
  });

  it.each([100, 2900, 10_000])(
    'and then the same user, after %i ms, is one visitor and no request',
    async time => {
      const { browser, id } = await signedIn();
      for (let n = 0; n < 5; n++) {
        const { set, client } = open(browser);
        for (const user of [undefined, null, null, undefined]) await set(user);
        await wait(time);
        expect(await set(ADA)).toEqual({ status: 'unchanged' });
        expect([client.getAnonymousId(), client.getCampaign()]).toEqual([id, { utm_source: 'news' }]);
        await wait(60_000);
      }
      expect(browser.collector.got).toEqual([]);
    },
  );

  it('says nothing where the page is left before the session has loaded', async () => {
    const { browser, id } = await signedIn();
    const left = open(browser);
    await left.set(null);
    await wait(500);
    left.page.hide();
    // A page that is gone has no timers.
    vi.clearAllTimers();
    const { set, client } = open(browser);
    expect(await set(ADA)).toEqual({ status: 'unchanged' });
    expect(client.getAnonymousId()).toBe(id);
  });

  it('in two tabs at a time is one visitor and no request', async () => {
    const { browser, id } = await signedIn();
    const tabs = [open(browser), open(browser)];
    for (const { set } of tabs) await set(null);
    for (const { set } of tabs) expect(await set(ADA)).toEqual({ status: 'unchanged' });
    await wait(60_000);
    for (const { client } of tabs) expect(client.getAnonymousId()).toBe(id);
    expect(browser.collector.got).toEqual([]);
  });

  it('a second time, of a tab that is behind, does not log out whom another tab has identified', async () => {
    const { browser } = await signedIn();
    const behind = open(browser);
    await behind.set(null);
    await wait(5000);
    const other = open(browser);
    await other.set({ id: '2' });
    await behind.set(null);
    await wait(5000);
    expect(await other.set({ id: '2' })).toEqual({ status: 'unchanged' });
    expect(new Set(browser.collector.got.map(body => body.anonymous_id)).size).toBe(1);
  });

  it('and then another user is a switch', async () => {
    const { browser, id } = await signedIn();
    const { set } = open(browser);
    await set(null);
    await set({ id: '2' });
    expect(browser.collector.got).toEqual([
      { user_id: '2', anonymous_id: expect.not.stringMatching(`^${id}$`), metadata: {} },
    ]);
  });
});

describe('calls before the begin', () => {
  it('are made in order, and the latest counts', async () => {
    const { set, start, collector, client } = open(kindBrowser(), { begin: false });
    const receipts = [undefined, null, ADA, { id: '2' }].map(set);
    start();
    expect((await Promise.all(receipts)).map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
      'delivered',
      'delivered',
    ]);
    expect(collector.got.map(({ user_id }) => user_id)).toEqual(['1', '2']);
    expect(client.getAnonymousId()).toBe(collector.got[1]?.anonymous_id);
  });

  it('with null at their end log out', async () => {
    const { set, start, collector, client } = open(kindBrowser(), { begin: false });
    void set(ADA);
    void set(null);
    start();
    await wait(10);
    expect(collector.got).toMatchObject([{ user_id: '1' }]);
    expect(client.getAnonymousId()).not.toBe(collector.got[0]?.anonymous_id);
  });

  it('with consent pending wait for it, and a refusal erases', async () => {
    const browser = kindBrowser();
    const { set, client } = open(browser, { consent: 'pending' });
    expect(await set(ADA)).toMatchObject({ status: 'queued', reason: 'consent-pending' });
    expect(await set(null)).toEqual(NO_USER);
    client.setConsent('denied');
    await wait(5000);
    expect(browser.jar.cookies.map(({ name }) => name)).toEqual(['utmost_consent']);
    expect(await set(ADA)).toMatchObject({ status: 'dropped', reason: 'consent-denied' });
  });
});

it('a refusal while null waits is not undone', async () => {
  const { browser } = await signedIn();
  const { set, client } = open(browser);
  await set(null);
  client.setConsent('denied');
  await wait(5000);
  expect(browser.jar.cookies.map(({ name }) => name)).toEqual(['utmost_consent']);
});

it('on a server it is answered and does nothing', async () => {
  const { set } = open(kindBrowser(), { begin: false });
  vi.stubGlobal('document', undefined);
  expect(await set(ADA)).toMatchObject({ status: 'dropped', reason: 'no-page' });
  expect([await set(null), await set()]).toEqual([NO_USER, NO_USER]);
});

describe('utmost/full', () => {
  it('sends the session of the page along, which a flicker does not forget, and a logout does', async () => {
    const { client, to } = openFullPage(kindBrowser());
    client.identifySession('t');
    await client.setUser(null);
    await client.setUser({ id: '1' });
    expect(to('users')).toMatchObject([{ user_id: '1', session_token: 't' }]);
    await client.setUser(null);
    expect([client.getUserId(), client.getSession()]).toEqual([undefined, undefined]);
  });

  it('keeps a company without a user through null', async () => {
    const { client } = openFullPage(kindBrowser());
    await client.identifyCompany('c');
    const id = client.getAnonymousId();
    await client.setUser(null);
    await wait(5000);
    expect([client.getCompanyId(), client.getAnonymousId()]).toEqual(['c', id]);
  });
});
