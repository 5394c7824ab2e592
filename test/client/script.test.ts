// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CookieJar } from '../storage/cookie-jar.ts';

type Stub = Record<string, (...parameters: unknown[]) => Promise<unknown>>;

const SNIPPET = readFileSync(join(import.meta.dirname, '../../src/snippet.html'), 'utf8');
const [, loader = ''] = SNIPPET.match(/<script>(.*?)<\/script>/s) ?? [];
const page = window as unknown as { utmost: Stub };

let sent: string[] = [];
let requests: string[] = [];

/** Runs the loader snippet, as the page's head does. */
const runSnippet = (id = 'app') => new Function(loader.replace('YOUR_APPLICATION_ID', id))();
/** Runs the script, as the browser does when it has come: from this element, or from none. */
async function runFrom(currentScript: unknown) {
  Object.defineProperty(document, 'currentScript', { configurable: true, value: currentScript });
  vi.resetModules();
  await import('../../src/script.ts');
}
/** Runs it from a tag with these attributes. */
const runScript = (dataset?: Record<string, string>) => runFrom(dataset && { dataset });
/** Elements of the page. */
function write(html: string): Element | null {
  document.head.insertAdjacentHTML('beforeend', html);
  return document.head.lastElementChild;
}
/** Where an update of now goes to, and whose application it is. */
async function identified() {
  await page.utmost.identifyUser?.('1');
  return requests.at(-1);
}

