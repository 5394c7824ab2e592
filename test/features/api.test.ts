// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CookieJar } from '../storage/cookie-jar.ts';

/** Bodies that went over the network, by the end of the path. */
let sent: string[] = [];
/** A page that has just been loaded: the module's state is the page's. */
async function load() {
  vi.resetModules();
  return import('../../src/full.ts');
}

beforeEach(() => {
  sent = [];
  localStorage.clear();
  new CookieJar(() => true).install();
  vi.stubGlobal('VERSION', '1.2.3');
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(`${request.url.replace(/.*\/v1\//, '')} ${await request.clone().text()}`);
    return new Response('', { status: 201 });
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

// A page writes its records at the end of its task, and the next test begins without them.
afterEach(() => new Promise(resolve => setTimeout(resolve, 20)));

it('the default export has the same functions as the named ones', async () => {
  const { default: full, ...named } = await load();
  for (const [name, value] of Object.entries(named)) expect(full, name).toHaveProperty(name, value);
  const unnamed = Object.keys(full).filter(name => !(name in named));
  expect(unnamed.sort()).toEqual(['_getCompanyId', '_getSession', '_getUserId', 'new']);
});

it('init can be chained, and is the same again with the same options alone', async () => {
  const { init } = await load();
  const client = init({ applicationId: 'app' });
  expect(await client.identifyUser('1')).toMatchObject({ status: 'delivered' });
  expect(init({ applicationId: 'app' })).toBe(client);
  expect(() => init({ applicationId: 'other' })).toThrow(
    'utmost: init was called with another applicationId; call it once.',
  );
  expect(() => init({ applicationId: 'app', cookieDomain: 'example.com' })).toThrow('another cookieDomain');
});

it('with debug, an unknown option is named', async () => {
  const { init } = await load();
  init({ applicationId: 'app', debug: true, unheard: 1 } as never);
  expect(console.warn).toHaveBeenCalledWith('utmost: unknown option "unheard"; check it');
});

describe('instances', () => {
  it('know nothing of each other', async () => {
    const { createClient, init, identifyUser, getUserId, getAnonymousId } = await load();
    init({ applicationId: 'one', persistence: 'localStorage' });
    const other = createClient({
      applicationId: 'two',
      persistence: 'localStorage',
      persistenceKeyPrefix: 'two_',
    });
    other.identifySession('t');
    await Promise.all([identifyUser('1'), other.identifyUser('2')]);
    expect([getUserId(), other.getUserId()]).toEqual(['1', '2']);
    expect(getAnonymousId()).not.toBe(other.getAnonymousId());
    other.reset();
    expect(getUserId()).toBe('1');
    expect(sent.filter(text => text.includes('session_token'))).toHaveLength(1);
    expect(Object.keys(localStorage).sort()).toEqual(['two_id', 'two_state', 'utmost_id', 'utmost_state']);
  });

  it('of one prefix are refused', async () => {
    const { createClient, init } = await load();
    init({ applicationId: 'one' });
    expect(() => createClient({ applicationId: 'two' })).toThrow(
      'utmost: another instance has this persistenceKeyPrefix; give each its own.',
    );
  });

  it('made by new() keep their calls until init', async () => {
    const { default: moesif } = await load();
    const instance = moesif.new();
    const receipt = instance.identifyCompany('c');
    instance.init({ applicationId: 'two', persistenceKeyPrefix: 'two_' });
    expect(await receipt).toMatchObject({ status: 'delivered' });
    expect(sent).toEqual(['companies {"company_id":"c"}']);
  });

  it('adopt what moesif-browser-js kept under their prefix, and clear it', async () => {
    localStorage.setItem('a_stored_user_id', 'theirs');
    localStorage.setItem('moesif_stored_user_id', 'of another');
    const { createClient } = await load();
    const client = createClient({ applicationId: 'app', persistenceKeyPrefix: 'a_' });
    expect(client.getUserId()).toBe('theirs');
    client.clearCookies();
    client.clearStorage();
    expect(client.getUserId()).toBeUndefined();
    expect(localStorage.getItem('a_stored_user_id')).toBeNull();
    expect(localStorage.getItem('moesif_stored_user_id')).toBe('of another');
  });
});
