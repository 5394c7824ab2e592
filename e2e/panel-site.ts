import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright';
import { PATIENCE } from './patience.ts';

const dist = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../dist/${file}`, import.meta.url)), 'utf8');

/** A page of https://www.example.com that loads utmost, and what is wrong with it. */
export interface Site {
  /** Path and query of the page. Default: one that asks for the panel, with a campaign. */
  path?: string;
  referer?: string;
  /** Attributes of the script tag. Default: an application id. */
  attributes?: string;
  /** The head, in place of the script tag. */
  head?: string;
  /** The Content-Security-Policy. */
  policy?: string;
  /** Headers of the page. */
  headers?: Record<string, string>;
  /** Answers a request of another kind than the page and its scripts. Default: 201 for all. */
  answer?(route: Route, url: URL): Promise<void>;
  /** Leaves the shadow root closed, as on a real page. Default: the test opens it, to look inside. */
  isClosed?: boolean;
  context?: BrowserContextOptions;
}

/** The page, and the addresses that it asked for. */
export interface Visited {
  page: Page;
  requests: string[];
}

export const ASKING = '/?utm_source=spring&utm_medium=email&utm_campaign=sale&utmost_debug=panel';

const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/** Confirms every update. */
export const confirm = (route: Route) => route.fulfill({ status: 201, headers: CORS, json: {} });

/** Makes shadow roots open, so that a test looks inside. */
export const openRoots = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      return attach.call(this, { ...init, mode: 'open' });
    };
  });

/** Opens that page, for a visitor never seen before. */
export async function visitSite(browser: Browser, site: Site = {}): Promise<Visited> {
  const { attributes = 'data-application-id="app"', path = ASKING, policy, referer } = site;
  const { head = `<script async src="/assets/utmost.min.js" ${attributes}></script>` } = site;
  const context = await browser.newContext({ baseURL: 'https://www.example.com', ...site.context });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const requests: string[] = [];
  if (!site.isClosed) await openRoots(page);
  await page.route('**/*', async route => {
    const url = new URL(route.request().url());
    requests.push(
      `${route.request().method()} ${url.origin === 'https://www.example.com' ? '' : url.host}${url.pathname}`,
    );
    const [, script] = /^\/assets\/([\w.]+\.js)$/.exec(url.pathname) ?? [];
    if (script) return route.fulfill({ contentType: 'text/javascript', headers: CORS, body: dist(script) });
    if (url.host !== 'www.example.com' || url.pathname.includes('/v1/'))
      return (site.answer ?? confirm)(route, url);
    return route.fulfill({
      contentType: 'text/html',
      headers: {
        Date: new Date().toUTCString(),
        ...(policy && { 'Content-Security-Policy': policy }),
        ...site.headers,
      },
      body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>page</title>${head}<main><h1>A shop</h1><p>Words of the page, and <button id="own">its button</button></p></main></html>`,
    });
  });
  await page.goto(path, { ...(referer && { referer }) });
  return { page, requests };
}

/** The panel, once it has asked the network. */
export async function panelOf(page: Page) {
  const panel = page.getByRole('dialog', { name: 'utmost' });
  await panel.getByText(/^Checked at /).waitFor();
  return panel;
}

/** Reads the checks: verdict and sentence by title. */
export async function checksOf(page: Page): Promise<Record<string, [verdict: string, sentence: string]>> {
  const rows = await (await panelOf(page)).locator('li').all();
  const found = rows.map(async row => {
    const [verdict = '', title = '', sentence = ''] = await row.locator('i, b, span').allTextContents();
    return [title, [verdict, sentence]] as const;
  });
  return Object.fromEntries(await Promise.all(found)) as Record<string, [string, string]>;
}
