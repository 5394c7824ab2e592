// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { kindBrowser, startAnew } from '../client/client-world.ts';
import { openFullPage } from './full-world.ts';

startAnew();
beforeEach(() => localStorage.clear());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEY = 'utmost_touches';
type FullPage = ReturnType<typeof openFullPage>;

/** Lands by campaign `s<n>` that long after what was before. */
async function land(
  browser: ReturnType<typeof kindBrowser>,
  n: number,
  { touches = 3, after = HOUR, more = '', includeAttribution = true } = {},
): Promise<FullPage> {
  await vi.advanceTimersByTimeAsync(after);
  const url = `https://www.example.com/${n}?utm_source=s${n}${more}`;
  const page = openFullPage(browser, { url, touches, includeAttribution });
  await vi.advanceTimersByTimeAsync(10);
  return page;
}
const listed = ({ client }: FullPage) =>
  client.getTouches()?.touches?.map(({ campaign }) => campaign.utm_source);
const plant = ({ client }: FullPage, touches: object[]) =>
  localStorage.setItem(KEY, JSON.stringify({ anonymousId: client.getAnonymousId(), touches }));
const touchAt = (at: number, utm_source: unknown, more = {}) => ({
  at,
  campaign: { utm_source },
  rule: 'campaign',
  ...more,
});

describe('the first touch and the last', () => {
  it('are those of the cookies, also once the earliest has expired', async () => {
    const browser = kindBrowser();
    await land(browser, 1);
    await land(browser, 2, { after: 100 * DAY });
    await land(browser, 3, { after: 90 * DAY });
    await land(browser, 4);
    const page = await land(browser, 5);
    expect(page.client.getTouches()?.first?.campaign.utm_source).toBe('s2');
    expect(listed(page)).toEqual(['s2', 's4', 's5']);
  });

  it('lose their place to none that is older', async () => {
    const browser = kindBrowser();
    plant(await land(browser, 1), [touchAt(5, 'planted')]);
    await land(browser, 2, { touches: 2 });
    expect(listed(await land(browser, 3, { touches: 2 }))).toEqual(['s1', 's3']);
  });

  it('lose their place to none from the future, which goes first', async () => {
    const browser = kindBrowser();
    const future = [1, 2, 3].map(n => touchAt(2 * Date.now() + n, `f${n}`));
    plant(await land(browser, 1), future);
    expect(listed(await land(browser, 2))).toEqual(['s1', 'f3', 's2']);
    expect(listed(await land(browser, 3))).toEqual(['s1', 's2', 's3']);
  });
});

describe('the list', () => {
  it('stays with a visitor who gets another anonymous id', async () => {
    const browser = kindBrowser();
    for (const n of [1, 2]) await land(browser, n);
    const page = await land(browser, 3);
    page.client.resetAnonymousId();
    expect(listed(page)).toEqual(['s1', 's2', 's3']);
  });

  it('stays where a reset keeps the touches, for there was a company alone', async () => {
    const browser = kindBrowser();
    for (const n of [1, 2]) await land(browser, n);
    const page = await land(browser, 3);
    await page.client.identifyCompany('c');
    page.client.reset();
    expect(listed(page)).toEqual(['s1', 's2', 's3']);
  });

  it.each([true, false])('leaves the device with the user (includeAttribution: %s)', async sent => {
    const browser = kindBrowser();
    await land(browser, 1, { includeAttribution: sent });
    const page = await land(browser, 2, { includeAttribution: sent });
    await page.client.identifyUser('1');
    expect(localStorage.getItem(KEY)).toContain('s2');
    await page.client.identifyUser('2');
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it('has the touches of two tabs', async () => {
    const browser = kindBrowser();
    const tab = await land(browser, 1, { touches: 10 });
    for (const n of [2, 3]) await land(browser, n, { touches: 10 });
    await tab.client.identifyUser('1');
    expect(listed(tab)).toEqual(['s1', 's2', 's3']);
  });

  it('is what the page has seen where storage is full', async () => {
    const browser = kindBrowser();
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    vi.stubGlobal('localStorage', { getItem: () => null, setItem: full, removeItem() {}, clear() {} });
    for (const n of [1, 2]) await land(browser, n);
    expect(listed(await land(browser, 3))).toEqual(['s1', 's3']);
  });

  it('is bounded in bytes, whatever the script', async () => {
    const browser = kindBrowser();
    const more = `&utm_term=${encodeURIComponent('字'.repeat(500))}`;
    for (let n = 0; n < 30; n++) await land(browser, n, { touches: 50, more });
    const page = await land(browser, 30, { touches: 50, more });
    const stored = new TextEncoder().encode(localStorage.getItem(KEY) ?? '').length;
    expect(stored).toBeGreaterThan(12_000);
    expect(stored).toBeLessThan(16_500);
    expect([listed(page)?.[0], listed(page)?.at(-1)]).toEqual(['s0', 's30']);
  });

  it.each([
    ['a number for a text', touchAt(1e12, 5)],
    ['a text too long', touchAt(1e12, 'x'.repeat(1501))],
    ['click ids that are a text', touchAt(1e12, 'bad', { clickIds: 'abc' })],
    ['a path that is no text', touchAt(1e12, 'bad', { path: {} })],
    ['a rule that is no text', touchAt(1e12, 'bad', { rule: 9 })],
  ])('leaves %s out', async (_, bad) => {
    const browser = kindBrowser();
    const page = await land(browser, 1, { touches: 10 });
    const at = Date.now();
    plant(page, [{ ...bad, at: at - 1 }, touchAt(at, 'good')]);
    expect(listed(await land(browser, 2, { touches: 10 }))).toEqual(['s1', 'good', 's2']);
  });
});
