import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARTIFACTS, openDashboard, openPeople, type Size, sendTo, violations } from './dashboard-page.ts';
import { readFrom } from './read-from.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openPeople();
});
afterAll(() => world.close());

const send = (path: string, body: object) => sendTo(world, path, body);
const open = (hash: string, size: Size, scheme?: 'light' | 'dark') =>
  openDashboard(world, hash, size, scheme);

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

test('entries are named as what they are, and say what was left out of them', async () => {
  const on = (day: number) => `2026-10-0${day}T10:00:00.000Z`;
  const who = { user_id: 'user_named', anonymous_id: 'named-phone' };
  const request = (day: number) => ({ uri: '/', time: on(day) });
  const campaign = { utm_source: 'fair' };
  const attribution = { count: 1 };
  for (const [path, body] of [
    ['users', { anonymous_id: 'named-phone', campaign, modified_time: on(1) }],
    ['users', { ...who, campaign, metadata: { name: 'Nia', attribution }, modified_time: on(2) }],
    ['users', { ...who, company_id: 'harbour', modified_time: on(3) }],
    ['users', { ...who, campaign, metadata: { attribution }, modified_time: on(4) }],
    ['actions', { user_id: 'user_named', action_name: 'Booked', request: request(5), metadata: { name: 7 } }],
    ['events', { user_id: 'user_named', request: { ...request(6), verb: 'GET', headers: {} } }],
  ] as const)
    expect((await send(path, body)).status).toBeLessThan(300);
  const page = await open('#/user/demo/user_named', 'narrow');
  await page.getByText('Booked').waitFor();
  const heads = await page.locator('.entry .moment').allInnerTexts();
  expect(heads.map(text => text.split('\n').slice(0, 2).join(': '))).toEqual([
    'API call: GET /',
    'Action: Booked',
    'Visit: fair',
    'Company: harbour',
    'Identified: Nia',
    'Visit: fair',
  ]);
  const action = page.locator('.entry', { hasText: 'Booked' });
  await action.getByText('Left out in part').waitFor();
  await action.getByText('number instead of string').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.context().close();
});

test('the page follows along: a new touch appears in the open timeline', async () => {
  const page = await open('#/user/demo/user_a5ab010f', 'wide');
  await page.getByText('google · cpc · 50%off').waitFor();
  await send('users', { user_id: 'user_a5ab010f', campaign: { utm_source: 'fair', utm_medium: 'flyer' } });
  await page.getByText('fair · flyer').waitFor();
});

test('the path of a person is drawn touch by touch, with the first and the credited one marked', async () => {
  const touch = (day: number, utm_source: string) => ({
    time: `2026-10-0${day}T10:00:00.000Z`,
    utm_source,
    utm_medium: 'cpc',
    landing_path: '/pricing',
    rule: 'campaign',
  });
  const touches = [touch(1, 'google'), touch(2, 'bing'), touch(3, 'newsletter')];
  const attribution = { count: 5, first: touches[0], last: touches[2], touches };
  const campaign = { utm_source: 'google', utm_medium: 'cpc' };
  await send('users', { user_id: 'user_path', campaign, metadata: { name: 'Pat', attribution } });
  for (const size of ['wide', 'narrow'] as const) {
    const page = await open('#/user/demo/user_path', size);
    const path = page.getByRole('list', { name: 'Path, oldest first' });
    await path.waitFor();
    const steps = await path.getByRole('listitem').allInnerTexts();
    expect(steps.map(text => text.split('\n').filter(line => !/ago/.test(line)))).toEqual([
      ['google · cpc', 'First', 'Credited', '/pricing'],
      ['bing · cpc', '/pricing'],
      ['newsletter · cpc', '/pricing'],
    ]);
    await page.getByText('2 more between the first and the latest are not shown.').waitFor();
    expect(await violations(page)).toEqual([]);
  }
});

test.each([
  ['wide', 'light'],
  ['narrow', 'light'],
  ['narrow', 'dark'],
] as const)(
  'the company of a person is deleted after a question, and its people stay: %s, %s',
  async (size, scheme) => {
    const company_id = `harbour-${size}-${scheme}`;
    await send('companies', { company_id, company_domain: 'harbour.example' });
    await send('users', { user_id: `user_of_${company_id}`, company_id, metadata: { name: 'Cleo' } });
    const page = await open(`#/user/demo/user_of_${company_id}`, size, scheme);
    const button = page.getByRole('button', { name: 'Delete the company …' });
    const dialog = page.getByRole('dialog', { name: `Delete ${company_id}?` });
    await button.focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('Its people stay').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-delete-company-${size}-${scheme}.png` });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const read = () => readFrom(world.demo, `/companies?${new URLSearchParams({ company_id })}`);
    expect((await read()).status).toBe(200);
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(`Deleted ${company_id}: 1 profile and 1 update.`).waitFor();
    await page.getByRole('link', { name: 'Cleo' }).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/?company_id=${company_id}`);
    expect((await read()).status).toBe(404);
    await page.context().close();
  },
);

test('who has no company has none to delete', async () => {
  const page = await open('#/user/demo/user_a5ab010f', 'wide');
  await page.getByRole('button', { name: 'Delete …' }).waitFor();
  expect(await page.getByRole('button', { name: 'Delete the company …' }).isVisible()).toBe(false);
  await page.context().close();
});
