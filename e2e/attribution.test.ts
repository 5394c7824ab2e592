import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { openWorld, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
});
afterAll(() => world.close());

/** Sends the tab on, as a page does; the browser sets the referrer by the page's own policy. */
async function leave(page: Page, url: string, how: 'link' | 'form' | 'script'): Promise<void> {
  await page.evaluate(
    ([url, how]) => {
      if (how === 'script') location.href = url;
      else {
        const attribute = how === 'link' ? 'href' : 'action';
        document.body.innerHTML = `<a ${attribute}="${url}">go</a><form ${attribute}="${url}"><button>go</button></form>`;
        document.querySelector<HTMLElement>(how === 'link' ? 'a' : 'button')?.click();
      }
    },
    [url, how] as const,
  );
  await page.waitForURL(address => address.href.split('?')[0] === url.split('?')[0]);
}

const rules = (page: Page) => page.evaluate(() => window.utmost.explain().map(({ rule }) => rule));

describe('a round trip', () => {
  test.each(['link', 'form', 'script'] as const)('by %s to a host on no list gets no credit', async how => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url('/script/login'));
    await leave(page, world.url('/plain/authorize', 'idp.partner.test'), how);
    await leave(page, world.url('/script/back', 'app.example.test'), 'script');
    await page.waitForFunction(() => window.utmost?.getAnonymousId());
    expect(await page.evaluate(() => document.referrer)).toContain('idp.partner.test');
    // Another origin of the site does not see what its sibling noted: the trip began on www and ended on app. The session
    // is one all the same.
    expect(await rules(page)).toEqual(['same-session']);
    await visit(page, world.url('/script/login'));
    await leave(page, world.url('/plain/authorize', 'idp.other.test'), how);
    await leave(page, world.url('/script/back'), 'script');
    await page.waitForFunction(() => window.utmost?.getAnonymousId());
    expect(await rules(page)).toEqual(['round-trip']);
  });

  test('to the payment page leaves the campaign as it was', async () => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url('/script/?utm_source=ad'));
    await leave(page, world.url('/plain/pay', 'pay.partner.test'), 'form');
    await leave(page, world.url('/script/thanks'), 'link');
    await page.waitForFunction(() => window.utmost?.getAnonymousId());
    expect(await rules(page)).toEqual(['round-trip']);
    expect(await page.evaluate(() => window.utmost.getCampaign())).toEqual({ utm_source: 'ad' });
  });

  test('is none for who comes from there without having been sent', async () => {
    const page = await (await world.visitor()).newPage();
    await page.goto(world.url('/plain/article', 'blog.partner.test'));
    await leave(page, world.url('/script/'), 'link');
    await page.waitForFunction(() => window.utmost?.getAnonymousId());
    expect(await rules(page)).toEqual(['referral']);
    expect(await page.evaluate(() => window.utmost.getCampaign())).toMatchObject({
      referring_domain: 'blog.partner.test',
    });
  });
});

test('a link from a sibling subdomain is internal', async () => {
  const page = await (await world.visitor()).newPage();
  await visit(page, world.url('/script/?utm_source=ad'));
  await leave(page, world.url('/script/app', 'app.example.test'), 'link');
  await page.waitForFunction(() => window.utmost?.getAnonymousId());
  expect(await rules(page)).toEqual(['internal']);
});

test('a router that wraps history works on, and what it does is seen', async () => {
  const page = await (await world.visitor()).newPage();
  await visit(page, world.url('/script/'));
  const calls = await page.evaluate(() => {
    const { pushState } = history;
    let calls = 0;
    history.pushState = function (...state) {
      calls++;
      return pushState.apply(this, state);
    };
    history.pushState(null, '', '/script/next?utm_source=routed');
    return calls;
  });
  expect(calls).toBe(1);
  expect(await rules(page)).toEqual(['direct', 'campaign']);
});

interface Row {
  host: string | null;
  registrable: string | null;
}

test('the site found by the probe is the registrable domain of the public suffix list', async () => {
  const rows: Row[] = JSON.parse(
    readFileSync(new URL('../test/data/public-suffix-tests.json', import.meta.url), 'utf8'),
  );
  const page = await (await world.visitor()).newPage();
  const script = readFileSync(new URL('../dist/utmost.min.js', import.meta.url), 'utf8');
  // Served here whatever the host, http and https alike: some domains are only ever visited by https.
  await page.route('**/*', route =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' }),
  );
  const wrong: unknown[] = [];
  let checked = 0;
  for (const { host, registrable } of rows) {
    if (!host || host.startsWith('.')) continue;
    const { hostname } = new URL(`https://${host}/`);
    // A public suffix is nobody's to share: the cookie is the host's own.
    const expected = registrable ? `.${new URL(`https://${registrable}/`).hostname}` : hostname;
    await page.goto(`https://${hostname}/`);
    await page.context().clearCookies();
    await page.addScriptTag({ content: script });
    await page.evaluate(() => {
      window.utmost.init({ applicationId: 'probe', host: 'localhost:1' });
      window.utmost.getAnonymousId();
    });
    const found = (await page.context().cookies(page.url())).find(({ name }) => name === 'utmost_id')?.domain;
    if (found !== expected) wrong.push({ hostname, expected, found });
    checked++;
  }
  expect(wrong).toEqual([]);
  expect(checked).toBe(rows.filter(({ host }) => host && !host.startsWith('.')).length);
});
