import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemo } from '../demo/server.ts';
import { launchShell } from './chromium.ts';
import { ASKING, openRoots, panelOf, type Site, visitSite } from './panel-site.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const root = fileURLToPath(new URL('..', import.meta.url));
const ARTIFACTS = `${root}e2e/.artifacts/`;
const DOC = readFileSync(`${root}docs/panel.md`, 'utf8');
const BOOKMARKLETS = [...DOC.matchAll(/^javascript:(.*)$/gm)].map(([, code]) => `${code}`);
const PANEL = 'GET /assets/utmost.panel.min.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchShell();
});
afterAll(() => browser.close());

type Global = { utmost: typeof import('utmost').default & { panel(): void } };

const isThere = (page: Page) =>
  page.waitForFunction(() => !!(window as unknown as Global).utmost?.getAnonymousId());
const call = (page: Page) => page.evaluate(() => (window as unknown as Global).utmost.panel());

describe('the panel opens', () => {
  test('by the address, and on the next pages of the tab until it is closed', async () => {
    const { page } = await visitSite(browser);
    await panelOf(page);
    await page.goto('/pricing');
    await (await panelOf(page)).getByRole('button', { name: 'Close' }).click();
    await page.goto('/about');
    await isThere(page);
    await page.waitForTimeout(500);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('by the call, again and again, and a page loads nothing of it before', async () => {
    const { page, requests } = await visitSite(browser, { path: '/?utm_source=spring' });
    await isThere(page);
    await page.waitForLoadState('networkidle');
    expect(requests.filter(each => each.includes('panel'))).toEqual([]);
    for (let times = 0; times < 2; times++) {
      await call(page);
      await panelOf(page);
      await call(page);
      expect(await page.getByRole('dialog').count()).toBe(1);
      await page.keyboard.press('Escape');
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
    expect(requests.filter(each => each === PANEL)).toHaveLength(1);
  });

  test.each(BOOKMARKLETS)('by the bookmarklet %s', async code => {
    const { page } = await visitSite(browser, { path: '/' });
    await isThere(page);
    const bookmarklet = `javascript:${code.replace('.com/', '.com/assets/')}`;
    for (let times = 0; times < 2; times++) {
      await page.evaluate(href => {
        Object.assign(document.createElement('a'), { href }).click();
      }, bookmarklet);
      await panelOf(page);
      await page.keyboard.press('Escape');
    }
  });

  test('by the import, of a client that is imported', async () => {
    const contents = `import { init } from './dist/index.js'; import { openPanel } from './dist/panel.js';
      init({ applicationId: 'app' }); openPanel();`;
    const bundle = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      write: false,
      format: 'esm',
    });
    const head = `<script type="module">${bundle.outputFiles[0]?.text}</script>`;
    const { page } = await visitSite(browser, { head, path: '/?utm_source=spring' });
    const panel = await panelOf(page);
    await panel.getByText('spring').first().waitFor();
    await panel.getByText('It is set.').waitFor();
  });

  test.each([
    ['an import besides the script tag', false],
    ['a script tag besides an import', true],
  ])('and tells of %s', async (_, isImportFirst) => {
    const contents = "import { init } from './dist/index.js'; init({ applicationId: 'app' });";
    const bundle = await build({ stdin: { contents, resolveDir: root }, bundle: true, write: false });
    const both = [
      '<script src="/assets/utmost.min.js" data-application-id="app"></script>',
      `<script>${bundle.outputFiles[0]?.text}</script>`,
    ];
    const { page } = await visitSite(browser, { head: (isImportFirst ? both.reverse() : both).join('') });
    await (await panelOf(page)).getByText('utmost is loaded more than once').waitFor();
  });

  test('there are two bookmarklets in its document', () => expect(BOOKMARKLETS).toHaveLength(2));
});

describe('under a strict policy with Trusted Types, nothing is refused', () => {
  const RULES =
    "default-src 'none'; connect-src 'self' https://api.moesif.net; require-trusted-types-for 'script'; trusted-types 'none'";
  const tag = (attributes: string) =>
    `<script ${attributes}>window.refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));</script>
     <script ${attributes} src="/assets/utmost.min.js" data-application-id="app"></script>`;
  test.each([
    ['a nonce', "script-src 'nonce-abc'"],
    ['a nonce and strict-dynamic', "script-src 'nonce-abc' 'strict-dynamic'"],
  ])('%s', async (_, policy) => {
    const { page } = await visitSite(browser, { policy: `${RULES}; ${policy}`, head: tag('nonce="abc"') });
    const panel = await panelOf(page);
    await panel.getByText('It has refused nothing').waitFor();
    expect(await page.evaluate(() => (window as unknown as { refused: string[] }).refused)).toEqual([]);
    expect(await panel.evaluate(element => getComputedStyle(element).position)).toBe('fixed');
  });
});

test('its shadow root is closed, Escape closes it, and the focus returns', async () => {
  const { page } = await visitSite(browser, { path: '/', isClosed: true });
  await isThere(page);
  await page.locator('#own').focus();
  await call(page);
  const host = page.locator('[data-utmost-panel]');
  await host.waitFor({ state: 'attached' });
  expect(await host.evaluate(element => element.shadowRoot)).toBeNull();
  expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-utmost-panel'))).toBe(true);
  await page.keyboard.press('Escape');
  await host.waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('own');
});

test('by keyboard alone: every control is reached, and the report scrolls', async () => {
  const { page } = await visitSite(browser, { context: { viewport: { width: 1280, height: 500 } } });
  const panel = await panelOf(page);
  const reached: string[] = [];
  for (let presses = 0; presses < 4; presses++) {
    await page.keyboard.press('Tab');
    const focused = panel.locator(':focus');
    reached.push((await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? '');
  }
  expect(reached).toEqual(['Close', 'Copy for support', 'Check again', 'Report']);
  await page.keyboard.press('End');
  await expect
    .poll(() => panel.getByRole('region').evaluate(({ scrollTop }) => scrollTop))
    .toBeGreaterThan(100);
});

test('it shows who the visitor is, why, what waits and why, and each answer as it comes', async () => {
  const answers = [503, 201];
  const { page } = await visitSite(browser, {
    answer: route =>
      route.fulfill({
        status: route.request().method() === 'POST' ? (answers.shift() ?? 201) : 200,
        headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' },
        json: {},
      }),
  });
  const panel = await panelOf(page);
  await panel
    .getByText('by the rule campaign: campaign parameters, or the click id of an ad, in the URL')
    .waitFor();
  await page.evaluate(() => void (window as unknown as Global).utmost.identifyUser('user_42'));
  await panel.getByText('user_42').first().waitFor();
  await panel.getByText('delivered, HTTP 201').first().waitFor();
  await panel.getByText('Nothing waits').waitFor();
  await panel.getByText('User confirmed').waitFor();
});

test('the site goes on to hear of every delivery, and may call init again', async () => {
  const head = `<script src="/assets/utmost.min.js"></script><script>
    window.heard = [];
    window.begin = () => utmost.init({ applicationId: 'app', onDelivery: receipt => heard.push(receipt.status) });
    begin();</script>`;
  const { page } = await visitSite(browser, { head });
  const panel = await panelOf(page);
  const heard = await page.evaluate(async () => {
    const site = window as unknown as Global & { begin(): void; heard: string[] };
    site.begin();
    await site.utmost.identifyUser('ada');
    return site.heard;
  });
  expect(heard).toContain('delivered');
  await panel.getByText('delivered, HTTP 201').first().waitFor();
});

describe('the text for support', () => {
  const SECRETS = [
    'user_42',
    'company_7',
    'ada@nordfjord.example',
    'gold',
    'spring',
    'sale',
    'secret-path',
    'click-1',
  ];
  const site: Site = {
    path: `/secret-path${ASKING.slice(1)}&gclid=click-1&utm_term=ada@nordfjord.example`,
    referer: 'https://news.example/secret-path?user=user_42',
  };
  const say = (page: Page) =>
    page.evaluate(() =>
      (window as unknown as Global).utmost.identifyUser(
        'user_42',
        { email: 'ada@nordfjord.example', plan: 'gold' },
        { companyId: 'company_7' },
      ),
    );

  test('is copied, with hosts and rules and nothing of the visitor', async () => {
    const { page } = await visitSite(browser, {
      ...site,
      context: { permissions: ['clipboard-read', 'clipboard-write'] },
    });
    const panel = await panelOf(page);
    await say(page);
    const id = await page.evaluate(() => `${(window as unknown as Global).utmost.getAnonymousId()}`);
    for (const shown of [id, 'user_42', 'company_7', 'spring'])
      await panel.getByText(shown).first().waitFor();
    await panel.getByRole('button', { name: 'Copy for support' }).click();
    await panel.getByText('Copied, without personal data').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('[ok] Application id: It is set.');
    expect(text).toContain('by the rule campaign');
    expect(text).toContain('www.example.com');
    expect(text).toContain('User id: set');
    for (const secret of [...SECRETS, id]) expect(text).not.toContain(secret);
  });

  test('has nothing of what waits, either, and is offered where the clipboard is blocked', async () => {
    const { page } = await visitSite(browser, { ...site, answer: route => route.abort() });
    const panel = await panelOf(page);
    await say(page);
    await panel.getByText('user_42, since').waitFor();
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await panel.getByRole('button', { name: 'Copy for support' }).click();
    const text = await panel.getByLabel('Text for support').inputValue();
    expect(text).toContain('user: since');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
  );
}

test('on the demo’s site a button opens it', async () => {
  const demo = await startDemo();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await openRoots(page);
    await page.goto(demo.url('/?utm_source=newsletter&utm_medium=email&utm_campaign=spring'), {
      referer: 'https://mail.example/',
    });
    await isThere(page);
    await page.getByRole('button', { name: 'What utmost knows here' }).click();
    const panel = await panelOf(page);
    await panel.getByText('newsletter').first().waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${ARTIFACTS}panel-demo.png` });
  } finally {
    await page.context().close();
    await demo.close();
  }
});

describe('nothing that axe finds, nothing cut off', () => {
  test.each([
    ['wide', 'light'],
    ['wide', 'dark'],
    ['narrow', 'light'],
    ['narrow', 'dark'],
  ] as const)('%s and %s', async (size, colorScheme) => {
    const viewport = size === 'wide' ? { width: 1280, height: 800 } : { width: 375, height: 740 };
    const { page } = await visitSite(browser, {
      attributes: 'data-application-id="YOUR_APPLICATION_ID"',
      headers: { Date: new Date(Date.now() - 600_000).toUTCString() },
      context: { viewport, colorScheme },
    });
    const panel = await panelOf(page);
    expect(await violations(page)).toEqual([]);
    const box = await panel.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    const overflow = await panel
      .getByRole('region')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(overflow).toBe(0);
    await page.screenshot({ path: `${ARTIFACTS}panel-${size}-${colorScheme}.png` });
  });
});
