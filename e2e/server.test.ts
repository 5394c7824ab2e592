import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { openWorld, visit, type World } from './world.ts';

type ServerEntry = typeof import('../src/server.ts');

let world: World;
let server: ServerEntry;
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
  // As it ships.
  server = await import(new URL('../dist/server.js', import.meta.url).href);
});
afterAll(() => world.close());

test('a campaign link, a sign-up whose browser call is blocked, and the server tells the campaign', async () => {
  const { identifyUser } = server.createServerClient({ applicationId: 'e2e', host: world.demo.collector });
  const receipts: unknown[] = [];
  /** The site's sign-up handler. It stands on the host of the page, whose cookies it gets. */
  const handler = createServer(async (request, response) => {
    receipts.push(await identifyUser('ada', { plan: 'pro' }, { request }));
    const lines = server.renewCookies(request.headers.cookie, { secure: false });
    response.writeHead(200, { 'Set-Cookie': lines, 'Content-Type': 'text/plain' }).end('welcome');
  });
  await new Promise<void>(resolve => handler.listen(0, '127.0.0.1', resolve));
  const { port } = handler.address() as AddressInfo;
  try {
    const context = await world.visitor();
    const page = await context.newPage();
    // A blocker: no request of the page to the collector gets through.
    await page.route(/\/collector\//, route => route.abort('blockedbyclient'));
    await visit(page, world.url('/script/?utm_source=letter&gclid=c1'));
    const anonymousId = await page.evaluate(() => window.utmost.getAnonymousId());
    const receipt = await page.evaluate(() => window.utmost.identifyUser('ada'));
    expect(receipt).toMatchObject({ status: 'queued', reason: 'network' });
    expect(await world.profile('ada')).toBeUndefined();

    const before = await context.cookies();
    // Beside the first page: what a page sends while it is left passes Playwright's routes.
    await (await context.newPage()).goto(`http://www.example.test:${port}/sign-up`);
    expect(receipts).toEqual([{ status: 'delivered', httpStatus: 201 }]);
    expect(await world.arrived('ada')).toMatchObject({
      anonymous_ids: [anonymousId],
      campaign: { utm_source: 'letter', gclid: 'c1' },
      metadata: { plan: 'pro' },
    });

    expect(world.posted('ada')).toEqual([]);

    // The same cookies, in the same places, for 400 days.
    const own = /^utmost_(id|campaign)$/;
    const valuesOf = (cookies: typeof before) =>
      cookies
        .filter(({ name }) => own.test(name))
        .map(({ name, value, domain }) => `${name} ${domain} ${value}`);
    const after = await context.cookies();
    expect(valuesOf(after).sort()).toEqual(valuesOf(before).sort());
    for (const { expires } of after.filter(({ name }) => own.test(name)))
      expect(expires - Date.now() / 1000).toBeGreaterThan(399 * 86_400);
  } finally {
    handler.close();
    handler.closeAllConnections();
  }
});
