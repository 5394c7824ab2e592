import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILDS } from './fixture-pages.ts';
import { readFrom } from './read-from.ts';
import { openWorld, visit, type World } from './world.ts';

let world: World;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'utmost-e2e-'));
  world = await openWorld(dataDir);
});
afterAll(async () => {
  await world.close();
  await rm(dataDir, { recursive: true });
});

const QUERY =
  'utm_source=news%20letter&utm_medium=email&utm_campaign=spring&utm_term=a%2Bb&utm_content=top&gclid=Cj0-1';
const CAMPAIGN = {
  utm_source: 'news letter',
  utm_medium: 'email',
  utm_campaign: 'spring',
  utm_term: 'a+b',
  utm_content: 'top',
  gclid: 'Cj0-1',
};

test('the demo: a campaign link, two pages, login in the app, and the profile survives a restart', async () => {
  const page = await (await world.visitor()).newPage();
  const errors: string[] = [];
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  await page.goto(world.demo.url(`/?${QUERY}`));
  await page.getByRole('link', { name: 'Pricing' }).first().click();
  await page.getByRole('link', { name: 'Blog' }).first().click();
  await page.getByRole('link', { name: 'Log in' }).first().click();
  await page.getByLabel('Name').fill('Ada Holm');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Company').fill('Nordfjord');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL('**/app/home');
  await expect.poll(() => page.locator('#receipt').textContent()).toMatch(/^delivered/);
  await expect.poll(() => page.locator('#server-first').textContent()).toBe(CAMPAIGN.utm_source);
  const anonymousId = await page.locator('#anonymous-id').textContent();
  await page.goto(world.demo.dashboard);
  await expect.poll(() => page.locator('main').textContent()).toContain('ada@example.com');

  const { profiles } = (await (await readFrom(world.demo, '/profiles')).json()) as {
    profiles: { user_id: string }[];
  };
  const id = profiles[0]?.user_id ?? '';
  expect(errors).toEqual([]);
  await world.killCollector();
  await world.reviveCollector();
  expect(await world.profile(id)).toMatchObject({
    anonymous_ids: [anonymousId],
    campaign: CAMPAIGN,
    metadata: { name: 'Ada Holm', email: 'ada@example.com', company: 'Nordfjord' },
  });
});

