import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNEL_RULES } from '../src/channel/rules.ts';
import { openDashboard, type Size, violations } from './dashboard-page.ts';
import { people } from './dashboard-people.ts';
import { openWorld, type World } from './world.ts';

const ARTIFACTS = fileURLToPath(new URL('.artifacts/', import.meta.url));

let world: World;
beforeAll(async () => {
  await mkdir(ARTIFACTS, { recursive: true });
  world = await openWorld();
  for (const [path, body] of people()) await send(path, body);
});
afterAll(() => world.close());

function send(path: string, body: object): Promise<Response> {
  return fetch(`${world.demo.collector}/v1/${path}`, {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'demo' },
    body: JSON.stringify(body),
  });
}

const open = (hash: string, size: Size, scheme?: 'light' | 'dark') =>
  openDashboard(world, hash, size, scheme);

const VIEWS = [
  ['people', '', 'ada@nordfjord.example'],
  ['profile', '#/user/demo/user_a8e8a227', 'Looked at prices'],
  ['campaigns', '#/campaigns', 'podcast'],
] as const;

describe.each(VIEWS)('%s', (name, hash, text) => {
  test.each([
    ['wide', 'light'],
    ['wide', 'dark'],
    ['narrow', 'light'],
    ['narrow', 'dark'],
  ] as const)('%s and %s: nothing that axe finds, nothing cut off', async (size, scheme) => {
    const page = await open(hash, size, scheme);
    const errors: string[] = [];
    page.on('console', message => message.type() === 'error' && errors.push(message.text()));
    await page.getByText(text).first().waitFor();
    if (name === 'campaigns')
      await page.waitForFunction(() => (document.querySelector('canvas')?.height ?? 0) > 160);
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({
      path: `${ARTIFACTS}dashboard-${name}-${size}-${scheme}.png`,
      fullPage: size === 'narrow',
    });
    expect(errors).toEqual([]);
  });
});

test('the list is searched by words, kind and campaign field, and the address keeps the search', async () => {
  const page = await open('', 'wide');
  const names = () => page.locator('.card h3').allTextContents();
  await expect.poll(async () => (await names()).length).toBeGreaterThan(10);
  await page.getByLabel('Search').fill('harbour COVE');
  await expect.poll(names).toEqual(['Jonas Tveit']);
  await page.reload();
  await expect.poll(names).toEqual(['Jonas Tveit']);
  await page.getByLabel('Search').fill('nobody like this');
  await page.getByText('Nobody matches').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('is exactly').fill('podcast');
  await page.getByLabel('Who').selectOption('Logged in');
  await expect.poll(async () => (await names()).sort()).toEqual(['Mary', 'Nils']);
});

test('channels are a chart, a column and a filter, without a relay that adds them', async () => {
  const page = await open('#/campaigns', 'wide');
  const chart = page.getByRole('img', { name: /^Bar chart of visitors by channel/ });
  await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/Paid Search: \d+ visitors.*Email: \d+/);
  await page
    .getByRole('row', { name: /google/ })
    .getByRole('link', { name: 'Paid Search' })
    .first()
    .click();
  await expect.poll(() => page.getByLabel('Channel').inputValue()).toBe('Paid Search');
  const names = () => page.locator('.card h3').allTextContents();
  await expect.poll(names).toContain('Jonas Tveit');
  await page.getByLabel('Channel').selectOption('Referral');
  await expect.poll(names).toEqual(['Anonymous visitor']);
  await expect.poll(() => page.locator('.card').textContent()).toContain('Referral');
  await send('users', { user_id: 'user_partner', metadata: { name: 'Pat', channel: 'Partner' } });
  await page.goto(world.demo.url('/dashboard/#/?channel=Partner'));
  await page.reload();
  await expect.poll(names).toEqual(['Pat']);
});

test('the filter has every channel of the rules', async () => {
  const page = await open('', 'wide');
  const options = await page.getByLabel('Channel').locator('option').allTextContents();
  expect(options.slice(1)).toEqual([...CHANNEL_RULES.map(({ channel }) => channel), 'Unassigned']);
});

test('by keyboard alone: from the campaigns to a person and back, the focus never lost', async () => {
  const page = await open('', 'wide');
  await page.getByRole('link', { name: 'Campaigns' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('rowheader', { name: 'podcast' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  expect(await page.getByRole('link', { name: 'Campaigns' }).getAttribute('aria-current')).toBe('page');
  await page.getByRole('link', { name: 'podcast' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Mary' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Mary', level: 2 }).waitFor();
  expect(await page.title()).toContain('Mary');
  await page.goBack();
  await page.getByRole('link', { name: 'Mary' }).waitFor();
});

describe('recorded API calls', () => {
  const calls = (page: Page) => page.locator('.entry:has(.badge.call)');

  test('show verb, path, status and time, and say in words which failed', async () => {
    const page = await open('#/user/demo/user_a8e8a227', 'wide');
    await calls(page).first().waitFor();
    const shown = await calls(page).locator('.moment').allInnerTexts();
    // Without the last line, the time ago.
    expect(shown.map(text => text.split('\n').slice(0, -1).join(' '))).toEqual([
      'API call GET /api/tides 10000 ms No answer: timed out',
      'API call POST /api/bookings 503 · 1204 ms Server error',
      'API call POST /api/bookings 422 · 51 ms Refused',
      'API call GET /api/berths 200 · 84 ms',
    ]);
    await page.context().close();
  });

  test.each([
    ['wide', 'light'],
    ['narrow', 'dark'],
  ] as const)(
    'open by the keyboard, and stay open as the page follows along: %s, %s',
    async (size, scheme) => {
      const page = await open('#/user/demo/user_a8e8a227', size, scheme);
      const call = calls(page).nth(1);
      await call.locator('summary').focus();
      await page.keyboard.press('Enter');
      await call.getByText('MS Freya').waitFor();
      expect(await call.locator('pre').allInnerTexts()).toEqual([
        '{\n  "vessel": "MS Freya"\n}',
        '{"ok":true}',
      ]);
      expect(await call.getByText('https://www.example.com/api/bookings').isVisible()).toBe(true);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.screenshot({ path: `${ARTIFACTS}dashboard-calls-${size}-${scheme}.png`, fullPage: true });

      const before = await page.locator('.entry').count();
      await send('actions', { action_name: 'Later', user_id: 'user_a8e8a227', request: { uri: '/' } });
      await expect.poll(() => page.locator('.entry').count(), { timeout: 20_000 }).toBe(before + 1);
      expect(await call.locator('details').getAttribute('open')).toBe('');
      expect(await call.locator('summary').evaluate(summary => summary === document.activeElement)).toBe(
        true,
      );
      await page.context().close();
    },
  );
});

test('the page follows along: a new touch appears in the open timeline', async () => {
  const page = await open('#/user/demo/user_a5ab010f', 'wide');
  await page.getByText('google · cpc · 50%off').waitFor();
  await send('users', { user_id: 'user_a5ab010f', campaign: { utm_source: 'fair', utm_medium: 'flyer' } });
  await page.getByText('fair · flyer').waitFor();
});

test('what a visitor wrote is text, never markup', async () => {
  const evil = '<img src=x onerror="window.hacked = true">';
  await send('users', {
    user_id: evil,
    campaign: { utm_source: evil },
    metadata: { name: evil, [evil]: evil },
  });
  for (const hash of ['', `#/user/demo/${encodeURIComponent(evil)}`, '#/campaigns']) {
    const page = await open(hash, 'wide');
    await page.getByText(evil).first().waitFor();
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  }
});
