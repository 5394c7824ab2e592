import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type full from '../src/full.ts';
import { launchShell } from './chromium.ts';

type WithUtmost = Window & { utmost: typeof full };
type Update = { metadata: { attribution: { count: number; touches?: { utm_source: string }[] } } };

const SCRIPT = readFileSync(fileURLToPath(new URL('../dist/utmost.full.min.js', import.meta.url)));
const posted: Update[] = [];
let browser: Browser;
let site: Server;
const portOf = () => (site.address() as AddressInfo).port;
const url = (host: string, source: string) => `http://${host}.example.test:${portOf()}/?utm_source=${source}`;

beforeAll(async () => {
  site = createServer(async (request, response) => {
    if (request.method === 'POST') {
      let text = '';
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text);
      if (body.user_id) posted.push(body);
      return response.writeHead(201).end();
    }
    if (request.url === '/script.js')
      return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(SCRIPT);
    const tag = `<script src="/script.js" data-application-id="app" data-touches="3" data-host="//${request.headers.host}"></script>`;
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><title>x</title>${tag.replace('"//', '"http://')}`);
  });
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  browser = await launchShell();
});
afterAll(async () => {
  await browser.close();
  site.close();
  site.closeAllConnections();
});

test('the script tag keeps as many touches as its attribute says, and begins anew on a subdomain', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const visit = async (host: string, source: string) => {
    await page.goto(url(host, source));
    await page.waitForFunction(() => (window as unknown as WithUtmost).utmost.getTouches());
  };
  const listed = () =>
    page.evaluate(() =>
      (window as unknown as WithUtmost).utmost
        .getTouches()
        ?.touches?.map(({ campaign }) => campaign.utm_source),
    );
  for (const source of ['a', 'b', 'c', 'd']) await visit('www', source);
  expect(await listed()).toEqual(['a', 'c', 'd']);
  const receipt = await page.evaluate(() => (window as unknown as WithUtmost).utmost.identifyUser('1'));
  expect(receipt.status).toBe('delivered');
  const { attribution } = posted.at(-1)?.metadata ?? {};
  expect(attribution?.count).toBe(4);
  expect(attribution?.touches?.map(({ utm_source }) => utm_source)).toEqual(['a', 'c', 'd']);

  await visit('shop', 'e');
  expect(await listed()).toEqual(['a', 'e']);

  await page.evaluate(() => (window as unknown as WithUtmost).utmost.setConsent('denied'));
  expect(await page.evaluate(() => localStorage.getItem('utmost_touches'))).toBeNull();
  await context.close();
});
