import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { readFrom } from './read-from.ts';
import { openWorld, type World } from './world.ts';

interface Moesif {
  init(options: object): void;
  identifyUser(id: string, metadata?: object): void;
  identifyCompany(id: string, metadata?: object, domain?: string): void;
  identifySession(token: string): void;
  track(name: string, metadata?: object): void;
}
type WithMoesif = Window & { moesif: Moesif };

const SCRIPT = fileURLToPath(new URL('../node_modules/moesif-browser-js/moesif.min.js', import.meta.url));

let world: World;
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
});
afterAll(() => world.close());

/** A page of another origin than the collector's, with moesif-browser-js. */
async function open(options: object = {}): Promise<Page> {
  const page = await (await world.visitor()).newPage();
  await page.goto(world.url('/plain/?utm_source=news&utm_campaign=spring&gclid=g1'), {
    referer: 'http://search.foreign.test/',
  });
  await page.addScriptTag({ path: SCRIPT });
  const host = new URL(world.demo.collector).host;
  await page.evaluate(settings => (window as unknown as WithMoesif).moesif.init(settings), {
    applicationId: 'moesif',
    host,
    ...options,
  });
  return page;
}

const read = async <Answer>(path: string) => {
  const response = await readFrom(world.demo, path);
  return response.ok ? ((await response.json()) as Answer) : undefined;
};

test('moesif-browser-js: an anonymous visitor with a campaign becomes the user who logs in', async () => {
  const page = await open();
  await expect
    .poll(() => world.anonymous())
    .toMatchObject([{ campaign: { utm_source: 'news', gclid: 'g1' } }]);
  await page.evaluate(() => {
    const { moesif } = window as unknown as WithMoesif;
    moesif.identifySession('token-1');
    moesif.identifyCompany('acme', { plan: 'pro' }, 'acme.example');
    moesif.identifyUser('ada', { email: 'ada@acme.example', salesInfo: { stage: 'Customer' } });
  });
  expect(await world.arrived('ada')).toMatchObject({
    company_id: 'acme',
    anonymous_ids: [expect.any(String)],
    session_tokens: ['token-1'],
    campaign: {
      utm_source: 'news',
      utm_campaign: 'spring',
      gclid: 'g1',
      referring_domain: 'search.foreign.test',
    },
    metadata: { email: 'ada@acme.example', salesInfo: { stage: 'Customer' } },
  });
  expect(await world.anonymous()).toEqual([]);
  await expect
    .poll(() => read('/companies?company_id=acme'))
    .toMatchObject({
      company_domain: 'acme.example',
      session_tokens: ['token-1'],
      metadata: { plan: 'pro' },
    });
});

test.each([
  ['one by one', {}],
  ['in batches', { batchEnabled: true, batchMaxTime: 100 }],
])('moesif-browser-js: actions arrive %s, the visitor’s with the user later', async (how, options) => {
  const id = `user ${how}`;
  const page = await open(options);
  await page.evaluate(id => {
    const { moesif } = window as unknown as WithMoesif;
    moesif.track('Looked', { price: 9 });
    moesif.identifyUser(id);
    moesif.track('Bought', { price: 9 });
  }, id);
  await world.arrived(id);
  const actions = async () => {
    const answer = await read<{
      timeline: { type: string; body: { action_name: string; metadata: object } }[];
    }>(`/timeline?user_id=${encodeURIComponent(id)}`);
    return answer?.timeline
      .filter(({ type }) => type === 'action')
      .map(({ body }) => [body.action_name, body.metadata]);
  };
  await expect
    .poll(async () => (await actions())?.sort())
    .toEqual([
      ['Bought', { price: 9 }],
      ['Looked', { price: 9 }],
    ]);
});
