import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { openServer } from '../test/relay/world.ts';
import { launchChromium } from './chromium.ts';
import { ADA, clickThrough, logIn, openPage, users } from './examples/click.ts';
import { installExample } from './examples/install-example.ts';
import { playContainer } from './examples/play-container.ts';
import { installPackages } from './install-packages.ts';
import { createProject, type Project } from './packed.ts';
import { startMiniflare } from './runtimes/miniflare.ts';

let project: Project;
let browser: Browser;
/** The collector of the examples that have a server. */
let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  installPackages('frameworks');
  installPackages('runtimes', { hasScripts: true });
  project = createProject('frameworks');
  api = await openServer();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  project?.remove();
});
beforeEach(() => {
  api.got.length = 0;
});

const SITE = 'https://www.example.com';
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the files of a folder, as a host of static sites does. */
const serveFiles = (page: Page, folder: string, origin: string) =>
  page.route(
    url => url.origin === origin && !url.pathname.startsWith('/t/'),
    route => {
      const path = new URL(route.request().url()).pathname.replace(/\/$/, '/index.html');
      const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
      return route.fulfill({ contentType, body: readFileSync(join(folder, path)) });
    },
  );

test.each([
  ['static', 'public'],
  ['vite-react', 'dist'],
])('%s', async (name, output) => {
  const folder = installExample(project, name, ['sirv-cli']);
  const { page, posts, said } = await openPage(browser);
  await serveFiles(page, join(folder, output), SITE);
  await clickThrough(page, SITE);
  await expect.poll(() => users(posts)).toMatchObject([ADA]);
  expect(said).toEqual([]);
  await page.close();
});

test('gtm: the container, played by a stand-in, sends nothing before consent', async () => {
  const folder = installExample(project, 'gtm', ['sirv-cli']);
  const { page, posts, said } = await openPage(browser);
  await serveFiles(page, join(folder, 'public'), SITE);
  const constants = { 'utmost script address': SITE };
  await page.route('https://www.googletagmanager.com/**', route =>
    route.fulfill({
      contentType: 'text/javascript',
      body: playContainer(join(folder, 'container.json'), constants),
    }),
  );
  await page.goto(`${SITE}/?utm_source=newsletter&utm_campaign=spring`);
  await page.waitForFunction('window.utmost?.getCampaign');
  // What must not come is waited for by a fixed time.
  await page.waitForTimeout(300);
  expect([posts, await page.context().cookies()]).toEqual([[], []]);
  await page.click('#accept');
  await expect.poll(() => page.locator('#campaign').textContent()).toBe('spring');
  expect(await page.evaluate('dataLayer.find(each => each.event === "utmost:ready").utmost')).toMatchObject({
    utm_source: 'newsletter',
    utm_campaign: 'spring',
  });
  await logIn(page);
  await expect.poll(() => users(posts)).toMatchObject([ADA]);
  expect(said).toEqual([]);
  await page.close();
});

test('express: the sign-up handler identifies the user with the campaign of the page', async () => {
  const folder = installExample(project, 'express');
  const port = await freePort();
  const env = { ...process.env, PORT: `${port}`, APPLICATION_ID: 'app', UPSTREAM: api.url };
  const server = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(server.stdout, 'data');
    const { page, said } = await openPage(browser);
    await clickThrough(page, `http://127.0.0.1:${port}`);
    await expect.poll(() => page.locator('h1').textContent()).toBe('Welcome');
    const bodies = api.got.map(({ body }) => body);
    expect(users(bodies)).toMatchObject([{ ...ADA, metadata: { signed_up_by: 'spring' } }]);
    // The page's own, by the relay: the same visitor.
    const [visitor] = bodies.filter(({ user_id }) => !user_id);
    expect(visitor).toMatchObject({ anonymous_id: users(bodies)[0]?.anonymous_id, campaign: ADA.campaign });
    expect(said).toEqual([]);
    await page.close();
  } finally {
    server.kill();
  }
});

test('cloudflare-worker: the relay of a Worker passes the login on', async () => {
  const folder = installExample(project, 'cloudflare-worker', ['wrangler']);
  const port = await freePort();
  const worker = await startMiniflare(project, join(folder, 'src/worker.js'), port, { UPSTREAM: api.url });
  try {
    const { page, said } = await openPage(browser);
    const origin = `http://127.0.0.1:${port}`;
    await serveFiles(page, join(folder, 'public'), origin);
    await clickThrough(page, origin);
    await expect.poll(() => users(api.got.map(({ body }) => body))).toMatchObject([ADA]);
    expect([said, worker.said]).toEqual([[], []]);
    await page.close();
  } finally {
    await worker.stop();
  }
});
