import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createPages } from '../demo/pages.ts';
import { launchShell } from './chromium.ts';
import { BUILDERS, FRAMEWORKS } from './forms/pages.ts';
import { installPackages } from './install-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const here = fileURLToPath(new URL('forms', import.meta.url));
const LANDING = 'https://www.example.com/?utm_source=spring%20news&utm_medium=email&gclid=Cj0';

let browser: Browser;
beforeAll(async () => {
  browser = await launchShell();
});
afterAll(() => browser.close());
let page: Page;
afterEach(() => page.context().close());

/** Opens a page with both script tags; `/…` are what ships, and `/sent` is where a form leads. */
async function open(html: string, { tag = '', options = '', url = LANDING } = {}): Promise<void> {
  page = await (await browser.newContext()).newPage();
  await page.route('**/*', route => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('.js'))
      return route.fulfill({
        contentType: 'text/javascript',
        body: readFileSync(`${root}/dist${pathname}`, 'utf8'),
      });
    if (request.resourceType() !== 'document') {
      const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
      return route.fulfill({ status: 201, headers, json: {} });
    }
    const body = `<!doctype html><script defer src="/utmost.min.js" data-application-id="app" ${options}></script>
      <script defer src="/utmost.forms.min.js" ${tag}></script>${pathname === '/sent' ? '' : html}`;
    return route.fulfill({ contentType: 'text/html', body });
  });
  await page.goto(url);
  await page.waitForFunction('window.utmost?.version');
}
const read = (selector = '#source') => page.locator(selector).inputValue();
const sent = async (submit: () => Promise<unknown>) => {
  await Promise.all([page.waitForURL('**/sent?**'), submit()]);
  return Object.fromEntries(new URL(page.url()).searchParams);
};
const FORM = `<form action="/sent"><input id="email" name="email">
  <input id="source" type="hidden" name="utm_source"><button>Send</button></form>`;

test.each(Object.entries(BUILDERS))('%s: filled when the form is touched', async (_, { html, tag = '' }) => {
  await open(html, { tag });
  expect(await read()).toBe('');
  await page.locator('#email').focus();
  expect(await read()).toBe('spring news');
  const name = `${await page.locator('#source').getAttribute('name')}`;
  const others = await page
    .locator('[type=hidden]:not(#source)')
    .evaluateAll(all => all.map(e => (e as HTMLInputElement).value));
  const form = await sent(() => page.locator('[type=submit]').click());
  expect(form[name]).toBe('spring news');
  expect(Object.values(form)).toEqual(expect.arrayContaining(others));
});

test('every name of a field, first and last', async () => {
  const names = ['utm_source', 'utm_medium', 'gclid', 'utm_term', 'landing_page', 'first_utm_source'];
  names.push(
    'last_utm_source',
    'last_landing_page',
    'anonymous_id',
    'referrer',
    'referring_domain',
    'constructor',
  );
  const fields = names.map(name => `<input type="hidden" name="${name}">`).join('');
  const more = { options: 'data-include-attribution' };
  await open(`<form action="/sent">${fields}<button>Send</button></form>`, more);
  await page.goto('https://www.example.com/pricing?utm_source=later', {
    referer: 'https://news.example.net/a',
  });
  await page.waitForFunction(() => window.utmost?.getAnonymousId());
  const form = await sent(() => page.locator('button').click());
  expect(form).toEqual({
    utm_source: 'spring news',
    utm_medium: 'email',
    gclid: 'Cj0',
    utm_term: '',
    landing_page: '/',
    first_utm_source: 'spring news',
    last_utm_source: 'later',
    last_landing_page: '/pricing',
    anonymous_id: expect.stringMatching(/^[\da-f-]{36}$/),
    referrer: '',
    referring_domain: '',
    constructor: '',
  });
});

test.each([
  ['requestSubmit', 'form.requestSubmit()'],
  ['submit, which has no event', 'form.submit()'],
])('a form that nobody touched, sent by %s', async (_, code) => {
  await open(FORM);
  expect(await sent(() => page.evaluate(`{ const form = document.forms[0]; ${code}; }`))).toEqual({
    email: '',
    utm_source: 'spring news',
  });
});

test('a form that comes later, and one whose fields hide its own properties', async () => {
  await open('');
  await page.evaluate(html => {
    document.body.innerHTML = html.replace('<button', '<input name="form"><input name="elements"><button');
  }, FORM);
  await page.locator('#email').pressSequentially('a');
  expect(await read()).toBe('spring news');
  expect(await sent(() => page.locator('button').click())).toMatchObject({ utm_source: 'spring news' });
});

test('a form in open shadow roots: touched, and sent by its own submit event', async () => {
  await open('<div id="host"></div>');
  await page.evaluate(html => {
    const outer = document.querySelector('#host')?.attachShadow({ mode: 'open' });
    const inner = outer?.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    if (inner) inner.innerHTML = html;
  }, FORM);
  await page.locator('#email').focus();
  expect(await read()).toBe('spring news');
  // The visitor goes on typing elsewhere, and the page empties the field meanwhile.
  await page.locator('#source').evaluate(field => field.setAttribute('value', ''));
  expect(await sent(() => page.keyboard.press('Enter'))).toEqual({ email: '', utm_source: 'spring news' });
});

