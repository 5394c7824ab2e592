import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNEL_RULES } from '../src/channel/rules.ts';
import {
  ARTIFACTS,
  openDashboard,
  openPeople,
  SIZES,
  type Size,
  sendTo,
  violations,
} from './dashboard-page.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openPeople();
});
afterAll(() => world.close());

const send = (path: string, body: object) => sendTo(world, path, body);
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
  await page.getByRole('rowheader', { name: 'podcast' }).first().waitFor();
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

test('conversions are downloaded by keyboard alone, and an empty choice says so', async () => {
  const time = new Date(Date.now() - 3_600_000).toISOString();
  const click_ids = { msclkid: { id: 'f894f652', time, landing_path: '/' } };
  await send('users', { user_id: 'user_bing', metadata: { name: 'Bing', click_ids } });
  const request = { uri: 'https://www.example.com/buy' };
  const metadata = { value: 49.9, currency: 'EUR' };
  await send('actions', { action_name: 'Ordered', user_id: 'user_bing', request, metadata });
  const page = await open('#/campaigns', 'narrow');
  await page.getByLabel('Action').fill('Ordered');
  await page.keyboard.press('Enter');
  await page.getByText('No such action in these days').waitFor();
  await page.getByLabel('Platform', { exact: true }).focus();
  await page.keyboard.press('M');
  await page.getByRole('button', { name: 'Download' }).focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toMatch(/^microsoft-conversions-.*\.csv$/);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/\r\nf894f652,Ordered,.*,49\.9,EUR\r\n$/);
  await page.getByText('1 conversion in microsoft-conversions-').waitFor();
  for (const size of ['wide', 'narrow'] as const) {
    await page.setViewportSize(SIZES[size]);
    await page.locator('.export').screenshot({ path: `${ARTIFACTS}dashboard-conversions-${size}.png` });
  }
  await page.getByLabel('First day').fill('2027-01-02');
  await page.getByLabel('Last day').fill('2027-01-01');
  await page.keyboard.press('Enter');
  await page.getByText('from must not be after to.').waitFor();
  expect(await violations(page)).toEqual([]);
});
