// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { DELIVERED, OFFLINE, REFUSED, settled } from '../world.ts';
import { createBrowser, kindBrowser, openPage, startAnew } from './client-world.ts';

const HOUR = 60 * 60_000;
const DELIVERED_RECEIPT = { status: 'delivered', httpStatus: 201 };

startAnew();

describe('what the server confirmed within 24 hours', () => {
  it('is not sent again, on this page or the next', async () => {
    const browser = kindBrowser();
    const { identify, collector } = openPage(browser);
    expect(await identify('1', { plan: 'pro' })).toEqual(DELIVERED_RECEIPT);
    expect(await identify('1', { plan: 'pro' })).toEqual({ status: 'unchanged' });
    const next = openPage(browser, { url: 'https://app.example.com/' });
    expect(await next.identify('1', { plan: 'pro' })).toEqual({ status: 'unchanged' });
    expect(collector.got).toHaveLength(1);
    expect(browser.store.bodies).toEqual([]);
  });

  it('is sent again after them', async () => {
    const { identify } = openPage(kindBrowser());
    await identify('1');
    vi.setSystemTime(Date.now() + 24 * HOUR - 1);
    expect(await identify('1')).toEqual({ status: 'unchanged' });
    vi.setSystemTime(Date.now() + 1);
    expect(await identify('1')).toEqual(DELIVERED_RECEIPT);
    expect(await identify('1')).toEqual({ status: 'unchanged' });
  });

  it('is sent where anything differs', async () => {
    const { identify, collector } = openPage(kindBrowser());
    await identify('1', { plan: 'pro' });
    await identify('1', { plan: 'pro', seats: 1 });
    await identify('1', { plan: 'pro', seats: 1 }, { companyId: 'c' });
    await identify('1', { plan: 'pro', seats: 1 }, { companyId: 'c', sessionToken: 's' });
    await identify('2', { plan: 'pro', seats: 1 }, { companyId: 'c', sessionToken: 's' });
    expect(collector.got).toHaveLength(5);
  });

  it('is sent where something else was said since: the last word counts', async () => {
    const { identify, collector } = openPage(kindBrowser());
    for (const plan of ['free', 'pro', 'free']) await identify('1', { plan });
    expect(collector.got.map(({ metadata }) => metadata)).toEqual([
      { plan: 'free' },
      { plan: 'pro' },
      { plan: 'free' },
    ]);
  });

  it('is sent where something else is still on its way, on a subdomain with an outbox of its own too', async () => {
    const browser = kindBrowser();
    const { identify, collector } = openPage(browser);
    await identify('1', { plan: 'free' });
    // Another subdomain is another task.
    await vi.advanceTimersByTimeAsync(1);
    browser.collector.rule = () => OFFLINE;
    const app = openPage({ ...browser, store: createBrowser().store }, { url: 'https://app.example.com/' });
    await app.identify('1', { plan: 'pro' });
    await vi.advanceTimersByTimeAsync(1);
    expect(await identify('1', { plan: 'free' })).toMatchObject({ status: 'queued' });
    expect(collector.got).toHaveLength(3);
  });

  it('is sent after a reset on an earlier page, which made another visitor', async () => {
    const browser = kindBrowser();
    const { identify, client } = openPage(browser);
    await identify('1');
    client.reset();
    await settled();
    expect(await openPage(browser).identify('1')).toEqual(DELIVERED_RECEIPT);
  });

  it('is unchanged after a reset on the same page, which the same user takes back', async () => {
    const browser = kindBrowser();
    const { identify, client } = openPage(browser, { url: 'https://www.example.com/?utm_source=a' });
    await identify('1');
    const before = [client.getAnonymousId(), client.getCampaign()];
    client.reset();
    expect(await identify('1')).toEqual({ status: 'unchanged' });
    expect([client.getAnonymousId(), client.getCampaign()]).toEqual(before);
    expect(browser.collector.got).toHaveLength(1);
  });

  it('is sent after a reset and another user in between', async () => {
    const { identify, client, collector } = openPage(kindBrowser());
    await identify('1');
    client.reset();
    await identify('2');
    client.reset();
    expect(await identify('1')).toEqual(DELIVERED_RECEIPT);
    expect(new Set(collector.got.map(({ anonymous_id }) => anonymous_id)).size).toBe(3);
  });

  it('is sent with a campaign that has yet to arrive, and then no more', async () => {
    const browser = kindBrowser();
    await openPage(browser).identify('1');
    const { identify, collector } = openPage(browser, { url: 'https://www.example.com/?utm_source=new' });
    expect(await identify('1')).toEqual(DELIVERED_RECEIPT);
    expect(collector.got.at(-1)).toMatchObject({ campaign: { utm_source: 'new' } });
    expect(await identify('1')).toEqual({ status: 'unchanged' });
  });

  it('is sent after a clock was set back for longer', async () => {
    const { identify } = openPage(kindBrowser());
    await identify('1');
    vi.setSystemTime(Date.now() - 25 * HOUR);
    expect(await identify('1')).toEqual(DELIVERED_RECEIPT);
  });
});

describe('what was never confirmed', () => {
  it.each([
    ['lost on the way', OFFLINE],
    ['refused', REFUSED],
  ])('is sent again: %s', async (_, outcome) => {
    const browser = createBrowser();
    browser.collector.rule = () => outcome;
    const { identify, collector } = openPage(browser);
    await identify('1');
    await identify('1');
    expect(collector.got.length).toBeGreaterThan(1);
  });

  it('is unchanged once a later page has delivered it', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    await openPage(browser).identify('1', { plan: 'pro' });
    browser.collector.rule = () => DELIVERED;
    const next = openPage(browser);
    await vi.advanceTimersByTimeAsync(300);
    await settled();
    expect(await next.identify('1', { plan: 'pro' })).toEqual({ status: 'unchanged' });
  });
});

it('a session token is remembered by its fingerprint alone', async () => {
  const browser = kindBrowser();
  const { identify } = openPage(browser);
  await identify('1', {}, { sessionToken: 'eyJhbGciOiJIUzI1NiJ9.secret' });
  const kept = JSON.stringify(
    document.cookie
      .split('; ')
      // All but the mark of an empty outbox are base64url.
      .filter(pair => !pair.startsWith('utmost_outbox='))
      .map(pair => atob(pair.split('=')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '')),
  );
  expect(kept).toContain('fingerprint');
  expect(kept).not.toContain('secret');
});

describe('the same once more while it is under way', () => {
  it.each([
    ['the same object', () => ({ plan: 'pro' })],
    ['a date', () => ({ born: new Date(0) })],
    ['none', () => undefined],
  ])('is one request, whose receipt both calls get: %s', async (_, metadata) => {
    const { identify, collector } = openPage(createBrowser(), {
      url: 'https://www.example.com/?utm_source=a',
    });
    const receipts = [identify('1', metadata()), identify('1', metadata()), identify('1', metadata())];
    await collector.answer(DELIVERED);
    expect(await Promise.all(receipts)).toEqual(Array(3).fill(DELIVERED_RECEIPT));
    expect(collector.got).toHaveLength(1);
  });

  it('is another request where something else was said in between', async () => {
    const { identify, collector } = openPage(kindBrowser());
    await Promise.all([identify('1', { n: 1 }), identify('1', { n: 2 }), identify('1', { n: 1 })]);
    await settled();
    expect(collector.got.at(-1)?.metadata).toEqual({ n: 1 });
    expect(collector.got.length).toBeGreaterThan(1);
  });
});
