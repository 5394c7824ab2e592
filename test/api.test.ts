// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** Bodies that went over the network. */
let sent: string[] = [];
/** A page that has just been loaded: the module's state is the page's. */
async function load() {
  vi.resetModules();
  return import('../src/index.ts');
}

beforeEach(() => {
  sent = [];
  localStorage.clear();
  vi.stubGlobal('VERSION', '1.2.3');
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(`${request.url} ${await request.clone().text()}`);
    return new Response('', { status: 201 });
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('delivers a user to the host of the options', async () => {
  const { init, identifyUser } = await load();
  init({ applicationId: 'app', host: 'localhost:9' });
  expect(await identifyUser('1', { a: 1 })).toEqual({ status: 'delivered', httpStatus: 201 });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^http:\/\/localhost:9\/v1\/users \{"user_id":"1",.*"metadata":\{"a":1\}\}$/);
});

it('a call before init waits for it', async () => {
  const { init, identifyUser } = await load();
  const receipt = identifyUser('1');
  init({ applicationId: 'app' });
  expect(await receipt).toMatchObject({ status: 'delivered' });
});

it('the default export has the same functions as the named ones', async () => {
  const module = await load();
  const { default: utmost, simulateVisits: _, ...named } = module;
  expect(utmost).toEqual(named);
});

it('init twice with the same options gives the same client, with others it throws a sentence', async () => {
  const { init } = await load();
  const client = init({ applicationId: 'app' });
  expect(init({ applicationId: 'app', timeout: 10_000, debug: undefined })).toBe(client);
  expect(() => init({ applicationId: 'other' })).toThrow(/^utmost: init .*other options.*\.$/);
});

it('a refused init leaves the way open for a right one', async () => {
  const { init, getAnonymousId } = await load();
  expect(() => init({ applicationId: '' })).toThrow(TypeError);
  expect(getAnonymousId()).toBeUndefined();
  init({ applicationId: 'app' });
  expect(getAnonymousId()).toMatch(/^[\da-f-]{36}$/);
});

it('under debug a name that is no option is reported', async () => {
  const { init } = await load();
  vi.spyOn(console, 'info').mockImplementation(() => {});
  init({ applicationId: 'app', debug: true, hots: 'x' } as Parameters<typeof init>[0]);
  expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('"hots"'));
});

it('on a server importing and calling everything does nothing', async () => {
  for (const name of ['window', 'document', 'location', 'localStorage', 'navigator', 'history'])
    vi.stubGlobal(name, undefined);
  const { init, identifyUser, reset, flush, getCampaign, getAnonymousId } = await load();
  init({ applicationId: '' });
  reset();
  await flush();
  expect(await identifyUser('1')).toMatchObject({ status: 'dropped', reason: 'no-page' });
  expect([getCampaign(), getAnonymousId(), sent]).toEqual([undefined, undefined, []]);
});
