import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fencesOf, readPage } from '../test/docs/pages.ts';
import { templateCode } from '../test/integrations/template.ts';
import { launchChromium } from './chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const recipes = fencesOf(readPage('docs/loading.md'), 'html');
/** The recipe of docs/loading.md that has this in it. */
const recipe = (mark: string) => recipes.find(code => code.includes(mark)) ?? `no recipe: ${mark}`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
let page: Page;
afterEach(() => page.context().close());

/** Opens a page of that HTML, by a tagged link. Any address of a script that ships leads to it. */
async function open(html: string): Promise<void> {
  page = await (await browser.newContext()).newPage();
  await page.route('**/*', route => {
    const request = route.request();
    const name = new URL(request.url()).pathname.split('/').at(-1) ?? '';
    if (name.endsWith('.js'))
      return route.fulfill({
        contentType: 'text/javascript',
        body: readFileSync(`${root}/dist/${name}`, 'utf8'),
      });
    if (request.resourceType() === 'document')
      return route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><head>${html}</head><body></body>`,
      });
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    return route.fulfill({ status: 201, headers, json: {} });
  });
  await page.goto('https://www.example.com/landing?utm_source=ad');
}
const campaign = () => page.evaluate('window.utmost?.version && window.utmost.getCampaign()');

/** Runs a Custom HTML tag as Tag Manager does: its scripts are made anew, and have no tag of their own in the page's HTML. */
const runTag = (html: string) =>
  page.evaluate(code => {
    const holder = document.createElement('div');
    holder.innerHTML = code;
    for (const { textContent } of holder.querySelectorAll('script'))
      document.body.appendChild(document.createElement('script')).text = `${textContent}`;
  }, html);

test.each(['before', 'after'])(
  'Google Tag Manager: nothing before consent, which comes %s the script',
  async when => {
    // Each is run below.
    expect(recipes).toHaveLength(5);
    await open('');
    if (when === 'before') await runTag(recipe("'granted'"));
    await runTag(recipe('s.dataset'));
    await page.waitForFunction('window.utmost?.version');
    if (when === 'after') {
      await page.waitForTimeout(200);
      expect(await page.evaluate('[document.cookie, localStorage.length]')).toEqual(['', 0]);
      expect(await campaign()).toBeUndefined();
      await runTag(recipe("'granted'"));
    }
    await expect.poll(campaign).toEqual({ utm_source: 'ad' });
  },
);

test.each([true, false])(
  'the template of the gallery waits for consent, which is there when it runs: %s',
  async isGranted => {
    await open('');
    await page.evaluate(
      ([code, isGranted]) => {
        const tell: ((type: string, isGranted: boolean) => void)[] = [];
        // The sandbox's functions, as Tag Manager's documentation has them.
        const sandbox: Record<string, unknown> = {
          encodeUriComponent: encodeURIComponent,
          isConsentGranted: () => isGranted,
          addConsentListener: (_: string, listener: (type: string, isGranted: boolean) => void) =>
            tell.push(listener),
          injectScript(url: string, onSuccess: () => void, onFailure: () => void) {
            const script = document.createElement('script');
            Object.assign(script, { src: url, async: true, onload: onSuccess, onerror: onFailure });
            document.head.appendChild(script);
          },
          callInWindow(path: string, ...given: unknown[]) {
            const [object = '', method = ''] = path.split('.');
            const owner = (
              window as unknown as Record<string, Record<string, (...given: unknown[]) => void>>
            )[object];
            owner?.[method]?.(...given);
          },
        };
        const data = {
          scriptUrl: 'https://www.example.com/utmost.min.js?v=2',
          applicationId: 'app',
          consentType: 'analytics_storage',
          options: [{ name: 'attribution', value: 'last' }],
          gtmOnSuccess: () => Object.assign(window, { isDone: true, agree: () => tell[0]?.('', true) }),
        };
        new Function('require', 'data', `${code}`)((name: string) => sandbox[name], data);
      },
      [templateCode, isGranted] as const,
    );
    await page.waitForFunction('window.isDone');
    if (!isGranted) {
      await page.waitForTimeout(200);
      expect(await page.evaluate('[document.cookie, localStorage.length]')).toEqual(['', 0]);
      expect(await campaign()).toBeUndefined();
      await page.evaluate('agree()');
    }
    await expect.poll(campaign).toEqual({ utm_source: 'ad' });
  },
);

test.each([
  ['WordPress', 'nowprocket'],
  ['Webflow', 'utmost.forms.min.js'],
])('%s', async (_, mark) => {
  await open(recipe(mark));
  await expect.poll(campaign).toEqual({ utm_source: 'ad' });
});

test('Shopify, whose Liquid makes an address of the file', async () => {
  const address = '//www.example.com/cdn/shop/t/7/assets/utmost.min.js?v=1183';
  await open(recipe('asset_url').replace(/\{\{.*\}\}/, address));
  await expect.poll(campaign).toEqual({ utm_source: 'ad' });
});

/** What each optimiser does to a tag that nothing exempts. */
const DELAYED: Record<string, [exempt: RegExp, delay: (tag: string) => string]> = {
  'Rocket Loader': [
    /<script[^>]*data-cfasync="false"[^>]*src=/,
    tag => tag.replace('<script', '<script type="8f2c-text/javascript"'),
  ],
  'WP Rocket': [
    /<script[^>]*\bnowprocket\b/,
    tag =>
      tag.replace('<script', '<script type="rocketlazyloadscript"').replace(' src=', ' data-rocket-src='),
  ],
  LiteSpeed: [
    /data-no-optimize="1"[^>]*data-no-defer="1"/,
    tag => tag.replace('<script', '<script type="litespeed/javascript"').replace(' src=', ' data-src='),
  ],
};

test.each(Object.entries(DELAYED))(
  '%s lets the exempt tag run, and one that is late keeps the landing',
  async (_, [exempt, delay]) => {
    const tag = recipe('nowprocket');
    const optimise = (html: string) => (exempt.test(html) ? html : delay(html));
    await open(optimise(tag));
    await expect.poll(campaign).toEqual({ utm_source: 'ad' });
    await page.context().close();

    await open(optimise('<script async src="/utmost.min.js" data-application-id="app"></script>'));
    await page.evaluate(() => history.replaceState({}, '', '/elsewhere'));
    expect(await campaign()).toBeUndefined();
    // The first interaction: the script is made anew, and the held one may stay behind.
    await page.evaluate(() => {
      const late = document.createElement('script');
      late.src = '/utmost.min.js';
      document.head.append(late);
    });
    await expect.poll(campaign).toEqual({ utm_source: 'ad' });
  },
);