beforeEach(() => {
  sent = [];
  requests = [];
  localStorage.clear();
  sessionStorage.clear();
  Reflect.deleteProperty(window, 'utmost');
  document.head.innerHTML = document.body.innerHTML = '';
  new CookieJar(() => true).install();
  vi.stubGlobal('VERSION', '1.2.3');
  vi.stubGlobal('fetch', async (url: string, { body, headers }: RequestInit) => {
    sent.push(`${body}`);
    requests.push(`${(headers as Record<string, string>)['X-Moesif-Application-Id']} ${url}`);
    return new Response('', { status: 201 });
  });
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(async () => {
  vi.useRealTimers();
  // A page reads back in its next task what it has stored, and the next test begins without it.
  await new Promise(resolve => setTimeout(resolve, 20));
});

it('the loader snippet has at most 450 bytes', () => {
  expect(Buffer.byteLength(SNIPPET)).toBeLessThanOrEqual(450);
});

it('calls made through the snippet are run in order, and answered', async () => {
  runSnippet();
  const early = page.utmost;
  const receipts = [early.identifyUser?.('1', { n: 1 }), early.identifyUser?.('1', { n: 2 })];
  const id = early.getAnonymousId?.();
  await runScript();
  expect(await Promise.all(receipts)).toEqual(Array(2).fill({ status: 'delivered', httpStatus: 201 }));
  expect(sent.map(body => JSON.parse(body).metadata)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await id).toBe(JSON.parse(sent[0] ?? '{}').anonymous_id);
});

it('who kept the snippet’s object has the real one', async () => {
  runSnippet();
  const early = page.utmost;
  await runScript();
  expect(page.utmost).toBe(early);
  await early.identifyUser?.('1');
  expect(sent).toHaveLength(1);
});

it('a script tag begins by its attributes, without a snippet', async () => {
  await runScript({ applicationId: 'app', timeout: '500' });
  expect(page.utmost.getAnonymousId?.()).toMatch(/^[\da-f-]{36}$/);
});

it('a bad call stops none of those behind it', async () => {
  runSnippet('');
  void page.utmost.init?.({ applicationId: 'app' });
  const receipt = page.utmost.identifyUser?.('behind a bad call');
  await runScript();
  expect(console.error).toHaveBeenCalledOnce();
  expect(await receipt).toMatchObject({ status: 'delivered' });
});

it('a second copy of the script, or of the snippet, leaves the first in place', async () => {
  runSnippet();
  await runScript();
  const { utmost } = page;
  const identify = utmost.identifyUser;
  await runScript({ applicationId: 'app' });
  runSnippet();
  expect(page.utmost).toBe(utmost);
  expect(utmost.identifyUser).toBe(identify);
});

const HOSTED = 'app https://t.example.com/v1/users';

describe('the script finds its options', () => {
  it.each([
    [
      'in a tag whose type was changed',
      '<script type="text/rocketscript" data-application-id="app" data-host="t.example.com"></script>',
    ],
    [
      'in a tag whose address was moved',
      '<script data-rocket-src="/utmost.min.js" data-application-id="app" data-host="t.example.com"></script>',
    ],
    [
      'in a module',
      '<script type="module" src="/utmost.min.js" data-application-id="app" data-host="t.example.com"></script>',
    ],
    [
      'in its address',
      '<script src="/js/utmost.min.js?v=3&application_id=app&host=t.example.com#x"></script>',
    ],
    [
      'in its address and attributes, which win',
      '<script data-application-id="app" src="/utmost.min.js?application_id=no&host=t.example.com"></script>',
    ],
    [
      'spelt in other ways',
      '<script src="/utmost.min.js" data-applicationId="app" data-HOST="t.example.com"></script>',
    ],
    [
      'with underscores',
      '<script src="/utmost.min.js" data-application_id="app" data-host="t.example.com"></script>',
    ],
    [
      'in its own tag, and not in another product’s',
      '<script src="/w.js" data-application-id="theirs"></script><script src="/utmost.min.js?application_id=app&host=t.example.com"></script>',
    ],
  ])('%s, run from no element', async (_, html) => {
    write(html);
    await runFrom(null);
    expect(await identified()).toBe(HOSTED);
  });

  it('in the tag, run from an optimiser’s element', async () => {
    write('<script data-application-id="app" data-host="t.example.com" data-lazy="/cached.js"></script>');
    await runFrom(write('<script data-optimised="1"></script>'));
    expect(await identified()).toBe(HOSTED);
  });

  it('in its own tag before another one', async () => {
    write('<script src="/utmost.min.js" data-application-id="other"></script>');
    await runFrom(write('<script src="/t.js?application_id=app&host=t.example.com&timeout=500"></script>'));
    expect(await identified()).toBe(HOSTED);
  });

  it('in the snippet’s init, and then not in a tag of another product', async () => {
    write('<script src="/w.js" data-application-id="theirs"></script>');
    runSnippet();
    await runFrom(null);
    expect(await identified()).toBe('app https://api.moesif.net/v1/users');
  });
});

describe('where there is no application id', () => {
  beforeEach(() => void vi.useFakeTimers());
  const lines = async () => {
    await vi.advanceTimersByTimeAsync(30_000);
    return [...vi.mocked(console.warn).mock.calls, ...vi.mocked(console.error).mock.calls].map(
      ([line]) => line,
    );
  };

  it.each([
    ['<script src="/utmost.min.js"></script>', 'utmost.min.js'],
    ['<script src="/utmost.min.js" data-aplication-id="app"></script>', 'data-aplication-id'],
    ['<script src="/utmost.min.js" data-app-id="app"></script>', 'data-app-id'],
    ['<script src="/utmost.min.js" data-application-id=""></script>', 'data-application-id=""'],
    ['<script src="/utmost.min.js?application_id="></script>', 'empty'],
    ['', 'any script tag'],
  ])('one line says so, and shows the tag: %s', async (html, found) => {
    await runFrom(html && write(html));
    const receipt = page.utmost.identifyUser?.('1');
    const said = await lines();
    expect(said).toEqual([expect.stringMatching(/^utmost: no application id.* init\.$/)]);
    expect(said[0]).toContain(found);
    expect(await receipt).toMatchObject({ status: 'queued', reason: 'not-started' });
  });

  it('page code that calls init is fine and silent', async () => {
    await runFrom(write('<script src="/utmost.min.js"></script>'));
    await vi.advanceTimersByTimeAsync(1000);
    void page.utmost.init?.({ applicationId: 'app' });
    expect(await lines()).toEqual([]);
  });
});

it('a tag that conflicts with the first is one readable line', async () => {
  await runScript({ applicationId: 'app' });
  await runScript({ applicationId: 'other' });
  expect(vi.mocked(console.error).mock.calls).toEqual([
    ['utmost: init was called with another applicationId; call it once.'],
  ]);
});

describe('what else has the name', () => {
  it.each([
    ['an element', '<div id="utmost"></div>'],
    [
      'a form with fields',
      '<form name="utmost"><input name="init"><input name="q"><input name="identifyUser"></form>',
    ],
    ['several elements', '<a id="utmost"></a><a name="utmost" id="utmost"></a>'],
  ])('is no API: %s', async (_, html) => {
    document.body.innerHTML = html;
    const elements = document.body.querySelectorAll('[id=utmost],[name=utmost]');
    (window as { utmost: unknown }).utmost = elements[1] ? elements : elements[0];
    await runScript({ applicationId: 'app' });
    expect(await identified()).toBe('app https://api.moesif.net/v1/users');
  });

  it.each([
    ['another library', { track() {} }],
    ['an object with a q of its own', { q: 'query' }],
    ['a text', 'utmost'],
  ])('is no API: %s', async (_, other) => {
    (window as { utmost: unknown }).utmost = other;
    await runScript({ applicationId: 'app' });
    expect(page.utmost).not.toBe(other);
    expect(await identified()).toBe('app https://api.moesif.net/v1/users');
  });

  it('does not stop the snippet', async () => {
    (window as { utmost: unknown }).utmost = document.createElement('div');
    runSnippet();
    const receipt = page.utmost.identifyUser?.('1');
    await runScript();
    expect(await receipt).toMatchObject({ status: 'delivered' });
  });
});

it('the snippet’s promises end where the script never comes, and the calls are kept for one that does', async () => {
  vi.useFakeTimers();
  runSnippet();
  const answers = [page.utmost.identifyUser?.('1'), page.utmost.getCampaign?.(), page.utmost.flush?.()];
  await vi.advanceTimersByTimeAsync(10_000);
  const receipt = { status: 'queued', reason: 'not-started', message: expect.any(String) };
  expect(await Promise.all(answers)).toEqual([receipt, undefined, undefined]);
  await runScript();
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.map(body => JSON.parse(body).user_id)).toEqual(['1']);
});

it('the snippet notes the landing, which a router may change before the script comes', async () => {
  history.replaceState(null, '', '/?utm_source=early');
  runSnippet();
  history.replaceState(null, '', '/login');
  await runScript();
  expect(page.utmost.getCampaign?.()).toEqual({ utm_source: 'early' });
});

it('the global tells its version', async () => {
  await runScript({ applicationId: 'app' });
  expect(page.utmost.version).toBe('1.2.3');
});
