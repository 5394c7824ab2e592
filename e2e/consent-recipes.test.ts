import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fencesOf, readPage } from '../test/docs/pages.ts';
import { launchShell } from './chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The recipe of docs/consent.md for a page with the script tag. */
const recipe = (adapter: string) =>
  fencesOf(readPage('docs/consent.md'), 'html').find(code => code.includes(adapter)) ?? '';

let browser: Browser;
beforeAll(async () => {
  browser = await launchShell();
});
afterAll(() => browser.close());

/** Stands in for the script tag: it only records the choices. */
const NOTES = 'window.utmost = { choices: [], setConsent: choice => window.utmost.choices.push(choice) };';

/** Opens a page that loads the recipe. The adapter is the file that ships. */
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

describe.concurrent.each(['consent-mode', 'consent-tcf'])(
  'where an optimiser runs the scripts late, and in any order: %s',
  adapter => {
    const CHOOSE: Record<string, string> = {
      'consent-mode': `window.dataLayer = [];
      function gtag() { dataLayer.push(arguments); }
      gtag('consent', 'default', { analytics_storage: 'denied' });
      gtag('consent', 'update', { analytics_storage: 'CHOICE' });`,
      'consent-tcf': `window.__tcfapi = (command, version, callback) => callback({
      listenerId: 1, gdprApplies: true, eventStatus: 'tcloaded',
      purpose: { consents: { 1: 'CHOICE' === 'granted', 8: 'CHOICE' === 'granted' } },
    }, true);`,
    };

    test.each(['granted', 'denied'])(
      'the choice is heeded once the tag is there, without an error: %s',
      async choice => {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on('pageerror', error => errors.push(`${error}`));
        const sent: string[] = [];
        // The tag is taken out of its place and comes two seconds later.
        const [tag = ''] = /<script defer .*<\/script>/.exec(recipe(`/${adapter}.js`)) ?? [];
        const late = `setTimeout(() => {
      const own = document.createElement('script');
      own.src = '/utmost.min.js';
      document.head.append(own);
    }, 2000);`;
        const head = `<script>${CHOOSE[adapter]?.replaceAll('CHOICE', choice)}</script>
      ${tag.replace('<script', '<script type="text/delayed"').replace(' src=', ' data-src=')}
      ${recipe(`/${adapter}.js`).replace(tag, '')}<script>${late}</script>`;
        await page.route('**/*', route => {
          const { pathname } = new URL(route.request().url());
          if (route.request().method() !== 'GET') {
            if (route.request().method() === 'POST') sent.push(`${route.request().postData()}`);
            const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
            return route.fulfill({ status: 201, headers, json: {} });
          }
          return pathname.endsWith('.js')
            ? route.fulfill({
                contentType: 'text/javascript',
                body: readFileSync(`${root}/dist${pathname}`, 'utf8'),
              })
            : route.fulfill({ contentType: 'text/html', body: `<!doctype html>${head}` });
        });
        await page.goto('https://www.example.com/');
        await page.waitForFunction(() => (window as { utmost?: { version?: string } }).utmost?.version);
        const receipt = await page.evaluate(() => window.utmost.identifyUser('ada'));
        expect(receipt).toMatchObject(
          choice === 'granted' ? { status: 'delivered' } : { status: 'dropped', reason: 'consent-denied' },
        );
        expect([errors, sent.length]).toEqual([[], choice === 'granted' ? 1 : 0]);
        await page.close();
      },
    );
  },
);
