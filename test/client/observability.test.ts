// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { busy, DELIVERED, OFFLINE, REFUSED, settled } from '../world.ts';
import { createBrowser, openPage, startAnew } from './client-world.ts';

startAnew();

describe('onDelivery', () => {
  it('hears of every attempt, and what was sent', async () => {
    const onDelivery = vi.fn();
    const { identify, collector } = openPage(createBrowser(), { onDelivery });
    collector.rule = () => busy(0);
    await identify('1', { plan: 'pro' });
    collector.rule = () => DELIVERED;
    await vi.advanceTimersByTimeAsync(1000);
    const entry = {
      id: expect.any(String),
      at: Date.UTC(2026, 0, 15),
      body: { user_id: '1', anonymous_id: 'uuid-1', metadata: { plan: 'pro' } },
    };
    expect(onDelivery.mock.calls).toEqual([
      [{ status: 'queued', reason: 'http', message: 'HTTP 503', httpStatus: 503 }, entry],
      [{ status: 'delivered', httpStatus: 201 }, entry],
    ]);
    expect(onDelivery.mock.calls[0]?.[1].id).toBe(onDelivery.mock.calls[1]?.[1].id);
  });

  it('hears of each update of a merged request, of a refusal, and of what earlier pages left', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    await openPage(browser).identify('1', { n: 1 });
    browser.collector.rule = ({ user_id }) => (user_id === 'bad' ? REFUSED : DELIVERED);
    const heard: unknown[] = [];
    const page = openPage(browser, {
      onDelivery: ({ status }, { body }) => heard.push([status, body.user_id]),
    });
    await page.identify('bad');
    await vi.advanceTimersByTimeAsync(300);
    expect(heard).toEqual([
      ['dropped', 'bad'],
      ['delivered', '1'],
    ]);
  });

  it('what it throws, or does to the entry, harms no delivery', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const { identify, collector, store } = openPage(browser, {
      onDelivery(receipt, entry) {
        Object.assign(entry.body, { user_id: 'tampered' });
        receipt.status = 'dropped';
        throw new Error('host bug');
      },
    });
    expect(await identify('1')).toMatchObject({ status: 'queued' });
    collector.rule = () => DELIVERED;
    await vi.advanceTimersByTimeAsync(1000);
    await settled();
    expect(collector.got.map(({ user_id }) => user_id)).toEqual(['1', '1']);
    expect(store.bodies).toEqual([]);
  });
});

describe('debug', () => {
  it('says each decision in one readable line', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {});
    const browser = createBrowser();
    const { identify, collector, page } = openPage(browser, {
      url: 'https://www.example.com/?utm_source=a',
      debug: true,
    });
    collector.rule = () => busy(60_000);
    void identify('1', { 'dotted.key': 1 });
    await settled();
    await vi.advanceTimersByTimeAsync(60_000);
    collector.rule = () => DELIVERED;
    await vi.advanceTimersByTimeAsync(60_000);
    await identify('1', { 'dotted.key': 1 });
    collector.rule = () => OFFLINE;
    await identify('2');
    page.hide();
    expect(info.mock.calls.map(([line]) => line)).toEqual([
      'utmost: visit: new touch (campaign: campaign parameters, or the click id of an ad, in the URL)',
      'utmost: dots become underscores in the key dotted.key',
      'utmost: queued: update of 1 (HTTP 503), next try in 60 s',
      'utmost: queued: update of 1 (HTTP 503), next try in 60 s',
      'utmost: delivered: update of 1',
      'utmost: dots become underscores in the key dotted.key',
      'utmost: unchanged: update of 1',
      'utmost: queued: update of 2 (network; it waits), next try in 0.5 s',
      'utmost: hidden: 1 sent unconfirmed',
    ]);
  });

  it('off, the console stays empty', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {});
    const browser = createBrowser();
    browser.collector.rule = () => DELIVERED;
    await openPage(browser).identify('1');
    expect(info).not.toHaveBeenCalled();
    expect(console.warn).not.toHaveBeenCalled();
  });
});

describe('with the option relay', () => {
  it('everything goes there, whatever the page’s base, and needs no application id', async () => {
    const requests: { url: string; headers: object }[] = [];
    const browser = createBrowser();
    const { identify } = openPage(browser, {
      relay: '/t',
      applicationId: '',
      url: 'https://www.example.com/deep/page?utm_source=a',
      onRequest: request => requests.push(request),
    });
    browser.collector.rule = () => DELIVERED;
    await identify('1');
    expect(requests).toEqual([
      {
        url: 'https://www.example.com/t/v1/users',
        headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
      },
    ]);
  });
});
