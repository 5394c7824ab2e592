// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { createBrowser, kindBrowser, startAnew } from '../client/client-world.ts';
import { busy, DELIVERED, OFFLINE, REFUSED, settled } from '../world.ts';
import { openFullPage } from './full-world.ts';

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
/** The actions of all requests, by name. */
const namesOf = (body: unknown) =>
  [body].flat().map(action => (action as { action_name: string }).action_name);

startAnew();

describe('the request', () => {
  it('is the actions API’s, its fields in the documented order', async () => {
    const { client, sent } = openFullPage(undefined, {
      url: 'https://u:p@www.example.com/a?q=1&utm_source=x%20y&UTM_Medium=b&z#h',
    });
    void client.track('clicked', { 'a.b': 1 });
    await wait(2500);
    expect(sent.find(({ path }) => path === 'actions')?.text).toBe(
      '{"action_name":"clicked","anonymous_id":"uuid-2","request":{"time":"2026-01-15T00:00:00.000Z",' +
        '"uri":"https://www.example.com/a?utm_source=x%20y&UTM_Medium=b","verb":"GET",' +
        '"user_agent_string":"browser"},"transaction_id":"uuid-1","metadata":{"a_b":1}}',
    );
  });

  it('names the user in place of the visitor, the company and the session', async () => {
    const { client, to } = openFullPage(kindBrowser());
    await client.identifyUser('1');
    await client.identifyCompany('c');
    client.identifySession('token');
    void client.track('clicked');
    await wait(2500);
    expect(Object.keys(to('actions')[0] ?? {})).toEqual([
      'action_name',
      'company_id',
      'user_id',
      'session_token',
      'request',
      'transaction_id',
    ]);
    expect(to('actions')).toMatchObject([{ company_id: 'c', user_id: '1', session_token: 'token' }]);
  });

  it('tells time and address of the call, not of the sending', async () => {
    const { client, page, to } = openFullPage(kindBrowser(), { consent: 'pending' });
    void client.track('early');
    await wait(60_000);
    page.address = 'https://www.example.com/later';
    client.setConsent('granted');
    await wait(2500);
    expect(to('actions')[0]?.request).toMatchObject({
      time: '2026-01-15T00:00:00.000Z',
      uri: 'https://www.example.com/',
    });
  });

  it('keeps the whole query with keepQuery', async () => {
    const { client, to } = openFullPage(kindBrowser(), {
      url: 'https://www.example.com/?q=%zz&utm_source=a#h',
      keepQuery: true,
    });
    void client.track('searched');
    await wait(2500);
    expect(to('actions')[0]?.request).toMatchObject({ uri: 'https://www.example.com/?q=%zz&utm_source=a' });
  });

  it.each([[''], [' '], [undefined], [7]])('is not made for the name %o', async name => {
    const { client, store } = openFullPage();
    expect(await client.track(name as string)).toMatchObject({
      status: 'dropped',
      reason: 'invalid-action-name',
    });
    expect(store.begun).toEqual([]);
  });
});

