import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ARTIFACTS, openDashboard, openPeople, sendTo, violations } from './dashboard-page.ts';
import type { World } from './world.ts';

/** People and entries, of whom a page shows 50 and 100. */
const PEOPLE = 120;
const ENTRIES = 230;

let world: World;
beforeAll(async () => {
  world = await openPeople();
  const second = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  const crowd = Array.from({ length: PEOPLE }, (_, n) => ({
    user_id: `crowd-${n}`,
    modified_time: second(n),
    campaign: { utm_source: 'crowd' },
    metadata: { name: `Crowd ${n}` },
  }));
  await sendTo(world, 'users/batch', crowd);
  const actions = Array.from({ length: ENTRIES }, (_, n) => ({
    action_name: `Step ${n}`,
    user_id: 'crowd-0',
    request: { uri: '/', time: second(n) },
  }));
  await sendTo(world, 'actions/batch', actions);
});
afterAll(() => world.close());

const names = (page: Page) => page.locator('.card h3').allTextContents();
const crowd = (first: number, last: number) =>
  Array.from({ length: first - last + 1 }, (_, n) => `Crowd ${first - n}`);

test.each(['wide', 'narrow'] as const)(
  'the list is read page by page by keyboard, and says where it is: %s',
  async size => {
    const page = await openDashboard(world, '#/?utm_source=crowd', size);
    await expect.poll(() => names(page)).toEqual(crowd(119, 70));
    await expect
      .poll(() => page.locator('#counts').textContent())
      .toBe('1–50 of 120 · here 50 logged in, 0 anonymous');
    expect(await page.getByRole('button', { name: 'Newer profiles' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Older profiles' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => names(page)).toEqual(crowd(69, 20));
    // The reader is at the start of the page, and not below its end.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('counts');
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-pages-${size}.png` });
    await page.getByRole('button', { name: 'Older profiles' }).click();
    await expect.poll(() => names(page)).toEqual(crowd(19, 0));
    await expect.poll(() => page.locator('#counts').textContent()).toMatch(/^101–120 of 120 ·/);
    expect(await page.getByRole('button', { name: 'Older profiles' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Newer profiles' }).click();
    await expect.poll(() => names(page)).toEqual(crowd(69, 20));
    // A search begins at its first page.
    await page.getByLabel('Search').fill('crowd-7');
    await expect.poll(() => names(page)).toEqual([...crowd(79, 70), 'Crowd 7']);
    await expect.poll(() => page.locator('#counts').textContent()).toMatch(/^1–11 of 11 ·/);
    await page.context().close();
  },
);

test('a timeline is read to its oldest entry, and keeps what is open as it follows along', async () => {
  const page = await openDashboard(world, '#/user/demo/crowd-0', 'wide');
  const entries = page.locator('.entry');
  await expect.poll(() => entries.count()).toBe(100);
  const older = page.getByRole('button', { name: 'Show older' });
  await older.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => entries.count()).toBe(200);
  await sendTo(world, 'actions', { action_name: 'Later', user_id: 'crowd-0', request: { uri: '/' } });
  await page.getByText('Later').waitFor();
  expect(await entries.count()).toBe(201);
  expect(await violations(page)).toEqual([]);
  await older.click();
  // The steps, the later one and the update that made the profile.
  await expect.poll(() => entries.count()).toBe(ENTRIES + 2);
  await expect.poll(() => older.isVisible()).toBe(false);
  const titles = await page.locator('.entry .moment strong').allTextContents();
  expect(titles[0]).toBe('Later');
  expect(titles.filter(title => title.startsWith('Step'))).toEqual(
    Array.from({ length: ENTRIES }, (_, n) => `Step ${ENTRIES - 1 - n}`),
  );
  await page.context().close();
});
