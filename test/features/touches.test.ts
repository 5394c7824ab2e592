// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FullOptions } from '../../src/features/options.ts';
import { kindBrowser, startAnew } from '../client/client-world.ts';
import { openFullPage } from './full-world.ts';

startAnew();
beforeEach(() => localStorage.clear());

const HOUR = 3_600_000;
const land = (n: number) => `https://www.example.com/${n}?utm_source=s${n}&utm_campaign=c`;

/** Opens a page for each of these campaigns, an hour after the one before, and returns the last. */
async function visitAll(
  browser: ReturnType<typeof kindBrowser>,
  numbers: number[],
  options: Partial<FullOptions> = {},
) {
  let page = openFullPage(browser, { url: land(numbers[0] ?? 0), touches: 3, ...options });
  for (const n of numbers.slice(1)) {
    await vi.advanceTimersByTimeAsync(HOUR);
    page = openFullPage(browser, { url: land(n), touches: 3, ...options });
  }
  await vi.advanceTimersByTimeAsync(10);
  return page;
}

type Listed = { metadata?: { attribution?: { count: number; touches?: Record<string, unknown>[] } } };
const sentTouches = ({ sent }: ReturnType<typeof openFullPage>) =>
  (sent.at(-1)?.body as Listed | undefined)?.metadata?.attribution?.touches;
const sources = (touches: readonly { utm_source?: unknown }[] | undefined) =>
  touches?.map(({ utm_source }) => utm_source);
const kept = (page: ReturnType<typeof openFullPage>) =>
  sources(page.client.getTouches()?.touches?.map(({ campaign }) => campaign));

describe('the list', () => {
  it('has the first touch and the latest, and is sent with the user', async () => {
    const page = await visitAll(kindBrowser(), [1, 2, 3, 4, 5]);
    expect(kept(page)).toEqual(['s1', 's4', 's5']);
    await page.client.identifyUser('1');
    expect(sources(sentTouches(page))).toEqual(['s1', 's4', 's5']);
    expect((page.sent.at(-1)?.body as Listed | undefined)?.metadata?.attribution?.count).toBe(5);
  });

  it('has of each touch what it has, with its time, rule and landing path, and no nulls', async () => {
    const page = await visitAll(kindBrowser(), [1]);
    await page.client.identifyUser('1');
    expect(sentTouches(page)).toEqual([
      {
        utm_source: 's1',
        utm_campaign: 'c',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        landing_path: '/1',
        rule: 'campaign',
      },
    ]);
  });

  it('makes a new update of a user whose touches are others than before', async () => {
    const browser = kindBrowser();
    const page = await visitAll(browser, [1]);
    expect(await page.client.identifyUser('1')).toMatchObject({ status: 'delivered' });
    expect(await page.client.identifyUser('1')).toMatchObject({ status: 'unchanged' });
    await vi.advanceTimersByTimeAsync(HOUR);
    const next = await visitAll(browser, [2]);
    expect(await next.client.identifyUser('1')).toMatchObject({ status: 'delivered' });
    expect(sources(sentTouches(next))).toEqual(['s1', 's2']);
  });

  it('begins with the touches that were there before the option was', async () => {
    const browser = kindBrowser();
    await visitAll(browser, [1, 2, 3], { touches: undefined, includeAttribution: true });
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(kept(await visitAll(browser, [4]))).toEqual(['s1', 's4']);
  });

  it('has no touch that is too old', async () => {
    const browser = kindBrowser();
    await visitAll(browser, [1, 2]);
    await vi.advanceTimersByTimeAsync(200 * 24 * HOUR);
    expect(kept(await visitAll(browser, [3]))).toEqual(['s3']);
  });

  it('is short in characters, too: the first touch and the latest stay', async () => {
    const browser = kindBrowser();
    const long = 'x'.repeat(500);
    for (let n = 0; n < 30; n++) {
      const url = `${land(n)}&utm_term=${long}&utm_content=${long}`;
      openFullPage(browser, { url, touches: 50 });
      await vi.advanceTimersByTimeAsync(HOUR);
    }
    const list = kept(openFullPage(browser, { touches: 50 })) ?? [];
    expect([list[0], list.at(-1)]).toEqual(['s0', 's29']);
    expect(list.length).toBeLessThan(30);
    expect(localStorage.getItem('utmost_touches')?.length).toBeLessThan(17_000);
  });
});

