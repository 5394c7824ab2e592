import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright';
import { createNodeRelay } from 'utmost/relay/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen, openServer, respond } from '../test/relay/world.ts';
import { launchShell } from './chromium.ts';
import { openWorld, type World } from './world.ts';

const SCRIPT = fileURLToPath(new URL('../dist/utmost.min.js', import.meta.url));
const DAY = 86_400;

let world: World;
let api: Awaited<ReturnType<typeof openServer>>;
let site: { url: string; close: () => Promise<void> };
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
  api = await openServer();
  // A site of one empty page, as a server without a framework has it.
  const relay = createNodeRelay({ applicationId: 'app', upstream: api.url, renew: true });
  site = await listen(
    createServer((request, response) => {
      if (request.url?.startsWith('/t/')) void relay(request, response);
      else response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>A page</title>');
    }),
  );
});
afterAll(async () => {
  await site.close();
  await api.close();
  await world.close();
});

/** The days that each cookie of ours has left. */
async function daysLeft(context: BrowserContext): Promise<Record<string, number>> {
  const cookies = (await context.cookies()).filter(({ name }) => /^utmost_(id|campaign)$/.test(name));
  return Object.fromEntries(
    cookies.map(({ name, expires }) => [name, Math.round((expires - Date.now() / 1000) / DAY)]),
  );
}

/** Opens a page of a visitor who came by a campaign and was told of, and caps their cookies as Safari does. */
async function returningVisitor(): Promise<{ context: BrowserContext; page: Page }> {
  api.rule = respond(201);
  const context = await world.visitor();
  const page = await context.newPage();
  await page.goto(`${site.url}/?utm_source=letter`);
  await page.addScriptTag({ path: SCRIPT });
  await page.evaluate(async () => {
    window.utmost.init({ relay: '/t' });
    await window.utmost.identifyUser('ada');
    await window.utmost.flush();
  });
  await page.evaluate(week => {
    for (const pair of document.cookie.split('; ').filter(each => /^utmost_(id|campaign)=/.test(each))) {
      document.cookie = `${pair}; path=/; max-age=${week}; samesite=lax`;
    }
  }, 7 * DAY);
  expect(await daysLeft(context)).toEqual({ utmost_id: 7, utmost_campaign: 7 });
  return { context, page };
}

const cookieTexts = async (context: BrowserContext) =>
  (await context.cookies()).map(({ name, value }) => `${name}=${value}`).sort();

test('a cookie that was capped at seven days is back at 400 after one post through the relay', async () => {
  const { context, page } = await returningVisitor();
  const before = await cookieTexts(context);
  const body = JSON.stringify({ user_id: 'ada', metadata: { plan: 'pro' } });
  expect(
    await page.evaluate(async body => (await fetch('/t/v1/users', { method: 'POST', body })).status, body),
  ).toBe(201);
  expect(await daysLeft(context)).toEqual({ utmost_id: 400, utmost_campaign: 400 });
  // As they were, on the same domain, and readable by the page.
  expect(await cookieTexts(context)).toEqual(before);
  expect((await context.cookies()).filter(({ httpOnly }) => httpOnly)).toEqual([]);
});

test('the beacon of a page that is left renews them, too', async () => {
  const { context, page } = await returningVisitor();
  api.got.length = 0;
  await page.evaluate(() => {
    addEventListener('pagehide', () => void window.utmost.identifyUser('ada', { plan: 'team' }));
    location.href = '/left';
  });
  await page.waitForURL('**/left');
  await expect.poll(() => api.got.length).toBeGreaterThan(0);
  await expect.poll(() => daysLeft(context)).toEqual({ utmost_id: 400, utmost_campaign: 400 });
});

test('what the page saves in the task of a post survives the answer', async () => {
  const { context, page } = await returningVisitor();
  for (const plan of ['free', 'pro', 'team', 'pro', 'free'])
    await page.evaluate(async plan => {
      window.utmost.reset();
      await window.utmost.identifyUser(`user-${plan}`, { plan });
    }, plan);
  const id = (await context.cookies()).find(({ name }) => name === 'utmost_id');
  expect(JSON.parse(Buffer.from(`${id?.value}`, 'base64url').toString())).toMatchObject({
    userId: 'user-free',
  });
});

test('the pages that follow leave the cookies at 400 days, where they used to write them anew', async () => {
  const { context, page } = await returningVisitor();
  await page.evaluate(() => window.utmost.identifyUser('ada', { plan: 'pro' }));
  await expect.poll(() => daysLeft(context)).toEqual({ utmost_id: 400, utmost_campaign: 400 });
  for (const path of ['/pricing', '/docs', '/login']) {
    await page.goto(site.url + path);
    await page.addScriptTag({ path: SCRIPT });
    await page.evaluate(async () => {
      window.utmost.init({ relay: '/t' });
      await window.utmost.identifyUser('ada', { plan: 'pro' });
    });
  }
  expect(await daysLeft(context)).toEqual({ utmost_id: 400, utmost_campaign: 400 });
});

test('a logout while an update is on its way is not undone by the answer', async () => {
  const { context, page } = await returningVisitor();
  let respondNow = () => {};
  const arrived = new Promise<void>(resolve => {
    api.rule = (...given) => {
      resolve();
      respondNow = () => respond(201)(...given);
    };
  });
  const receipt = page.evaluate(() => window.utmost.identifyUser('ada', { plan: 'team' }));
  await arrived;
  await page.evaluate(() => window.utmost.reset());
  respondNow();
  expect(await receipt).toMatchObject({ status: 'delivered' });
  const id = (await context.cookies()).find(({ name }) => name === 'utmost_id');
  expect(JSON.parse(Buffer.from(`${id?.value}`, 'base64url').toString())).not.toHaveProperty('userId');
});
