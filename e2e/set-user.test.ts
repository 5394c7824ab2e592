import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { openWorld, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
});
afterAll(() => world.close());

const user = (id: string) => ({ id, email: `${id}@example.com`, companyId: 'nordfjord' });

const anonymousId = (page: Page) => page.evaluate(() => window.utmost.getAnonymousId());

/** Tells the page's session as a component does whose effects run twice: nobody at first, and then the user. */
const flicker = (page: Page, id: string) =>
  page.evaluate(async session => {
    const { setUser } = window.utmost;
    for (const said of [undefined, null, null]) void setUser(said);
    await new Promise(resolve => setTimeout(resolve, 200));
    void setUser(session);
    const { status } = await setUser(session);
    return status;
  }, user(id));

test('an auth library that says nobody before it says who, on five pages, is one visitor and one request', async () => {
  const page = await (await world.visitor()).newPage();
  const found: unknown[] = [];
  for (let n = 0; n < 5; n++) {
    await visit(page, world.url(`/script/${n}`));
    found.push([await flicker(page, 'flickering'), await anonymousId(page)]);
  }
  const [, id] = found[0] as unknown[];
  expect(found).toEqual([['delivered', id], ...Array(4).fill(['unchanged', id])]);
  expect(world.posted('flickering').length).toBe(1);
  const { anonymous_ids, company_id, metadata } = await world.arrived('flickering');
  expect([anonymous_ids, company_id, metadata]).toEqual([
    [id],
    'nordfjord',
    { email: 'flickering@example.com' },
  ]);
});

test('two tabs that load at once do not log each other out', async () => {
  const context = await world.visitor();
  const first = await context.newPage();
  await visit(first, world.url('/script/first'));
  expect(await flicker(first, 'tabs')).toBe('delivered');
  const second = await context.newPage();
  await Promise.all([
    visit(first, world.url('/script/restored')),
    visit(second, world.url('/script/restored')),
  ]);
  expect(await Promise.all([flicker(first, 'tabs'), flicker(second, 'tabs')])).toEqual([
    'unchanged',
    'unchanged',
  ]);
  expect(await anonymousId(first)).toBe(await anonymousId(second));
  expect(world.posted('tabs').length).toBe(1);
});

test('a logout on the page is a new visitor, and the next user none of the one before', async () => {
  const page = await (await world.visitor()).newPage();
  await visit(page, world.url('/script/shared'));
  expect(await flicker(page, 'before')).toBe('delivered');
  const before = await anonymousId(page);
  expect(await page.evaluate(() => window.utmost.setUser(null))).toEqual({
    status: 'unchanged',
    reason: 'no-user',
  });
  const after = await anonymousId(page);
  expect(after).not.toBe(before);
  await page.evaluate(session => void window.utmost.setUser(session), { id: 'after' });
  expect(await world.arrived('after')).toMatchObject({ anonymous_ids: [after], company_id: null });
});
