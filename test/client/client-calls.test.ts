// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { settled } from '../world.ts';
import { kindBrowser, openPage, startAnew } from './client-world.ts';

startAnew();

describe('a user id', () => {
  it.each([
    ['1', '1'],
    [' a ', 'a'],
    ['\u00A0user 7\n', 'user 7'],
    ['0', '0'],
    [0, '0'],
    [-1, '-1'],
    [1n, '1'],
    [2n ** 64n, '18446744073709551616'],
    [12345678901, '12345678901'],
  ])('%s goes out as %s', async (id, user_id) => {
    const { identify, collector } = openPage(kindBrowser());
    expect(await identify(id)).toMatchObject({ status: 'delivered' });
    expect(collector.got[0]).toMatchObject({ user_id });
  });

  it.each([
    '',
    '  ',
    '\n',
    Number.NaN,
    Infinity,
    null,
    undefined,
    {},
    [],
    ['1'],
    true,
    false,
    1.5,
    2 ** 53,
    'undefined',
    'null',
    'NaN',
    'None',
    '[object Object]',
    '[object Promise]',
    ' undefined ',
    'x'.repeat(513),
    Symbol('1'),
    () => '1',
  ])('that is none is dropped and said so, and who the visitor is stays: %o', async id => {
    const { identify, collector, store, client } = openPage(kindBrowser());
    expect(await identify(id, { a: 1 })).toMatchObject({ status: 'dropped', reason: 'invalid-user-id' });
    expect(console.warn).toHaveBeenCalledOnce();
    expect([collector.got, store.begun]).toEqual([[], []]);
    await client.identifyUser('1');
    expect(collector.got).toEqual([{ user_id: '1', anonymous_id: 'uuid-1' }]);
  });
});

describe('metadata', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;

  it.each([cycle, { a: () => {} }, { a: 1n }, [1], 'text', 5, new Date(0)])(
    'without a JSON object is dropped, and nothing else is harmed: %o',
    async metadata => {
      const { identify, collector, store } = openPage(kindBrowser());
      const receipts = [identify('1', { n: 1 }), identify('1', metadata), identify('1', { n: 2 })];
      const [before, bad, after] = await Promise.all(receipts);
      expect(bad).toMatchObject({
        status: 'dropped',
        reason: 'invalid-metadata',
        message: expect.stringMatching(/JSON|BigInt|metadata|nowhere|stack/),
      });
      expect([before?.status, after?.status]).toEqual(['delivered', 'delivered']);
      expect(collector.got.map(({ metadata }) => metadata)).toEqual([{ n: 1 }, { n: 2 }]);
      expect(store.bodies).toEqual([]);
    },
  );

  it.each([null, undefined])('may be absent: %s', async metadata => {
    const { identify, sent } = openPage(kindBrowser());
    await identify('1', metadata, null);
    expect(sent).toEqual(['{"user_id":"1","anonymous_id":"uuid-1"}']);
  });

  it('of up to 1 MB of UTF-8 goes out, and over it is dropped', async () => {
    const { identify, collector } = openPage(kindBrowser());
    expect(await identify('1', { a: 'ü'.repeat(499_950) })).toMatchObject({ status: 'delivered' });
    expect(await identify('1', { a: 'ü'.repeat(500_001) })).toMatchObject({
      status: 'dropped',
      reason: 'too-large',
    });
    expect(collector.got).toHaveLength(1);
  });

  it('is what it was at the time of the call', async () => {
    const { client, collector } = openPage(kindBrowser());
    const metadata = { list: [1] };
    const receipts = [client.identifyUser('1'), client.identifyUser('1', metadata)];
    metadata.list.push(2);
    await Promise.all(receipts);
    expect(collector.got[1]?.metadata).toEqual({ list: [1] });
  });
});

it.each([{}, '', ' ', Number.NaN, true])('a company id that is none is left out: %j', async companyId => {
  const { identify, collector } = openPage(kindBrowser());
  await identify('1', null, { companyId, sessionToken: companyId });
  expect(collector.got).toEqual([{ user_id: '1', anonymous_id: 'uuid-1' }]);
});

it('options that throw when they are read break nothing', async () => {
  const { identify } = openPage(kindBrowser());
  const options = {
    get companyId() {
      throw new Error('host bug');
    },
  };
  expect(await identify('1', {}, options)).toMatchObject({ status: 'dropped' });
});

describe('calls before the begin', () => {
  it('are kept, and made in order with their own time', async () => {
    const { client, start, collector, store } = openPage(kindBrowser(), { begin: false });
    const calls = [
      client.identifyUser('A', { n: 1 }),
      client.reset(),
      client.identifyUser('B', { n: 2 }),
      client.flush(),
    ];
    const early = Date.now();
    vi.setSystemTime(early + 5000);
    expect([client.getAnonymousId(), client.getCampaign(), collector.got]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    start();
    expect([...store.entries.values()].map(({ at }) => at)).toEqual([early, early]);
    await Promise.all(calls);
    expect(collector.got.map(({ user_id, metadata }) => [user_id, metadata])).toEqual([
      ['A', { n: 1 }],
      ['B', { n: 2 }],
    ]);
    const ids = collector.got.map(body => body.anonymous_id);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('on a prerendered page wait until it is shown, and nothing is written', async () => {
    const browser = kindBrowser();
    const { client, page, collector, jar } = openPage(browser, {
      url: 'https://www.example.com/?utm_source=a',
      prerendered: true,
    });
    const receipt = client.identifyUser('1');
    await settled();
    expect([collector.got, jar.written]).toEqual([[], []]);
    page.activate();
    expect(await receipt).toMatchObject({ status: 'delivered' });
    expect(collector.got[0]).toMatchObject({ campaign: { utm_source: 'a' } });
  });
});

describe('the work', () => {
  const url = 'https://www.example.com/?utm_source=a';

  it('leaves the page’s own task alone, and is done in the next', async () => {
    const { jar, client } = openPage(kindBrowser(), { url });
    expect(jar.written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(jar.written).not.toEqual([]);
    expect(client.getCampaign()).toEqual({ utm_source: 'a' });
  });

  it('is done at once for whoever asks, and for the page as it was arrived at', () => {
    const { page, client } = openPage(kindBrowser(), { url });
    page.address = 'https://www.example.com/stripped';
    expect(client.getCampaign()).toEqual({ utm_source: 'a' });
  });

  it('is done when the page is left before the next task', async () => {
    const browser = kindBrowser();
    openPage(browser, { url }).page.hide();
    await settled();
    expect(openPage(browser).client.getCampaign()).toEqual({ utm_source: 'a' });
  });
});

it('on a server every call is answered and does nothing', async () => {
  const browser = kindBrowser();
  vi.stubGlobal('document', undefined);
  const { client, collector } = openPage(browser, { begin: false });
  expect(await client.identifyUser('1')).toMatchObject({ status: 'dropped', reason: 'no-page' });
  client.reset();
  await client.flush();
  expect([client.getAnonymousId(), client.getCampaign(), collector.got]).toEqual([undefined, undefined, []]);
});
