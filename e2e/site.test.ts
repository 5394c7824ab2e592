import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildDemo, SITE } from '../demo/build.ts';
import { launchChromium } from './chromium.ts';
import { ARTIFACTS, violations } from './dashboard-page.ts';

const folder = fileURLToPath(new URL('../reports/docs', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

let server: Server;
let browser: Browser;
let origin: string;
/** What a page complained of: errors, and requests that failed or left the site. */
let complaints: string[] = [];

beforeAll(async () => {
  await buildDemo(SITE);
  await mkdir(ARTIFACTS, { recursive: true });
  // As plain a host as there is: a file for its address, and nothing else.
  server = createServer(async ({ url = '/' }, response) => {
    const path = url.split('?')[0]?.replace(/\/$/, '/index.html') ?? '';
    const body = await readFile(join(folder, decodeURIComponent(path))).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(path)] ?? 'application/json' });
    response.end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  await new Promise(resolve => server?.close(resolve));
});
afterEach(() => {
  const found = complaints;
  complaints = [];
  expect(found).toEqual([]);
});

/** Opens a page of the site, and waits until it answers to clicks. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
  page.on('pageerror', error => complaints.push(`${error}`));
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', request => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
      complaints.push(request.url());
  });
  await page.goto(`${origin}${path}`);
  await page.waitForFunction(
    () => (document.querySelector('#app') as { __vue_app__?: object } | null)?.__vue_app__,
  );
  return page;
}

/** The text of an element, with one blank between its words. */
const textOf = async (element: Locator) => (await element.textContent())?.replace(/\s+/g, ' ') ?? '';

const close = (page: Page) => page.context().close();

test('the start page leads to the first steps, and the guides are called by their tasks', async () => {
  const page = await open('/');
  await page.getByRole('link', { name: 'Get started' }).click();
  await page.getByRole('heading', { level: 1, name: 'Get started' }).waitFor();
  for (const task of [
    'Send the campaign with a form',
    'Follow the login',
    'Put the relay in front of ad blockers',
  ])
    expect(await page.getByRole('link', { name: task, exact: true }).count()).toBe(1);
  await page.getByRole('link', { name: 'Send the campaign with a form' }).click();
  await page.waitForURL('**/forms.html');
  await close(page);
});

test('the search finds a guide by a word in it', async () => {
  const page = await open('/');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('ad blockers');
  const results = page.locator('#localsearch-list [role=option] a');
  await results.first().waitFor();
  expect(await results.evaluateAll(links => links.map(link => link.getAttribute('href')))).toEqual(
    expect.arrayContaining([expect.stringContaining('relay.html')]),
  );
  await close(page);
});

test('code with braces stands on a page as it is written', async () => {
  const page = await open('/links.html');
  expect(await page.getByText('{{campaign.name}}').count()).toBeGreaterThan(0);
  await close(page);
});

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };
describe('nothing that axe finds, nothing cut off', () => {
  test.each([
    ['/', WIDE, 'light'],
    ['/', NARROW, 'dark'],
    ['/start.html', NARROW, 'light'],
    ['/attribution.html', WIDE, 'dark'],
    ['/playground.html', WIDE, 'light'],
    ['/playground.html', NARROW, 'dark'],
    ['/reference/utmost.html', NARROW, 'light'],
  ] as const)('%s at %o, %s', async (path, viewport, colorScheme) => {
    const page = await open(path, { viewport, colorScheme });
    const name = `site-${path.replace(/\W+/g, '-')}${viewport.width}-${colorScheme}.png`;
    await page.screenshot({ path: join(ARTIFACTS, name), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(
      colorScheme === 'dark',
    );
    await close(page);
  });
});

describe('the playground', () => {
  test('shows the rule and reason of each visit, by keyboard alone, and keeps all of it in the address', async () => {
    const page = await open('/playground.html');
    await page.getByLabel('Begin with an example').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('example.com/?utm_source=podcast&utm_term={{keyword}}');
    const first = page.getByRole('group', { name: 'Visit 1', exact: true });
    await expect.poll(() => textOf(first)).toMatch(/A new touch by the rule campaign: campaign parameters/);
    expect(await textOf(first)).toMatch(/utm_term: macro/);

    await page.getByRole('button', { name: 'Add a visit' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('visit-4-url');
    await page.keyboard.type('example.com/login');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://unknown-bank.test/');
    const fourth = page.getByRole('group', { name: 'Visit 4', exact: true });
    await expect.poll(() => textOf(fourth)).toMatch(/A new touch by the rule referral/);
    const result = page.getByRole('region', { name: 'What the user is given' });
    expect(await textOf(result)).toMatch(/The campaign of visit 1.*podcast/s);

    const again = await open(`/playground.html${new URL(page.url()).hash}`);
    await expect
      .poll(() => textOf(again.getByRole('group', { name: 'Visit 4', exact: true })))
      .toBe(await textOf(fourth));
    await close(again);
    await close(page);
  });

  test('says what is wrong with an address and with an option, and how to mend it', async () => {
    const page = await open('/playground.html#url=http%3A%2F%2F%2F&session=0');
    await expect.poll(() => page.getByText('This is no address: type one such as').count()).toBe(1);
    expect(await page.getByLabel('Address of the page').getAttribute('aria-invalid')).toBe('true');
    expect(await textOf(page.getByRole('alert'))).toMatch(/sessionTimeout/);
    await close(page);
  });
});

test('every link of every page leads to a page of the site, and to an anchor that is there', async () => {
  const files = (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.html'));
  const texts = new Map<string, string>(
    await Promise.all(
      files.map(async file => [`/${file}`, await readFile(join(folder, file), 'utf8')] as const),
    ),
  );
  const broken = [...texts].flatMap(([page, text]) =>
    [...text.matchAll(/<a\b[^>]*? href="([^"]+)"/g)].flatMap(([, href]) => {
      const {
        origin: host,
        pathname,
        hash,
      } = new URL(`${href}`.replaceAll('&amp;', '&'), `${origin}${page}`);
      if (host !== origin) return [];
      const target = texts.get(pathname.replace(/\/$/, '/index.html'));
      const anchor = decodeURIComponent(hash.slice(1));
      return target && (!anchor || target.includes(`id="${anchor}"`)) ? [] : [`${page}: ${href}`];
    }),
  );
  expect(files.length).toBeGreaterThan(40);
  expect([...new Set(broken)]).toEqual([]);
});