describe('the option', () => {
  it.each([1, 51, 2.5, -3, Number.NaN])('refuses %s with a sentence', touches => {
    expect(() => openFullPage(kindBrowser(), { touches })).toThrow(
      'utmost: touches must be a whole number from 2 to 50.',
    );
  });

  it('keeps no list where it is not given', async () => {
    const page = await visitAll(kindBrowser(), [1, 2], { touches: undefined });
    expect(kept(page)).toBeUndefined();
    expect(localStorage.getItem('utmost_touches')).toBeNull();
  });

  it('sends nothing where includeAttribution is false, and keeps the list all the same', async () => {
    const page = await visitAll(kindBrowser(), [1, 2], { includeAttribution: false });
    await page.client.identifyUser('1');
    expect(sentTouches(page)).toBeUndefined();
    expect(kept(page)).toEqual(['s1', 's2']);
  });
});

describe('what is kept', () => {
  it('goes with the visitor: another user has none of it', async () => {
    const browser = kindBrowser();
    const page = await visitAll(browser, [1, 2]);
    await page.client.identifyUser('1');
    page.client.reset();
    expect(localStorage.getItem('utmost_touches')).toBeNull();
    await page.client.identifyUser('2');
    expect(sentTouches(page)).toBeUndefined();
  });

  it('comes back with a reset that is taken back', async () => {
    const page = await visitAll(kindBrowser(), [1, 2, 3]);
    await page.client.identifyUser('1');
    page.client.reset();
    await page.client.identifyUser('1', { plan: 'pro' });
    expect(sources(sentTouches(page))).toEqual(['s1', 's2', 's3']);
  });

  it('is nothing before consent, and nothing after a refusal', async () => {
    const browser = kindBrowser();
    const page = openFullPage(browser, { url: land(1), touches: 3, consent: 'pending' });
    expect([localStorage.length, kept(page)]).toEqual([0, undefined]);
    page.client.setConsent('granted');
    expect(kept(page)).toEqual(['s1']);
    page.client.setConsent('denied');
    expect(localStorage.getItem('utmost_touches')).toBeNull();
    expect(kept(page)).toBeUndefined();
  });

  it.each([
    ['no JSON', 'junk'],
    ['no list', '{"anonymousId":"uuid-1"}'],
    [
      'no touches',
      '{"anonymousId":"uuid-1","touches":[null,7,{"at":"x"},{"campaign":1,"at":2},{"at":1e99,"campaign":{}}]}',
    ],
    [
      'another visitor’s',
      '{"anonymousId":"x","touches":[{"at":5,"campaign":{"utm_source":"foreign"},"rule":"campaign"}]}',
    ],
    ['megabytes', 'x'.repeat(40_000)],
  ])('may be %s, and counts for nothing', async (_, text) => {
    localStorage.setItem('utmost_touches', text);
    const page = openFullPage(kindBrowser(), { url: land(1), touches: 3 });
    expect(kept(page)).toEqual(['s1']);
    expect(await page.client.identifyUser('1')).toMatchObject({ status: 'delivered' });
  });

  it('is the first and the last touch where localStorage is blocked', async () => {
    const browser = kindBrowser();
    const refuse = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse, clear() {} });
    const page = await visitAll(browser, [1, 2, 3]);
    expect(kept(page)).toEqual(['s1', 's3']);
  });

  it('has the name of its instance, and stays in memory where nothing may be kept', async () => {
    await visitAll(kindBrowser(), [1], { persistenceKeyPrefix: 'shop_' });
    expect(Object.keys(localStorage)).toEqual(['shop_touches']);
    localStorage.clear();
    await visitAll(kindBrowser(), [1], { persistence: 'none' });
    expect(localStorage.length).toBe(0);
  });
});
