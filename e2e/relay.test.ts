import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UserComUser } from '../demo/user-com.ts';
import type full from '../src/full.ts';
import { readFrom } from './read-from.ts';
import { openWorld, type World } from './world.ts';

/** The key in `demo/server.ts`. */
const USER_COM_TOKEN = 'demo'.repeat(16);

const FULL_SCRIPT = fileURLToPath(new URL('../dist/utmost.full.min.js', import.meta.url));
const DAY = 24 * 60 * 60_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Opens a page of the demo's own site, which the relay is on. */
async function sitePage(): Promise<Page> {
  const page = await (await world.visitor()).newPage();
  await page.goto(world.demo.url('/pricing'));
  return page;
}

/** Lets the page read who is stored, as the printed link does. */
const signIn = (page: Page) => page.context().request.get(world.demo.dashboard);

const userComUser = async (userId: string) => {
  const { users } = (await (await readFrom(world.demo, '/user-com/users')).json()) as {
    users: UserComUser[];
  };
  return users.find(({ user_id }) => user_id === userId);
};

/** Reads the actions of a user from the collector. */
async function actionsOf(userId: string) {
  const response = await readFrom(world.demo, `/timeline?user_id=${encodeURIComponent(userId)}`);
  const { timeline = [] } = (await response.json()) as { timeline?: { type: string; time: string }[] };
  return timeline.filter(({ type }) => type === 'action');
}

const updateOf = (user_id: string) =>
  JSON.stringify({
    user_id,
    anonymous_id: `anonymous-${user_id}`,
    campaign: { utm_source: 'newsletter', gclid: 'click' },
    metadata: { name: 'Ada Holm', plan: 'pro', tags: ['trial'] },
    ip_address: '8.8.8.8',
  });

async function expectEverywhere(userId: string) {
  expect(await world.arrived(userId)).toMatchObject({
    campaign: { utm_source: 'newsletter', gclid: 'click' },
    metadata: { plan: 'pro' },
    ip_address: '127.0.0.1',
    user_agent_string: expect.stringContaining('Chrome'),
  });
  await expect.poll(() => userComUser(userId)).toBeDefined();
  const user = await userComUser(userId);
  expect(user).toMatchObject({ first_name: 'Ada', last_name: 'Holm', tags: [{ name: 'trial' }] });
  expect(Object.fromEntries(user?.attributes.map(({ name, value }) => [name, value]) ?? [])).toEqual({
    utm_source: 'newsletter',
    gclid: 'click',
    // The demo's relay names it.
    channel: 'Paid Search',
    plan: 'pro',
  });
}

test('a campaign link, a login in the app, and the profile with its campaign is in both systems', async () => {
  const page = await (await world.visitor()).newPage();
  const sent: string[] = [];
  page.on('request', request => request.method() === 'POST' && sent.push(request.url()));
  await page.goto(world.demo.url('/?utm_source=letter&utm_campaign=spring&gclid=c1'));
  await page.getByRole('link', { name: 'Log in' }).first().click();
  await page.getByLabel('Name').fill('Grace Hopper');
  await page.getByLabel('E-mail').fill('grace@example.com');
  await page.getByLabel('Company').fill('Navy');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect.poll(() => page.locator('#receipt').textContent()).toMatch(/^delivered/);
  // The marketing site speaks to the collector itself, the app to its own origin alone.
  expect(new Set(sent)).toEqual(new Set([`${world.demo.collector}/v1/users`, world.demo.url('/t/v1/users')]));

  const campaign = { utm_source: 'letter', utm_campaign: 'spring', gclid: 'c1' };
  const userId = await page.evaluate(
    () => JSON.parse(`${sessionStorage.getItem('kittiwake-session')}`).userId as string,
  );
  expect(await world.arrived(userId)).toMatchObject({ campaign, metadata: { name: 'Grace Hopper' } });
  const user = await userComUser(userId);
  expect(user).toMatchObject({ email: 'grace@example.com', first_name: 'Grace', last_name: 'Hopper' });
  expect(Object.fromEntries(user?.attributes.map(({ name, value }) => [name, value]) ?? [])).toMatchObject(
    campaign,
  );
  await signIn(page);
  await page.goto(world.demo.url('/user-com/'));
  await expect.poll(() => page.locator('main').textContent()).toContain('grace@example.com');
});

test('the script tag’s relay option: no preflight, and what is said when the page is left goes as a beacon', async () => {
  const page = await (await world.visitor()).newPage();
  const methods = new Set<string>();
  page.on('request', request => request.url().includes('/v1/') && methods.add(request.method()));
  await page.goto(world.demo.url('/user-com/'));
  await page.addScriptTag({ url: '/utmost.min.js' });
  await page.evaluate(() => {
    const { sendBeacon } = navigator;
    navigator.sendBeacon = (...call) => {
      sessionStorage.setItem('beacon', `${call[0]} ${sendBeacon.apply(navigator, call)}`);
      return true;
    };
    window.utmost.init({ relay: '/t' });
    void window.utmost.identifyUser('by-relay', { first: 1 });
    // What is under way at that time goes on by itself.
    addEventListener('pagehide', () => void window.utmost.identifyUser('by-relay', { second: 2 }));
    location.href = '/user-com/?left';
  });
  await page.waitForURL('**/?left');
  await expect.poll(async () => (await world.profile('by-relay'))?.metadata).toEqual({ first: 1, second: 2 });
  expect(await page.evaluate(() => sessionStorage.getItem('beacon'))).toBe(
    `${world.demo.url('/t/v1/users')} true`,
  );
  expect([...methods]).toEqual(['POST']);
});

