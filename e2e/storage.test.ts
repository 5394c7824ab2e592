import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchProfile } from './chromium.ts';
import { BUILDS } from './fixture-pages.ts';
import { openWorld, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test.each(BUILDS)('%s: visitor and campaign are shared by the subdomains of a site', async build => {
  const context = await world.visitor();
  const page = await context.newPage();
  await visit(page, world.url(`/${build}/?utm_source=shared`, 'www.example.test'));
  const id = await page.evaluate(() => window.utmost.getAnonymousId());
  await visit(page, world.url(`/${build}/login`, 'app.example.test'));
  expect(await page.evaluate(() => window.utmost.getAnonymousId())).toBe(id);
  await page.evaluate(id => window.utmost.identifyUser(id), `${build}-shared`);
  expect(await world.arrived(`${build}-shared`)).toMatchObject({
    anonymous_ids: [id],
    campaign: { utm_source: 'shared' },
  });

  // A page marks, for its host alone, an outbox that it found empty.
  const all = await context.cookies();
  const marks = all.filter(({ name }) => name === 'utmost_outbox');
  for (const { domain } of marks) expect(['www.example.test', 'app.example.test']).toContain(domain);
  const cookies = all.filter(cookie => !marks.includes(cookie));
  expect(cookies.map(({ name, domain, sameSite }) => [name, domain, sameSite]).sort()).toEqual([
    ['utmost_campaign', '.example.test', 'Lax'],
    ['utmost_id', '.example.test', 'Lax'],
    ['utmost_state', '.example.test', 'Lax'],
  ]);
  for (const { name, value, expires } of cookies) {
    expect(value).toMatch(/^[\w-]+$/);
    expect(name.length + value.length).toBeLessThan(1500);
    expect(expires - Date.now() / 1000).toBeGreaterThan(364 * 86_400);
  }
});

test('a stranger whose host name only ends alike shares nothing', async () => {
  const context = await world.visitor();
  const page = await context.newPage();
  await visit(page, world.url('/script/', 'example.test'));
  const id = await page.evaluate(() => window.utmost.getAnonymousId());
  await visit(page, world.url('/script/', 'notexample.test'));
  expect(await page.evaluate(() => window.utmost.getAnonymousId())).not.toBe(id);
});

test('a campaign of the longest values allowed stays in its cookie', async () => {
  const context = await world.visitor();
  const page = await context.newPage();
  const long = ['source', 'medium', 'campaign', 'term'].map(name => `utm_${name}=${'x'.repeat(600)}`);
  long.push(`utm_content=${'ü'.repeat(600)}`);
  await visit(page, world.url(`/script/?${long.join('&')}&gclid=${'g'.repeat(90)}`));
  const cookie = (await context.cookies()).find(({ name }) => name === 'utmost_campaign');
  expect((cookie?.value.length ?? 0) + 'utmost_campaign'.length).toBeLessThan(1500);
  const campaign = await page.evaluate(() => window.utmost.getCampaign());
  expect(campaign).toMatchObject({
    gclid: 'g'.repeat(90),
    utm_source: expect.stringMatching(/^x{50,}$/),
    utm_content: expect.stringMatching(/^ü{50,}$/),
  });
});

test('the script tag on an IP address and on localhost keeps the visitor on that host', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url('/script/', host));
    const id = await page.evaluate(() => window.utmost.getAnonymousId());
    await visit(page, world.url('/script/two', host));
    expect(await page.evaluate(() => window.utmost.getAnonymousId())).toBe(id);
  }
});

test.each(BUILDS)(
  '%s: with cookies and all storage blocked, the user still arrives with the campaign',
  async build => {
    const folder = await mkdtemp(join(tmpdir(), 'utmost-blocked-'));
    await mkdir(join(folder, 'Default'));
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
    await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
    const context = await launchProfile(folder);
    try {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', error => errors.push(error.message));
      await visit(page, world.url(`/${build}/?utm_source=blocked`));
      const blocked = await page.evaluate(() => {
        document.cookie = 'probe=1';
        let storage = 'open';
        try {
          localStorage.getItem('x');
        } catch {
          storage = 'blocked';
        }
        return [document.cookie, storage];
      });
      expect(blocked).toEqual(['', 'blocked']);
      const id = await page.evaluate(() => window.utmost.getAnonymousId());
      const receipt = await page.evaluate(id => window.utmost.identifyUser(id, { n: 1 }), `${build}-blocked`);
      expect(receipt.status).toBe('delivered');
      expect(await world.arrived(`${build}-blocked`)).toMatchObject({
        anonymous_ids: [id],
        campaign: { utm_source: 'blocked' },
        metadata: { n: 1 },
      });
      // An update that waits in memory alone is not called safe.
      await page.route('**/v1/users', route => route.abort());
      expect(await page.evaluate(() => window.utmost.identifyUser('lost'))).toMatchObject({
        status: 'queued',
        reason: 'storage-blocked',
      });
      expect(errors).toEqual([]);
    } finally {
      await context.close();
      await rm(folder, { recursive: true });
    }
  },
);
