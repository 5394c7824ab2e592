import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, test as base, beforeAll, expect } from 'vitest';
import { eventually } from './eventually.ts';
import { BUILDS } from './fixture-pages.ts';
import { serveFixtures } from './fixtures.ts';
import { openWorld, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Each test has pages of its own, side by side with the others, and cuts only those off from the collector. */
const test = base.extend('site', async ({ task: _ }, { onCleanup }) => {
  const site = await serveFixtures(world.demo.collector);
  onCleanup(site.close);
  return { ...site, of: (userId: string) => site.posted.filter(({ body }) => body.user_id === userId) };
});

test.concurrent.for(BUILDS)(
  '%s: the collector is down at login and up again later, on the same page',
  async (build, { site }) => {
    const page = await (await world.visitor()).newPage();
    await visit(page, site.url(`/${build}/?utm_source=same-page`));
    site.cut(true);
    const receipt = await page.evaluate(id => window.utmost.identifyUser(id, { step: 1 }), `${build}-same`);
    expect(receipt).toMatchObject({ status: 'queued' });
    site.cut(false);
    expect(await world.arrived(`${build}-same`)).toMatchObject({
      campaign: { utm_source: 'same-page' },
      metadata: { step: 1 },
    });
  },
);

test.concurrent.for(BUILDS)(
  '%s: the collector is down at login and up again later, on the next page',
  async (build, { site }) => {
    const page = await (await world.visitor()).newPage();
    await visit(page, site.url(`/${build}/?utm_source=next-page`));
    site.cut(true);
    const id = `${build}-next`;
    expect(await page.evaluate(id => window.utmost.identifyUser(id, { step: 1 }), id)).toMatchObject({
      status: 'queued',
    });
    await page.goto(site.url('/plain/'));
    // What the page sent on its way out must not find the collector up: another page is to deliver it.
    await sleep(500);
    site.cut(false);
    await visit(page, site.url(`/${build}/later`));
    expect(await world.arrived(id)).toMatchObject({
      campaign: { utm_source: 'next-page' },
      metadata: { step: 1 },
    });
    // Delivered by another page than the one that made it: it is confirmed all the same, and sent no more.
    await page.evaluate(() => window.utmost.flush());
    const before = site.of(id).length;
    await visit(page, site.url(`/${build}/even-later`));
    await page.evaluate(() => window.utmost.flush());
    await page.evaluate(id => window.utmost.identifyUser(id, { step: 2 }), id);
    expect(site.of(id).slice(before)).toMatchObject([{ body: { metadata: { step: 2 } } }]);
    expect(site.of(id).at(-1)?.body).not.toHaveProperty('campaign');
  },
);

test.concurrent('updates of one user that an outage held back end in the newest values, though a later page sent first', async ({
  site,
}) => {
  const page = await (await world.visitor()).newPage();
  await visit(page, site.url('/script/'));
  await page.route('**/v1/users', route => route.abort());
  await page.evaluate(() => window.utmost.identifyUser('ordered', { plan: 'old', kept: 1 }));
  await page.evaluate(() => window.utmost.identifyUser('ordered', { plan: 'older than the last' }));
  await page.unroute('**/v1/users');
  // The call is made in the task of init, before the page can know what earlier pages left.
  await page.goto(site.url('/plain/'));
  await page.evaluate(async () => {
    const script = document.createElement('script');
    script.src = '/dist/utmost.min.js';
    document.head.append(script);
    await new Promise(resolve => script.addEventListener('load', resolve));
  });
  await page.evaluate(host => {
    window.utmost.init({ applicationId: 'e2e', host });
    return window.utmost.identifyUser('ordered', { plan: 'newest' });
  }, site.collector);
  await eventually(async () =>
    expect((await world.profile('ordered'))?.metadata).toEqual({ plan: 'newest', kept: 1 }),
  );
  await page.evaluate(() => window.utmost.flush());
  expect((await world.profile('ordered'))?.metadata).toEqual({ plan: 'newest', kept: 1 });
});

test.concurrent('what the server refuses for good is dropped and does not block the next', async ({
  site,
}) => {
  const page = await (await world.visitor()).newPage();
  await visit(page, site.url('/script/'));
  const receipts = await page.evaluate(async () => [
    await window.utmost.identifyUser('first-in-line'),
    // Metadata is nested at most 64 deep.
    await window.utmost.identifyUser('refused', JSON.parse(`${'{"deep":'.repeat(70)}1${'}'.repeat(70)}`)),
    await window.utmost.identifyUser('next-in-line'),
  ]);
  expect(receipts).toMatchObject([
    { status: 'delivered', httpStatus: 201 },
    { status: 'dropped', httpStatus: 400 },
    { status: 'delivered', httpStatus: 201 },
  ]);
});

test.concurrent('a receipt is answered by the timeout, though the collector never answers', async ({
  site,
}) => {
  const page = await (await world.visitor()).newPage();
  await page.goto(site.url('/plain/'));
  await page.addScriptTag({ url: '/dist/utmost.min.js' });
  await page.route('**/v1/users', () => {});
  const receipt = await page.evaluate(async host => {
    window.utmost.init({ applicationId: 'e2e', host, timeout: 300 });
    // By the page's own timers, which a busy machine holds up alike.
    const late = new Promise(resolve => setTimeout(resolve, 1500, 'late'));
    return Promise.race([window.utmost.identifyUser('unanswered'), late]);
  }, site.collector);
  expect(receipt).toMatchObject({ status: 'queued' });
  // Held requests must not outlive the test.
  await page.unroute('**/v1/users');
});
