import type { Browser, Route } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { ASKING, checksOf, confirm, panelOf, type Site, visitSite } from './panel-site.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchShell();
});
afterAll(() => browser.close());

const RELAY = 'data-relay="/t"';
const html = (route: Route, body = '<!doctype html><p>A page</p>') =>
  route.fulfill({ contentType: 'text/html', body });
/** Answers as `utmost/relay` does. */
const asRelay = (route: Route) =>
  route.request().method() === 'POST'
    ? confirm(route)
    : route.fulfill({ status: 405, json: { error: 'This method is not allowed here; send a POST.' } });
/** The header of a server whose clock is that far ahead, told anew with each answer. */
const at = (milliseconds: number) => ({
  get Date() {
    return new Date(Date.now() + milliseconds).toUTCString();
  },
});
const tag = (attributes = '') => `<script src="/assets/utmost.min.js" ${attributes}></script>`;
/** Runs before the page's own scripts, as the page's first. */
const first = (code: string) => `<script>${code}</script>${tag('data-application-id="app"')}`;
const cookies = (set: string) =>
  first(`const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
    Object.defineProperty(Document.prototype, 'cookie', { ...own, set(text) { ${set} } });`);

/** A site with something wrong: the check that tells, its verdict, and words of its sentence. */
type Case = [what: string, site: Site, check: string, verdict: string, words: string];

const CASES: Case[] = [
  [
    'a placeholder',
    { attributes: 'data-application-id="YOUR_APPLICATION_ID"' },
    'Application id',
    'Fault',
    'placeholder',
  ],
  ['no init', { head: tag() }, 'Application id', 'Fault', 'init was not called'],
  [
    'an id that the API refuses',
    { answer: route => route.fulfill({ status: 401, headers: { 'Access-Control-Allow-Origin': '*' } }) },
    'Application id',
    'Fault',
    'refuses the application id',
  ],
  [
    'an unanswered banner',
    { attributes: 'data-application-id="app" data-consent="pending"' },
    'Consent',
    'Look',
    'pending',
  ],
  [
    'a refusal',
    { attributes: 'data-application-id="app" data-consent="denied"' },
    'Consent',
    'Look',
    'denied',
  ],
  ['a browser that takes no cookie', { head: cookies('') }, 'Cookie', 'Fault', 'refused'],
  [
    'a browser that caps cookies',
    { head: cookies("own.set.call(this, text.replace(/max-age=\\d{6,}/, 'max-age=604800'))") },
    'Cookie',
    'Look',
    '7 days',
  ],
  [
    'an ad blocker',
    { answer: (route, { pathname }) => (pathname === '/' ? html(route) : route.abort('blockedbyclient')) },
    'Collector reachable',
    'Fault',
    'ad blocker',
  ],
  [
    'a host that is down',
    { answer: route => route.abort('connectionrefused') },
    'Collector reachable',
    'Fault',
    'does not answer',
  ],
  [
    'a server that wants a pause',
    {
      answer: route =>
        route.fulfill({
          status: 429,
          headers: {
            'Access-Control-Allow-Origin': '*',
            'Access-Control-Allow-Headers': '*',
            'Access-Control-Expose-Headers': 'Retry-After',
            'Retry-After': '600',
          },
        }),
    },
    'Collector reachable',
    'Look',
    'no requests for another 10 minutes',
  ],
  [
    'a page where the relay should be',
    { attributes: RELAY, answer: route => html(route) },
    'Answers as an API',
    'Fault',
    'no relay',
  ],
  [
    'a policy without the collector',
    { policy: "default-src 'self' 'unsafe-inline'" },
    'Content Security Policy',
    'Fault',
    'Add api.moesif.net to connect-src',
  ],
  [
    'two script tags',
    { head: tag('data-application-id="app"') + tag('data-application-id="app"') },
    'One copy',
    'Fault',
    'more than once',
  ],
  [
    'an own page before without utmost',
    { referer: 'https://www.example.com/offers' },
    'Own pages',
    'Fault',
    'recorded nothing',
  ],
  ['a clock ten minutes off', { headers: at(600_000) }, 'Clock', 'Look', '10 minutes behind'],
  ['a clock three hours off', { headers: at(-3 * 3_600_000) }, 'Clock', 'Fault', '3 hours ahead'],
  [
    'a later version',
    {
      head: `<meta name="utmost-latest" content="https://registry.example/utmost">${tag('data-application-id="app"')}`,
      answer: (route, { host }) =>
        host === 'registry.example'
          ? route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, json: { version: '9.9.9' } })
          : confirm(route),
    },
    'Version',
    'Look',
    '9.9.9 is published',
  ],
];

describe('a check tells of', () => {
  test.each(CASES)('%s', async (_, site, check, verdict, words) => {
    const { page } = await visitSite(browser, site);
    await expect
      .poll(async () => (await checksOf(page))[check])
      .toEqual([verdict, expect.stringContaining(words)]);
    await page.context().close();
  });

  test('a frame of another site', async () => {
    const { page } = await visitSite(browser, {
      path: 'https://embedder.example/',
      answer: (route, { host }) =>
        host === 'embedder.example'
          ? html(route, `<!doctype html><iframe src="https://www.example.com${ASKING}"></iframe>`)
          : confirm(route),
    });
    const panel = page.frameLocator('iframe').getByRole('dialog', { name: 'utmost' });
    await panel.getByText('in a frame of another site').waitFor();
    await page.context().close();
  });
});

test('in a page that is in order, all is', async () => {
  const { page } = await visitSite(browser, { attributes: RELAY, answer: asRelay });
  const panel = await panelOf(page);
  await panel.getByText('All 11 checks are in order').waitFor();
  const verdicts = Object.values(await checksOf(page)).map(([verdict]) => verdict);
  expect(verdicts).toEqual(Array(11).fill('OK'));
  await page.context().close();
});

test('every check has a case in which it does not say OK', () => {
  const told = new Set([...CASES.map(([, , check]) => check), 'First party']);
  expect(told.size).toBe(11);
});

test('while the visitor is asked, nothing is stored, and the collector is not asked', async () => {
  const { page, requests } = await visitSite(browser, {
    attributes: 'data-application-id="app" data-consent="pending"',
  });
  await (await panelOf(page)).getByText('Nothing is stored.').waitFor();
  expect(requests.filter(each => each.includes('moesif'))).toEqual([]);
  const kept = await page.evaluate(async () => [
    document.cookie,
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
  ]);
  expect(kept).toEqual(['', 0, 0, 0]);
  await page.context().close();
});