test('an action of a device whose clock is far off is placed at the time it happened, by a beacon and a fetch', async () => {
  for (const days of [-40, 400]) {
    const userId = `clock-${days}`;
    const page = await (await world.visitor()).newPage();
    await page.goto(world.demo.url('/user-com/'));
    const addresses: string[] = [];
    page.on('request', request => request.url().includes('/v1/actions') && addresses.push(request.url()));
    await page.evaluate(off => {
      const { now } = Date;
      Date.now = () => now() + off;
    }, days * DAY);
    await page.addScriptTag({ path: FULL_SCRIPT });
    await page.evaluate(async userId => {
      const client = window.utmost as unknown as typeof full;
      client.init({ relay: '/t' });
      await client.identifyUser(userId);
      await client.track('by fetch');
      addEventListener('pagehide', () => void client.track('by beacon'));
      location.href = '/user-com/?left';
    }, userId);
    await page.waitForURL('**/?left');
    await expect.poll(async () => (await actionsOf(userId)).length).toBe(2);
    for (const { time } of await actionsOf(userId)) {
      expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
      expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000);
    }
    for (const address of addresses) expect(address).toMatch(/\/t\/v1\/actions\?sent_at=\d+$/);
  }
});

test('a text/plain fetch reaches the Users API and User.com, without a preflight', async () => {
  const page = await sitePage();
  const methods: string[] = [];
  page.on('request', request => request.url().includes('/t/') && methods.push(request.method()));
  const status = await page.evaluate(async body => {
    const response = await fetch('/t/v1/users', { method: 'POST', body, keepalive: true });
    return [response.status, await response.json()];
  }, updateOf('by-fetch'));
  expect(status).toEqual([201, {}]);
  expect(methods).toEqual(['POST']);
  await expectEverywhere('by-fetch');
});

test.each(['', 'no-referrer'])(
  'a beacon of a page that is left does too, under referrer policy %j',
  async policy => {
    const page = await sitePage();
    const id = `by-beacon-${policy}`;
    await page.evaluate(
      ([policy, body]) => {
        document.head.insertAdjacentHTML('beforeend', `<meta name="referrer" content="${policy}">`);
        addEventListener('pagehide', () => navigator.sendBeacon('/t/v1/users', body));
      },
      [policy, updateOf(id)] as const,
    );
    await page.goto(world.url('/plain/'));
    await expectEverywhere(id);
  },
);

test('a page of another site reaches neither, and can not read why', async () => {
  const page = await (await world.visitor()).newPage();
  await page.goto(world.url('/plain/'));
  const result = await page.evaluate(
    async ([url, body]) => {
      const mode = await fetch(url, { method: 'POST', body }).catch(error => (error as Error).name);
      await fetch(url, { method: 'POST', body, mode: 'no-cors' });
      navigator.sendBeacon(url, body);
      return mode;
    },
    [world.demo.url('/t/v1/users'), updateOf('by-others')] as const,
  );
  expect(result).toBe('TypeError');
  // Whatever was let through would be there before this one is.
  const own = await sitePage();
  await own.evaluate(body => fetch('/t/v1/users', { method: 'POST', body }), updateOf('by-us'));
  await expectEverywhere('by-us');
  expect(await world.profile('by-others')).toBeUndefined();
  expect(await userComUser('by-others')).toBeUndefined();
});

test('the demo’s page shows who is in User.com, with the campaign, as text', async () => {
  const page = await (await world.visitor()).newPage();
  await signIn(page);
  await page.goto(world.demo.url('/user-com/'));
  const body = JSON.parse(updateOf('on-show'));
  body.metadata.first_name = '<img src=x onerror="hacked = true">';
  await page.evaluate(body => fetch('/t/v1/users', { method: 'POST', body: JSON.stringify(body) }), body);
  const card = page.locator('.user', { hasText: 'on-show' });
  await card.getByText('newsletter').waitFor();
  expect(await card.textContent()).toMatch(/<img src=x.*trial.*utm_source.*newsletter/s);
  expect(await page.evaluate(() => (window as { hacked?: boolean }).hacked)).toBeUndefined();
});

test('no page of the demo, and nothing it loads or is answered, holds the key of User.com', async () => {
  const page = await sitePage();
  const texts: Promise<string>[] = [];
  // Of an answer that the next page cuts off there is no text, and asking for it may never end.
  page.on('requestfinished', async request => {
    const response = await request.response();
    texts.push(response?.text().catch(() => '') ?? Promise.resolve(''));
  });
  for (const path of ['/', '/pricing', '/blog', '/app/', '/dashboard/', '/user-com/']) {
    await page.goto(world.demo.url(path), { waitUntil: 'load' });
    // The next page takes the texts away that have not been read.
    await Promise.race([Promise.all(texts), page.waitForTimeout(3000)]);
  }
  await page.evaluate(body => fetch('/t/v1/users', { method: 'POST', body }), updateOf('key'));
  await expectEverywhere('key');
  const loaded = (await Promise.all(texts)).join('\n');
  expect(loaded).toContain('identifyUser');
  expect(loaded).not.toContain(USER_COM_TOKEN);
});