describe.each(BUILDS)('the %s build', build => {
  test('the first touch, the metadata and the anonymous id arrive with the user, in the documented body', async () => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url(`/${build}/?${QUERY}`), 'http://news.foreign.test:81/a/b?secret=1');
    await visit(page, world.url(`/${build}/pricing?utm_source=second`));
    await visit(page, world.url(`/${build}/blog`));
    const anonymousId = await page.evaluate(() => window.utmost.getAnonymousId());
    const receipt = await page.evaluate(
      name =>
        window.utmost.identifyUser(
          `user-${name}`,
          { email: 'a@b.example', joined: new Date(0), 'dotted.key': 1 },
          { companyId: 'acme', sessionToken: 'token-1' },
        ),
      build,
    );
    expect(receipt).toEqual({ status: 'delivered', httpStatus: 201 });

    const campaign = {
      ...CAMPAIGN,
      referrer: 'http://news.foreign.test:81/a/b',
      referring_domain: 'news.foreign.test',
    };
    const body = {
      user_id: `user-${build}`,
      anonymous_id: anonymousId,
      company_id: 'acme',
      session_token: 'token-1',
      campaign,
      metadata: { email: 'a@b.example', joined: '1970-01-01T00:00:00.000Z', dotted_key: 1 },
    };
    const [posted, ...more] = world.posted(`user-${build}`);
    expect(more).toEqual([]);
    expect(posted?.body).toEqual(body);
    expect(Object.keys(posted?.body ?? {})).toEqual(Object.keys(body));
    expect(posted?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-moesif-application-id': 'e2e',
      'x-moesif-sdk': expect.stringMatching(/^utmost\/\d+\.\d+\.\d+$/),
    });
    expect(await world.arrived(`user-${build}`)).toMatchObject({
      company_id: 'acme',
      anonymous_ids: [anonymousId],
      session_tokens: ['token-1'],
      campaign,
      metadata: body.metadata,
    });
  });

  test('a campaign that has arrived does not travel again, and one that has not still does', async () => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url(`/${build}/?utm_source=once`));
    const id = `${build}-once`;
    // The announcement of the visit first: it is not the request that fails.
    const anonymousId = await page.evaluate(() => window.utmost.getAnonymousId());
    await expect
      .poll(() => world.posted().filter(({ body }) => body.anonymous_id === anonymousId))
      .toHaveLength(1);
    await page.route('**/v1/users', route => route.abort(), { times: 1 });
    // In one go: the retry of the first may come at once, and must not come before the second is said.
    const receipts = await page.evaluate(async id => {
      const answers = [];
      for (let n = 0; n < 3; n++) answers.push(await window.utmost.identifyUser(id, { n }));
      return answers;
    }, id);
    expect(receipts.map(({ status }) => status)).toEqual(['queued', 'delivered', 'delivered']);
    expect(world.posted(id).map(({ body }) => [body.campaign, body.metadata])).toEqual([
      [{ utm_source: 'once' }, { n: 1 }],
      [undefined, { n: 2 }],
    ]);
  });

  test('a redirect in the task of the call loses nothing, with a cold preflight', async () => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url(`/${build}/`));
    await page.evaluate(
      ([id, target]) => {
        void window.utmost.identifyUser(id, { plan: 'pro' });
        location.href = target;
      },
      [`${build}-redirected`, world.url('/plain/', 'other.foreign.test')] as const,
    );
    await page.waitForURL('**/plain/');
    expect(await world.arrived(`${build}-redirected`)).toMatchObject({ metadata: { plan: 'pro' } });
  });

  test('50%off costs no campaign', async () => {
    const page = await (await world.visitor()).newPage();
    await visit(page, world.url(`/${build}/?utm_source=mail&utm_campaign=50%off&gclid=x1`));
    await page.evaluate(id => window.utmost.identifyUser(id), `${build}-50`);
    expect((await world.arrived(`${build}-50`)).campaign).toEqual({
      utm_source: 'mail',
      utm_campaign: '50%off',
      gclid: 'x1',
    });
  });
});

test('a visitor not yet identified is told once, with the campaign, and becomes the user', async () => {
  await world.sendVisitorsAway();
  const page = await (await world.visitor()).newPage();
  await visit(page, world.url('/script/?utm_source=quiet'));
  const id = (await page.evaluate(() => window.utmost.getAnonymousId())) as string;
  const mine = async () =>
    (await world.anonymous()).filter(({ anonymous_ids }) => anonymous_ids.includes(id));
  await expect.poll(mine).toMatchObject([{ campaign: { utm_source: 'quiet' } }]);

  const before = world.posted().length;
  await visit(page, world.url('/script/two'));
  await page.reload();
  await visit(page, world.url('/script/three'));
  await page.evaluate(() => window.utmost.flush());
  expect(world.posted().length).toBe(before);

  await page.evaluate(() => window.utmost.identifyUser('no-longer-quiet'));
  expect(await world.arrived('no-longer-quiet')).toMatchObject({
    anonymous_ids: [id],
    campaign: { utm_source: 'quiet' },
  });
  expect(await mine()).toEqual([]);
});

test('after reset the next user gets neither the id nor the campaign of the one before', async () => {
  const page = await (await world.visitor()).newPage();
  await visit(page, world.url('/script/?utm_source=hers'));
  const first = await page.evaluate(() => window.utmost.getAnonymousId());
  await page.evaluate(() => window.utmost.identifyUser('reset-a', {}, { companyId: 'hers' }));
  await page.evaluate(() => window.utmost.reset());
  await page.reload();
  await page.waitForFunction(() => window.utmost?.getAnonymousId());
  await page.evaluate(() => window.utmost.identifyUser('reset-b'));
  expect(await world.arrived('reset-a')).toMatchObject({
    campaign: { utm_source: 'hers' },
    company_id: 'hers',
  });
  const second = await world.arrived('reset-b');
  expect(second).toMatchObject({ campaign: {}, company_id: null });
  expect(second.anonymous_ids).not.toContain(first);
});
