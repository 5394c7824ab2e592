// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CookieJar } from '../storage/cookie-jar.ts';

/** Bodies that went over the network. */
let sent: string[] = [];
/** A page that has just been loaded: the module's state is the page's. */
async function load() {
  vi.resetModules();
  return import('../../src/index.ts');
}

beforeEach(() => {
  sent = [];
  localStorage.clear();
  new CookieJar(() => true).install();
  vi.stubGlobal('VERSION', '1.2.3');
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(`${request.url} ${await request.clone().text()}`);
    return new Response('', { status: 201 });
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(async () => {
  // A page reads back in its next task what it has stored, and the next test begins without it.
  await new Promise(resolve => setTimeout(resolve, 20));
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
  const { default: utmost, ...named } = module;
  expect(utmost).toEqual(named);
});

it.each([
  [{ applicationId: 'other' }, 'applicationId'],
  [{ applicationId: 'app', host: 'collector.example.com' }, 'host'],
  [{ applicationId: 'app', excludeReferrers: ['sso.example.com'] }, 'excludeReferrers'],
  [{ applicationId: 'app', onDelivery: () => 'not the default' }, 'onDelivery'],
])(
  'init twice with the same options gives the same client, with others it throws their name: %j',
  async (options, name) => {
    const { init } = await load();
    const client = init({ applicationId: 'app' });
    expect(init({ applicationId: 'app', timeout: 10_000, debug: undefined })).toBe(client);
    expect(() => init(options)).toThrow(`utmost: init was called with another ${name}; call it once.`);
  },
);

it('of a listener that a component makes anew for each render the latest is called', async () => {
  const { init, identifyUser } = await load();
  const heard: number[] = [];
  const render = (count: number) => init({ applicationId: 'app', onDelivery: () => heard.push(count) });
  expect(render(1)).toBe(render(2));
  await identifyUser('1');
  expect(heard).toEqual([2]);
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

describe('a call that nobody begins', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is answered after ten seconds, with one line for the page, and still made by an init that comes later', async () => {
    const { init, identifyUser, flush } = await load();
    const answers = [identifyUser('1', { a: 1 }), identifyUser('2')];
    const flushed = flush();
    await vi.advanceTimersByTimeAsync(10_000);
    for (const answer of answers)
      expect(await answer).toMatchObject({
        status: 'queued',
        reason: 'not-started',
        message: expect.stringContaining('init was not called; call it'),
      });
    await flushed;
    expect(console.warn).toHaveBeenCalledOnce();
    expect(console.warn).toHaveBeenCalledWith(expect.stringMatching(/^utmost: no application id.* init\.$/));
    init({ applicationId: 'app' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent.map(line => JSON.parse(line.replace(/^\S+ /, '')).user_id)).toEqual(['1', '2']);
  });

  it('is answered at once where the visitor is being asked for consent, and no line is said', async () => {
    const { init, identifyUser, setConsent } = await load();
    const early = identifyUser('1');
    init({ applicationId: 'app', consent: 'pending' });
    expect(await early).toMatchObject({ status: 'queued', reason: 'consent-pending' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect([sent, vi.mocked(console.warn).mock.calls]).toEqual([[], []]);
    setConsent('granted');
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(1);
    setConsent('denied');
  });
});

describe('a second copy on the page', () => {
  it('is served by the first: one visit, one announcement, its calls before init included', async () => {
    history.replaceState(null, '', '/?utm_source=news');
    const first = await load();
    const second = await load();
    expect(second.identifyUser).not.toBe(first.identifyUser);
    const early = second.identifyUser('1', { n: 1 });
    first.init({ applicationId: 'app' });
    second.init({ applicationId: 'app' });
    expect(await early).toMatchObject({ status: 'delivered' });
    await second.identifyUser('1', { n: 2 });
    expect(second.explain()).toEqual(first.explain());
    expect(first.explain()).toHaveLength(1);
    expect(sent.map(line => JSON.parse(line.replace(/^\S+ /, '')).metadata)).toEqual([{ n: 1 }, { n: 2 }]);
    history.replaceState(null, '', '/');
  });

  it('that has other options is told which, and that with debug says that it stands aside', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => {});
    const first = await load();
    const second = await load();
    first.init({ applicationId: 'app', debug: true });
    expect(() => second.init({ applicationId: 'app', debug: true, relay: '/t' })).toThrow('another relay');
    second.init({ applicationId: 'app', debug: true });
    expect(console.info).toHaveBeenCalledWith(expect.stringContaining('another copy'));
  });
});

describe('debug for one visit', () => {
  beforeEach(() => {
    vi.spyOn(console, 'info').mockImplementation(() => {});
  });
  afterEach(() => {
    history.replaceState(null, '', '/');
  });
  const isTold = async (address: string, consent: 'granted' | 'pending' = 'granted') => {
    vi.mocked(console.info).mockClear();
    Reflect.deleteProperty(globalThis, Symbol.for('utmost'));
    history.replaceState(null, '', address);
    const { init, getCampaign } = await load();
    init({ applicationId: 'app', consent });
    getCampaign();
    return vi.mocked(console.info).mock.calls.length > 0;
  };

  it('is asked for in the address, lasts on the next pages, and ends so too', async () => {
    expect(await isTold('/')).toBe(false);
    expect(await isTold('/?a=b&utmost_debug=1')).toBe(true);
    expect(await isTold('/next')).toBe(true);
    expect(await isTold('/?utmost_debug=0')).toBe(false);
    expect(await isTold('/next')).toBe(false);
  });

  it('ends with the session, and stays ended', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    expect(await isTold('/?utmost_debug=1')).toBe(true);
    vi.advanceTimersByTime(31 * 60_000);
    expect(await isTold('/late')).toBe(false);
    expect(await isTold('/next')).toBe(false);
    vi.useRealTimers();
  });

  it('outlasts a reset', async () => {
    await isTold('/?utmost_debug=1');
    const { identifyUser, reset } = await load();
    void identifyUser('1');
    reset();
    expect(await isTold('/next')).toBe(true);
  });

  it('writes nothing before there is consent', async () => {
    await isTold('/?utmost_debug=1', 'pending');
    expect(document.cookie).toBe('');
  });
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

/** What a server may have of a browser. */
const SHIMS: [name: string, globals: Record<string, unknown>][] = [
  ['a document alone', {}],
  [
    'an address and no events',
    { location: new URL('https://www.example.com/'), addEventListener: undefined },
  ],
  ['events and no address', { addEventListener() {} }],
  ['an address that is none', { addEventListener() {}, location: {} }],
];

it.each(SHIMS)(
  'on a server with a DOM shim nothing happens, the second init as the first: %s',
  async (_, globals) => {
    const shim = { addEventListener() {}, cookie: '', referrer: '', nodeType: 9 };
    for (const name of [
      'window',
      'location',
      'localStorage',
      'navigator',
      'history',
      'performance',
      'addEventListener',
    ])
      vi.stubGlobal(name, undefined);
    for (const [name, value] of Object.entries({ document: shim, ...globals })) vi.stubGlobal(name, value);
    const { init, identifyUser, flush, getAnonymousId } = await load();
    expect(init({ applicationId: 'app' })).toBe(init({ applicationId: 'app' }));
    const receipts = [await identifyUser('1'), await identifyUser('2')];
    expect(receipts.map(({ reason }) => reason)).toEqual(['no-page', 'no-page']);
    await flush();
    expect([getAnonymousId(), sent]).toEqual([undefined, []]);
  },
);

it.each([
  ['navigator'],
  ['performance'],
  ['crypto'],
  ['sessionStorage', 'localStorage', 'indexedDB'],
  ['navigator', 'performance', 'crypto', 'sessionStorage', 'localStorage', 'indexedDB', 'structuredClone'],
])('a page may lack %s, and loses no call', async (...names) => {
  for (const name of names) vi.stubGlobal(name, undefined);
  const { init, identifyUser, getAnonymousId, flush } = await load();
  expect(init({ applicationId: 'app' })).toBe(init({ applicationId: 'app' }));
  expect(await identifyUser('1')).toMatchObject({ status: 'delivered' });
  expect(getAnonymousId()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  await flush();
  expect(sent).toHaveLength(1);
});
