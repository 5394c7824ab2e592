import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}/README.md`, 'utf8');
/** The README's recipe for a page with the script tag. */
const recipe = (adapter: string) =>
  [...readme.matchAll(/^```html\n(.*?)^```$/gms)]
    .map(([, code]) => `${code}`)
    .find(code => code.includes(adapter)) ?? '';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** In the place of the script tag: it only notes what it is told. */
const NOTES = 'window.utmost = { choices: [], setConsent: choice => window.utmost.choices.push(choice) };';

/** A page that loads the recipe, the adapter being the file that ships. */
async function open(adapter: string, head: string): Promise<Page> {
  const page = await browser.newPage();
  const files: Record<string, string> = {
    '/utmost.min.js': NOTES,
    [`/${adapter}.js`]: readFileSync(`${root}/dist/${adapter}.js`, 'utf8'),
  };
  await page.route('**/*', route => {
    const file = files[new URL(route.request().url()).pathname];
    return file
      ? route.fulfill({ contentType: 'text/javascript', body: file })
      : route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html>${head}${recipe(`/${adapter}.js`)}`,
        });
  });
  await page.goto('https://www.example.com/');
  return page;
}
const choices = (page: Page) =>
  page.evaluate(() => (window as unknown as { utmost: { choices: string[] } }).utmost.choices);

test('Google Consent Mode: what gtag is told before and after the script', async () => {
  const page = await open(
    'consent-mode',
    `<script>
      window.dataLayer = window.dataLayer || [];
      function gtag() { dataLayer.push(arguments); }
      gtag('consent', 'default', { analytics_storage: 'denied', wait_for_update: 500 });
      gtag('consent', 'update', { analytics_storage: 'granted' });
    </script>`,
  );
  expect(await choices(page)).toEqual(['granted']);
  await page.evaluate("gtag('consent', 'update', { analytics_storage: 'denied' })");
  expect(await choices(page)).toEqual(['granted', 'denied']);
  await page.close();
});

test('IAB TCF: what a platform tells that loads after the script', async () => {
  const page = await open(
    'consent-tcf',
    '<script>window.queue = []; window.__tcfapi = (...call) => queue.push(call);</script>',
  );
  expect(await choices(page)).toEqual([]);
  await page.evaluate(`for (const [command, , callback] of queue)
    if (command === 'addEventListener') {
      callback({ listenerId: 1, gdprApplies: true }, true);
      callback({ listenerId: 1, gdprApplies: true, eventStatus: 'cmpuishown', purpose: { consents: {} } }, true);
      callback({
        listenerId: 1,
        gdprApplies: true,
        eventStatus: 'useractioncomplete',
        purpose: { consents: { 1: true, 8: true } },
      }, true);
    }`);
  expect(await choices(page)).toEqual(['granted']);
  await page.close();
});
