import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundled } from './bundled.ts';
import { launchChromium } from './chromium.ts';
import { PATIENCE } from './patience.ts';

declare global {
  interface Window {
    site: { id(): string; identify(userId: string): void; renew(): void; decorateUrl(url: string): string };
  }
}

/** The page of two sites of one owner, and of one more that runs the same but is on nobody's list. */
const SITE = `
  utmost.init({
    applicationId: 'e2e', host: location.origin + '/collector', crossDomain: { domains: ['example.test', 'shop.test'] },
  });
  window.site = {
    id: utmost.getAnonymousId, decorateUrl: utmost.decorateUrl, identify: utmost.identifyUser, renew: utmost.resetAnonymousId,
  };`;

let browser: Browser;
let server: Server;
let context: BrowserContext;
let page: Page;
/** What each page begins with. */
let script: string;
/** The addresses of documents that were requested, in their order. */
let asked: string[];
/** Returns an address of a site, by its host. */
const at = (host: string, path = '/') => `http://${host}:${(server.address() as AddressInfo).port}${path}`;
const SHOP = 'www.shop.test';

beforeAll(async () => {
  server = createServer(({ url = '', headers }, response) => {
    const address = `http://${headers.host}${url}`;
    if (url === '/favicon.ico' || url.startsWith('/collector')) return response.writeHead(204).end();
    asked.push(address);
    // As sites do that have moved to www.
    if (headers.host?.startsWith('shop.'))
      return response.writeHead(301, { Location: address.replace('//', '//www.') }).end();
    const early = url.startsWith('/state') ? '<script>history.replaceState({ scroll: 7 }, "")</script>' : '';
    return response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(
        `<!doctype html><title>x</title>${early}<script>${script}</script><script>${SITE}</script><body></body>`,
      );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
});

const idOn = (on: Page) => on.evaluate(() => window.site.id());
const show = (html: string) =>
  page.evaluate(html => {
    document.body.innerHTML = html;
  }, html);
const tokens = (url = '') => url.match(/_utmost=/g)?.length ?? 0;
/** Acts in the page and returns where that leads, once it is there. */
async function follow(act: () => Promise<unknown>, host = SHOP): Promise<string> {
  await act();
  await page.waitForURL(url => url.hostname === host);
  await page.waitForFunction(() => window.site);
  return page.url();
}

/** Each makes the script that the pages begin with. */
const BUILDS: Record<string, () => Promise<string>> = {
  'the script tag': () =>
    readFile(fileURLToPath(new URL('../dist/utmost.full.min.js', import.meta.url)), 'utf8'),
  'the npm build': () => bundled('full', 'utmost'),
};

describe.each(Object.entries(BUILDS))('%s', (_, make) => {
  beforeAll(async () => {
    script = await make();
  });
  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE);
    asked = [];
    page = await context.newPage();
    await page.goto(at('www.example.test'));
  });

  test('a link carries the visitor to the other site, whose address shows nothing of it', async () => {
    const id = await idOn(page);
    const url = at(SHOP, '/a?b=%zz&c=+#/route?x=1');
    await show(`<a href="${url}">go</a>`);
    expect(await follow(() => page.click('a'))).toBe(url);
    expect(tokens(asked.at(-1))).toBe(1);
    expect(await idOn(page)).toBe(id);
    await page.reload();
    expect([tokens(asked.at(-1)), await idOn(page)]).toEqual([0, id]);
  });

  test('a page keeps the state of its history', async () => {
    await show(`<a href="${at(SHOP, '/state')}">go</a>`);
    expect(await follow(() => page.click('a'))).toBe(at(SHOP, '/state'));
    expect(await page.evaluate(() => [history.state, history.length])).toEqual([{ scroll: 7 }, 3]);
  });

  test('the way back by another link leads to the same visitor', async () => {
    const id = await idOn(page);
    await show(`<a href="${at(SHOP)}">go</a>`);
    await follow(() => page.click('a'));
    await show(`<a href="${at('app.example.test')}">back</a>`);
    await follow(() => page.click('a'), 'app.example.test');
    expect(await idOn(page)).toBe(id);
  });

  test.each([
    ['into a new tab', 'target="_blank" rel="noopener"', {}],
    ['by the middle button', '', { button: 'middle' }],
    ['with the control key', '', { modifiers: ['Control'] }],
  ] as const)('a link opened %s carries the visitor, and keeps its address', async (_, attributes, how) => {
    await show(`<a href="${at(SHOP)}" ${attributes}>go</a>`);
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.click('a', how as Parameters<Page['click']>[1]),
    ]);
    await tab.waitForURL(at(SHOP));
    await tab.waitForFunction(() => window.site);
    expect(await idOn(tab)).toBe(await idOn(page));
    expect(tokens(asked.at(-1))).toBe(1);
    expect(await page.getAttribute('a', 'href')).toBe(at(SHOP));
  });

  const IMAGE = `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`;
  test.each([
    ['a key', (url: string) => `<a id="at" href="${url}">go</a>`],
    ['an area', (url: string) => `<map name="m"><area id="at" coords="0,0,9,9" href="${url}"></map>`],
    ['a drawing', (url: string) => `<svg><a id="at" href="${url}"><text y="20">go</text></a></svg>`],
  ])('%s carries the visitor', async (what, html) => {
    const id = await idOn(page);
    await show(`${html(at(SHOP))}<img usemap="#m" src='${IMAGE}'>`);
    await follow(async () => {
      if (what !== 'a key') return page.dispatchEvent('#at', 'click');
      await page.focus('#at');
      return page.keyboard.press('Enter');
    });
    expect(await idOn(page)).toBe(id);
  });

  test('a link in a shadow tree carries the visitor', async () => {
    const id = await idOn(page);
    await show('<div></div>');
    await page.evaluate(url => {
      const root = document.querySelector('div')?.attachShadow({ mode: 'open' });
      if (root) root.innerHTML = `<a href="${url}"><b>go</b></a>`;
    }, at(SHOP));
    await follow(() => page.click('b'));
    expect(await idOn(page)).toBe(id);
  });

  test('a GET form carries the visitor, once each time it is sent', async () => {
    const id = await idOn(page);
    const html = `<form action="${at(SHOP, '/find')}"><input name="q" value="a b"><button>go</button></form>`;
    await show(html);
    // The first time the page stays where it is.
    await page.evaluate(() =>
      document.addEventListener('submit', event => event.preventDefault(), { once: true }),
    );
    await page.click('button');
    expect(await page.innerHTML('body')).toBe(html);
    expect(await follow(() => page.click('button'))).toBe(at(SHOP, '/find?q=a+b'));
    expect(asked.at(-1)).toMatch(/\?q=a\+b&_utmost=[\w-]+$/);
    expect(await idOn(page)).toBe(id);
  });

  test('a form sent by requestSubmit carries the visitor, a POST form does not', async () => {
    await show(`<form action="${at(SHOP)}"></form>`);
    await follow(() => page.evaluate(() => document.querySelector('form')?.requestSubmit()));
    expect(tokens(asked.at(-1))).toBe(1);
    await page.goto(at('www.example.test'));
    await show(`<form action="${at(SHOP)}" method="post"><button>go</button></form>`);
    await follow(() => page.click('button'));
    expect(tokens(asked.at(-1))).toBe(0);
  });

  test('a script carries the visitor by decorateUrl, through the redirect to www', async () => {
    const id = await idOn(page);
    await follow(() =>
      page.evaluate(
        url => {
          location.href = window.site.decorateUrl(url);
        },
        at('shop.test', '/?a'),
      ),
    );
    expect(page.url()).toBe(at(SHOP, '/?a'));
    expect(await idOn(page)).toBe(id);
  });

  test('an address is good once', async () => {
    const id = await idOn(page);
    await show(`<a href="${at(SHOP)}">go</a>`);
    await follow(() => page.click('a'));
    const used = asked.at(-1) ?? '';
    await page.evaluate(() => window.site.renew());
    await page.goto(used);
    expect(page.url()).toBe(at(SHOP));
    expect(await idOn(page)).not.toBe(id);
  });

  test('a user who is identified on the other site keeps the id they have there', async () => {
    await page.goto(at(SHOP));
    await page.evaluate(() => window.site.identify('ada'));
    const theirs = await idOn(page);
    await page.goto(at('www.example.test'));
    await show(`<a href="${at(SHOP)}">go</a>`);
    await follow(() => page.click('a'));
    expect(tokens(asked.at(-1))).toBe(1);
    expect(await idOn(page)).toBe(theirs);
  });

  test.each(['news.test', 'app.example.test'])('a link to %s tells nothing', async host => {
    await show(`<a href="${at(host)}">go</a>`);
    await follow(() => page.click('a'), host);
    expect(tokens(asked.at(-1))).toBe(0);
  });
});