describe('actions that wait', () => {
  it('are stored at once, and answered before they are sent', async () => {
    const { client, sent, store } = openFullPage();
    const receipt = client.track('clicked');
    expect(store.begun).toHaveLength(1);
    expect(await receipt).toMatchObject({ status: 'queued', reason: 'batching' });
    expect(sent).toEqual([]);
  });

  it('go as one request 2.5 s after the first, in the order of their calls', async () => {
    const { client, sent } = openFullPage(kindBrowser());
    void client.track('a');
    await wait(2000);
    void client.track('b');
    await wait(499);
    expect(sent).toEqual([]);
    await wait(1);
    expect(sent.map(({ path, body }) => [path, namesOf(body)])).toEqual([['actions/batch', ['a', 'b']]]);
  });

  it('wait as long as batchMaxTime says', async () => {
    const { client, sent } = openFullPage(kindBrowser(), { batchMaxTime: 100 });
    void client.track('a');
    await wait(99);
    expect(sent).toEqual([]);
    await wait(1);
    expect(sent).toHaveLength(1);
  });

  it('go when batchSize of them wait, and no request has more', async () => {
    const { client, sent, store } = openFullPage(kindBrowser(), { batchSize: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      void client.track(name);
      vi.setSystemTime(Date.now() + 1);
    }
    await settled();
    expect(sent.map(({ body }) => namesOf(body))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await wait(2500);
    expect(namesOf(sent.at(-1)?.body)).toEqual(['e']);
    await settled();
    expect(store.bodies).toEqual([]);
  });

  it('go at once without batchEnabled, each for itself', () => {
    const { client, sent } = openFullPage(undefined, { batchEnabled: false });
    void client.track('a');
    void client.track('b');
    expect(sent.map(({ path, body }) => [path, namesOf(body)])).toEqual([
      ['actions', ['a']],
      ['actions', ['b']],
    ]);
  });

  it('go when the page is hidden, and do not wait while it is', async () => {
    const { client, page, sent, parted } = openFullPage();
    void client.track('a');
    void client.track('b');
    page.hide(false);
    expect(parted.map(({ path, body }) => [path, namesOf(body)])).toEqual([['actions/batch', ['a', 'b']]]);
    void client.track('c');
    expect(sent).not.toEqual([]);
  });

  it('go when the page is left, what is said meanwhile too', () => {
    const { client, page, parted } = openFullPage();
    void client.track('a');
    page.hide();
    void client.track('b');
    expect(parted.map(({ body }) => namesOf(body))).toEqual([['a'], ['b']]);
  });

  it('go with a flush, those said during it too', async () => {
    const { client, collector, sent } = openFullPage();
    void client.track('a');
    const flushed = client.flush();
    await settled();
    void client.track('b');
    collector.rule = () => DELIVERED;
    await collector.answer(DELIVERED);
    await flushed;
    expect(sent.map(({ body }) => namesOf(body))).toEqual([['a'], ['b']]);
  });

  it('never hold a user’s update up', () => {
    const { client, to } = openFullPage();
    void client.track('a');
    void client.identifyUser('1');
    expect(to('users')).toMatchObject([{ user_id: '1' }]);
  });

  it('are few enough together to outlive the page', async () => {
    const { client, sent } = openFullPage(kindBrowser());
    for (let index = 0; index < 4; index++) void client.track(`${index}`, { text: 'x'.repeat(12_000) });
    await wait(2500);
    expect(sent.map(({ body }) => namesOf(body))).toEqual([
      ['0', '1'],
      ['2', '3'],
    ]);
  });
});

describe('actions that failed', () => {
  it('are sent once more, by the next page too, with the same transaction', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const first = openFullPage(browser);
    void first.client.track('a');
    void first.client.track('b');
    await wait(2500);
    first.page.hide();
    await wait(60_000);
    browser.collector.rule = () => DELIVERED;
    const second = openFullPage(browser);
    await wait(60_000);
    const of = (body: unknown) => (body as { transaction_id: string }[]).map(action => action.transaction_id);
    expect(second.sent.map(({ path }) => path)).toEqual(['actions/batch']);
    expect(of(second.sent[0]?.body)).toEqual(of(first.sent[0]?.body));
    expect(browser.store.bodies).toEqual([]);
  });

  it('wait as long as the server asks', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => busy(30_000);
    const { client, sent } = openFullPage(browser);
    void client.track('a');
    await wait(2500);
    void client.track('b');
    await wait(20_000);
    expect(sent).toHaveLength(1);
  });

  it('are refused one by one: a bad one takes no other along', async () => {
    const browser = createBrowser();
    browser.collector.rule = body => (namesOf(body).includes('bad') ? REFUSED : DELIVERED);
    const { client, sent, store } = openFullPage(browser);
    for (const name of ['a', 'bad', 'c']) void client.track(name);
    await wait(2500);
    await wait(60_000);
    expect(sent.map(({ body }) => namesOf(body))).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
    expect(store.bodies).toEqual([]);
  });

  it('make room before any profile when over maxQueueSize wait', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const dropped: string[] = [];
    const { client, store } = openFullPage(browser, {
      maxQueueSize: 2,
      onDelivery: ({ status }, { body }) => {
        if (status === 'dropped') dropped.push(`${body.action_name}`);
      },
    });
    void client.identifyUser('1');
    for (const name of ['a', 'b', 'c']) void client.track(name);
    await wait(60_000);
    expect(dropped.sort()).toEqual(['a', 'b']);
    expect(store.bodies.map(body => body.user_id ?? body.action_name)).toContain('1');
    expect(store.bodies).toHaveLength(2);
  });
});
