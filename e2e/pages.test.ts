import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Campaign } from '../src/shared/types.ts';
import { openSystemBrowser } from './chromium.ts';
import { BUILDS } from './fixture-pages.ts';
import { openWorld, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const dist = (file: string) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

test('the loader snippet keeps the calls made before the script arrives, and they run in order', async () => {
  const page = await (await world.visitor()).newPage();
  const loader = readFileSync(dist('snippet.html'), 'utf8')
    .replace('/utmost.min.js', '/slow/utmost.min.js')
    .replace('applicationId:"YOUR_APPLICATION_ID"', `applicationId:"e2e",host:"${world.collector}"`);
  await page.goto(world.url(`/snippet?loader=${encodeURIComponent(loader)}&utm_source=snippet`), {
    waitUntil: 'domcontentloaded',
  });
  const kept = await page.evaluateHandle(() => window.utmost);
  await expect
    .poll(() => page.evaluate(() => (window as { order?: unknown }).order))
    .toEqual([
      [1, 'delivered'],
      [2, 'delivered'],
    ]);
  expect(await world.arrived('early')).toMatchObject({
    campaign: { utm_source: 'snippet' },
    metadata: { first: true, order: 2 },
  });
  // Whoever took hold of the snippet's object has the real one now.
  expect(await kept.evaluate(utmost => utmost.getCampaign())).toEqual({ utm_source: 'snippet' });
});

test('the script tag works under a policy without unsafe-inline and unsafe-eval', async () => {
  const page = await (await world.visitor()).newPage();
  await page.goto(world.url('/csp?utm_source=strict'));
  await expect
    .poll(() => page.evaluate(() => (window as { receipt?: unknown }).receipt))
    .toMatchObject({
      status: 'delivered',
    });
  expect(await page.evaluate(() => (window as { violations?: unknown }).violations)).toEqual([]);
  expect(await world.arrived('csp')).toMatchObject({
    campaign: { utm_source: 'strict' },
    metadata: { strict: true },
  });
});

test.each(BUILDS)(
  '%s: a single-page app that changes the URL to a tagged one makes a touch of it',
  async build => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url(`/${build}/`));
    await page.evaluate(() => history.pushState({}, '', '?utm_source=in-app'));
    await page.evaluate(() => history.pushState({}, '', './next?utm_source=in-app&step=2'));
    expect(await page.evaluate(() => window.utmost.getCampaign())).toEqual({ utm_source: 'in-app' });
  },
);

test('a prerendered page attributes, stores and sends nothing until it is shown', async () => {
  const ahead = () => world.posted().filter(({ body: { campaign } }) => isAhead(campaign));
  const isAhead = (campaign: unknown) => (campaign as Campaign | undefined)?.utm_source === 'ahead';
  const end = await openSystemBrowser(world.url('/prerendering'));
  try {
    await expect.poll(() => world.notes.length).toBe(1);
    expect(world.notes).toEqual(['prerendered ']);
    expect(ahead()).toEqual([]);
    await expect.poll(() => ahead().length).toBe(1);
    expect(world.notes).toEqual(['prerendered ', 'shown']);
  } finally {
    await end();
  }
});

test('coming back through the back/forward cache attributes nothing again', async () => {
  const before = world.notes.length;
  const end = await openSystemBrowser(world.url('/cached?utm_source=cached'));
  try {
    await expect.poll(() => world.notes[before]).toMatch(/^cached .*utmost_campaign=/);
    const [, record = ''] = world.notes[before]?.match(/utmost_campaign=([\w-]+)/) ?? [];
    const touches = JSON.parse(Buffer.from(record, 'base64url').toString());
    expect(touches).toMatchObject({ count: 1, first: { campaign: { utm_source: 'cached' } } });
  } finally {
    await end();
  }
});

test('with debug on, an unknown option is said on the console, and a wrong one throws a sentence', async () => {
  const page = await (await world.visitor()).newPage();
  const lines: string[] = [];
  page.on('console', message => lines.push(message.text()));
  await page.goto(world.url('/plain/'));
  await page.addScriptTag({ url: '/dist/utmost.min.js' });
  const messages = await page.evaluate(host => {
    const init = window.utmost.init as (options?: object) => unknown;
    const wrong = [
      {},
      undefined,
      { applicationId: 'x', timeout: 'soon' },
      { applicationId: 'x', host: 'no host' },
    ];
    const said = wrong.map(options => {
      try {
        return init(options);
      } catch (error) {
        return (error as Error).message;
      }
    });
    init({ applicationId: 'x', host, debug: true, aplicationId: 'typo' });
    return said;
  }, world.collector);
  expect(messages).toEqual([
    expect.stringContaining('applicationId'),
    expect.stringContaining('applicationId'),
    'utmost: timeout must be a positive number.',
    'utmost: host must be a URL or host name.',
  ]);
  expect(lines).toContainEqual(expect.stringContaining('aplicationId'));
});