test('an embed without a form element', async () => {
  await open('<div><input id="email"><input type="hidden" id="source" name="utm_source"></div>');
  await page.locator('#email').click();
  expect(await read()).toBe('spring news');
});

test('what a visitor typed stays, typed before the first touch is seen or later, even if emptied', async () => {
  await open(`<form><input id="seen" name="utm_source"><input id="mine" data-utmost="utm_source">
    <textarea id="note" data-utmost="utm_medium"></textarea><input id="stands" data-utmost="gclid" value="given">
    <button type="button">Send</button></form>`);
  await page.locator('#mine').fill('my own');
  expect(await read('#mine')).toBe('my own');
  // One that is visible and has no mark is the visitor's.
  expect([await read('#seen'), await read('#note'), await read('#stands')]).toEqual(['', 'email', 'given']);
  await page.locator('#note').fill('');
  await page.locator('button').click();
  expect([await read('#mine'), await read('#note')]).toEqual(['my own', '']);
});

test('nothing before consent; filled once it is given; emptied by a refusal without another touch', async () => {
  await open(`${FORM}<input type="hidden" id="own" form="other" name="utm_medium" value="site">`, {
    options: 'data-consent="pending"',
  });
  await page.locator('#email').focus();
  expect(await read()).toBe('');
  expect(await sent(() => page.locator('button').click())).toEqual({ email: '', utm_source: '' });
  await page.goto(LANDING);
  await page.evaluate(() => window.utmost.setConsent('granted'));
  await page.locator('#email').pressSequentially('a');
  expect(await read()).toBe('spring news');
  await page.evaluate(() => window.utmost.setConsent('denied'));
  await expect.poll(() => read()).toBe('');
  await page.locator('#email').pressSequentially('b');
  expect([await read(), await read('#own')]).toEqual(['', 'site']);
});

test.each(Object.entries(FRAMEWORKS))(
  '%s: the state of a controlled input hears of it',
  async (_, contents) => {
    installPackages('forms');
    const define = { 'process.env.NODE_ENV': '"production"' };
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: here },
      bundle: true,
      write: false,
      define,
      logLevel: 'error',
    });
    await open('<div id="root"></div>');
    await page.addScriptTag({ content: `${outputFiles[0]?.text}` });
    await page.locator('#email').pressSequentially('ada@example.com');
    const known = { email: 'ada@example.com', utm_source: 'spring news', utm_medium: 'email' };
    await expect.poll(() => page.evaluate('({ ...window.state })')).toEqual(known);
    await page.locator('button').click();
    expect(await page.evaluate('window.sent')).toEqual(known);
    // A render of the component leaves what it has.
    expect([await read(), await read('#medium')]).toEqual(['spring news', 'email']);
  },
);

test('utmost:ready and the data layer: once, and not before consent', async () => {
  await open(
    `<script>window.heard = []; document.addEventListener('utmost:ready', ({ detail }) => heard.push(detail));</script>`,
    { options: 'data-consent="pending"', tag: 'data-data-layer="dataLayer"' },
  );
  await page.waitForTimeout(300);
  expect(await page.evaluate('[heard.length, typeof dataLayer]')).toEqual([0, 'undefined']);
  await page.evaluate(() => window.utmost.setConsent('granted'));
  await page.waitForFunction('heard.length > 0');
  const id = await page.evaluate(() => window.utmost.getAnonymousId());
  const campaign = { utm_source: 'spring news', utm_medium: 'email', gclid: 'Cj0' };
  expect(await page.evaluate('heard')).toEqual([
    { campaign, anonymousId: id, values: expect.objectContaining({ ...campaign, anonymous_id: id }) },
  ]);
  expect(await page.evaluate('dataLayer')).toEqual([
    {
      event: 'utmost:ready',
      utmost: expect.objectContaining({ ...campaign, first_utm_source: 'spring news' }),
    },
  ]);
});

test('the newsletter of the demo’s site arrives with its campaign', async () => {
  const demo = createPages(() => 'https://collector.example');
  page = await (await browser.newContext()).newPage();
  await page.route('https://www.example.com/**', async route => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/utmost'))
      return route.fulfill({
        contentType: 'text/javascript',
        body: readFileSync(`${root}/dist${pathname}`, 'utf8'),
      });
    const [method, body, headers] = [request.method(), request.postData(), request.headers()];
    const answer = await demo.request(request.url(), { method, headers, body });
    return route.fulfill({
      status: answer.status,
      contentType: `${answer.headers.get('content-type')}`,
      body: await answer.text(),
    });
  });
  await page.goto(LANDING);
  await page.waitForFunction('window.utmost?.version');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button', { name: 'Subscribe' }).click();
  await page.waitForURL('**/newsletter');
  const shown = await page.locator('dd').allTextContents();
  expect(shown.slice(0, 3)).toEqual(['ada@example.com', 'spring news', 'email']);
  expect(shown.at(-1)).toMatch(/^[\da-f-]{36}$/);
});
