import { readFile } from 'node:fs/promises';
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

const send = async (path: string, body: object) => {
  const { status } = await sendTo(world, path, body);
  expect(status).toBeLessThan(300);
};
const open = (hash: string, size: Size = 'wide', scheme?: 'light' | 'dark') =>
  openDashboard(world, hash, size, scheme);
const newPage = async () => (await world.visitor()).newPage();
const isNarrowEnough = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe('signing in', () => {
  test('the dashboard without a cookie shows nobody, and says what to do', async () => {
    for (const [width, scheme] of [
      [1200, 'light'],
      [360, 'dark'],
    ] as const) {
      const page = await newPage();
      await page.setViewportSize({ width, height: 740 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(world.demo.url('/dashboard/#/user/demo/user_a8e8a227'));
      await page.getByText('Open the link to the dashboard that npm run demo printed').waitFor();
      expect(await page.locator('body').textContent()).not.toContain('nordfjord.example');
      expect(await violations(page)).toEqual([]);
      expect(await isNarrowEnough(page)).toBe(true);
      await page.screenshot({ path: `${ARTIFACTS}dashboard-sign-in-${width}-${scheme}.png` });
      await page.context().close();
    }
  });

  test('by the printed link, the token leaves the address, and the place in the dashboard stays', async () => {
    const page = await newPage();
    await page.goto(`${world.demo.dashboard}#/user/demo/user_a8e8a227`);
    await page.getByRole('heading', { name: 'Ada Holm', level: 2 }).waitFor();
    expect(page.url()).toBe(world.demo.url('/dashboard/#/user/demo/user_a8e8a227'));
    expect(await page.evaluate(() => document.cookie)).not.toContain('utmost_read');
    await page.goto(world.demo.url('/user-com/'));
    await page.getByText('Nobody yet').waitFor();
  });

  test('by a typed token with the keyboard, and out again', async () => {
    const page = await newPage();
    await page.goto(world.demo.url('/dashboard/?token=old#/campaigns'));
    await page.getByText('The link has an old token').waitFor();
    await page.getByLabel('Or paste the token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the token').waitFor();
    await page.getByLabel('Or paste the token').fill(world.demo.readToken);
    await page.keyboard.press('Enter');
    await page.getByRole('rowheader', { name: 'podcast' }).first().waitFor();
    expect(page.url()).toBe(world.demo.url('/dashboard/?#/campaigns'));
    await page.getByRole('button', { name: 'Sign out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Sign in to read what is stored').waitFor();
  });

  test('is asked for again once the session has ended, on a page that is open', async () => {
    const page = await open('#/campaigns');
    await page.getByRole('rowheader', { name: 'podcast' }).first().waitFor();
    await page.context().clearCookies();
    await send('users', { user_id: 'user_a5ab010f' });
    await page.getByText('Sign in to read what is stored').waitFor();
    expect(await page.getByText('podcast').count()).toBe(0);
  });

  test('who has not signed in learns where to, also on the page of User.com', async () => {
    const page = await newPage();
    await page.goto(world.demo.url('/user-com/'));
    await page.getByText('Open the dashboard by the link').waitFor();
  });
});

test('a page of another port reads and deletes nothing with the cookie of the dashboard', async () => {
  await send('users', { user_id: 'user_target' });
  const page = await newPage();
  await page.goto(world.demo.dashboard);
  await page.locator('#connection[data-state=live]').waitFor();
  // Of the same site, so that a browser sends the cookie along.
  await page.goto(world.url('/plain/', 'localhost'));
  const statuses = await page.evaluate(async origin => {
    const ask = (path: string, init: RequestInit) =>
      fetch(origin + path, { credentials: 'include', ...init }).then(
        response => response.type,
        () => 'refused',
      );
    return [
      await ask('/profiles', {}),
      await ask('/v1/users?user_id=user_target&application_id=demo', { method: 'DELETE' }),
      await ask('/profiles', { mode: 'no-cors' }),
    ];
  }, world.demo.origin);
  expect(statuses.slice(0, 2)).toEqual(['refused', 'refused']);
  expect((await readFrom(world.demo, '/profile?user_id=user_target')).status).toBe(200);
});

describe('a person', () => {
  test.each([
    ['wide', 'light'],
    ['narrow', 'dark'],
  ] as const)('is deleted after a question, by the keyboard: %s, %s', async (size, scheme) => {
    const id = `user_${size}`;
    await send('users', { user_id: id, anonymous_id: `phone-${size}`, metadata: { name: 'Eve' } });
    const page = await open(`#/user/demo/${id}`, size, scheme);
    const other = await open(`#/visitor/demo/phone-${size}`);
    await other.getByRole('heading', { name: 'Eve' }).waitFor();
    const button = page.getByRole('button', { name: 'Delete …' });
    const dialog = page.getByRole('dialog', { name: 'Delete Eve?' });
    await button.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await isNarrowEnough(page)).toBe(true);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-delete-${size}-${scheme}.png` });
    // The question is answered by "no" unless somebody moves on: by Escape, and by the first key.
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button.evaluate(element => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect((await readFrom(world.demo, `/profile?user_id=${id}`)).status).toBe(200);

    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Deleted Eve: 2 profiles, 1 update, 0 actions and 0 API calls.').waitFor();
    expect(new URL(page.url()).hash).toBe('#/');
    expect((await readFrom(world.demo, `/profile?user_id=${id}`)).status).toBe(404);
    // An open page of somebody else hears of it.
    await other.getByText('There is nobody with this id').waitFor();
    expect(await other.getByRole('button', { name: 'Delete …' }).isVisible()).toBe(false);
  });

  test('is downloaded whole', async () => {
    const page = await open('#/user/demo/user_a8e8a227');
    const link = page.getByRole('link', { name: 'Download all data' });
    await link.focus();
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toMatch(/^person-.*\.json$/);
    const all = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(all.profiles).toHaveLength(3);
    expect(all.calls).toHaveLength(4);
    expect(JSON.stringify(all)).toContain('Looked at prices');
  });

  test('of any id opens, and stops no other view', async () => {
    for (const id of [
      'events',
      '.',
      '..',
      'a/b',
      '100%',
      '%E0%A4%A',
      '?q#h',
      ' \u200B',
      '\u202Etxt',
      'é'.repeat(512),
    ]) {
      await send('users', { user_id: id, metadata: { note: `note of ${id}` } });
      const page = await open(`#/user/demo/${encodeURIComponent(id)}`);
      await page.getByText(`note of ${id}`.slice(0, 40)).first().waitFor();
      await page.getByRole('link', { name: 'Campaigns' }).click();
      await page.getByRole('rowheader', { name: 'podcast' }).first().waitFor();
      await page.context().close();
    }
  });

  test('of an address that is none is nobody, and the page goes on', async () => {
    for (const hash of [
      '#/user/%E0%A4%A/x',
      '#/user/demo/%',
      '#/visitor/demo/%ED%A0%80',
      '#/user/demo/nobody',
    ]) {
      const page = await open(hash);
      await page.getByText('There is nobody with this id').waitFor();
      expect(await page.getByText('Raw profile').isVisible()).toBe(false);
      await page.getByRole('link', { name: 'All people' }).click();
      await page.getByText('ada@nordfjord.example').first().waitFor();
      await page.context().close();
    }
  });
});

describe('what cannot be read', () => {
  test('is told, beside a button that asks again', async () => {
    const page = await newPage();
    let isBroken = true;
    await page.route('**/profiles?*', route =>
      isBroken ? route.fulfill({ status: 500, json: { error: 'The collector failed.' } }) : route.continue(),
    );
    await page.goto(world.demo.dashboard);
    await page.getByText('The collector failed.').waitFor();
    await page.locator('#connection', { hasText: 'Not up to date' }).waitFor();
    expect(await violations(page)).toEqual([]);
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('ada@nordfjord.example').first().waitFor();
    await page.locator('#connection[data-state=live]').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false);
  });

  test('is given up after a time, and stops no other view meanwhile', async () => {
    const page = await newPage();
    await page.route('**/profile?*', () => {});
    await page.goto(`${world.demo.dashboard}#/user/demo/user_a8e8a227`);
    await page.getByText('Loading …').waitFor();
    await page.getByRole('link', { name: 'Campaigns' }).click();
    await page.getByRole('rowheader', { name: 'podcast' }).first().waitFor();
    await page.getByText('Loading …').waitFor({ state: 'hidden' });
    await page.goBack();
    await page.getByText('The collector has not answered within 15 seconds.').waitFor();
    await page.unroute('**/profile?*');
  });
});

test('a hidden page has no stream, and reads anew when it is shown', async () => {
  const page = await open('');
  await page.getByText('ada@nordfjord.example').first().waitFor();
  const turn = (isHidden: boolean) =>
    page.evaluate(isHidden => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  const closed = page.waitForEvent('requestfailed', request => request.url().endsWith('/events'));
  await turn(true);
  await closed;
  await page.locator('#connection[data-state=waiting]', { hasText: 'Paused' }).waitFor();
  await send('users', { user_id: 'user_meanwhile', metadata: { name: 'Meanwhile' } });
  await page.waitForTimeout(1500);
  expect(await page.getByRole('link', { name: 'Meanwhile' }).count()).toBe(0);
  await turn(false);
  await page.getByRole('link', { name: 'Meanwhile' }).waitFor();
  await page.locator('#connection[data-state=live]').waitFor();
});

test('what is long, blank or of another direction stays readable, and does not stop the page', async () => {
  const long = 'x'.repeat(3000);
  const many = Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`key-${n}`, 'v'.repeat(250)]));
  await send('users', {
    user_id: 'user_fat',
    metadata: { name: 'Fat', about: 'y'.repeat(200_000), many, ...many },
  });
  await send('users', { user_id: 'user_blank', metadata: { name: ' \u200B\u3164' } });
  await send('users', { user_id: '\u2800', metadata: { name: '\u200B' } });
  await send('users', {
    user_id: 'user_long',
    campaign: { utm_source: long, utm_campaign: long },
    metadata: { name: long },
  });
  await send('users', {
    user_id: 'user_rtl',
    campaign: { utm_source: '\u202Ereltteswen' },
    metadata: { name: '\u202Edna' },
  });
  for (const size of ['wide', 'narrow'] as const) {
    const page = await open('', size);
    const names = page.locator('.card h3 a');
    await expect
      .poll(() => names.allTextContents())
      .toEqual(expect.arrayContaining(['user_blank', 'User with a blank id']));
    // Each can be hit, and none takes the page for itself.
    for (const box of await names.evaluateAll(links => links.map(link => link.getBoundingClientRect())))
      expect([box.width > 20, box.height < 400]).toEqual([true, true]);
    expect(await isNarrowEnough(page)).toBe(true);
    expect((await page.content()).length).toBeLessThan(600_000);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-long-${size}.png` });
    const fat = page.locator('.card', { hasText: 'Fat' });
    await fat.getByText('Raw profile').click();
    await fat.getByText('characters more are not shown').waitFor();
    await page.getByRole('link', { name: 'Campaigns' }).click();
    await page.getByRole('rowheader', { name: /^x+…/ }).first().waitFor();
    await page.waitForFunction(() => (document.querySelector('canvas')?.height ?? 0) > 160);
    expect(await isNarrowEnough(page)).toBe(true);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-long-campaigns-${size}.png`, fullPage: true });
    await page.context().close();
  }
});
