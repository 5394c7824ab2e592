import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { eventually } from './eventually.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const HOST = 'https://collector.example.net';
const SITE = 'https://www.example.com';

/** Bundles code that imports what ships. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({ stdin: { contents, resolveDir: root }, bundle: true, write: false });
  return outputFiles[0]?.text ?? '';
}
const importing = (entry: string, name: string) =>
  `import * as copy from './dist/${entry}.js'; window.${name} = copy;`;

let browser: Browser;
let scripts: Record<string, string>;
beforeAll(async () => {
  browser = await launchChromium();
  scripts = {
    '/utmost.min.js': read('dist/utmost.min.js'),
    '/t.js': read('dist/utmost.min.js'),
    '/utmost.full.min.js': read('dist/utmost.full.min.js'),
    '/a.js': await bundle(importing('index', 'copyA')),
    '/b.js': await bundle(importing('index', 'copyB')),
    '/full.js': await bundle(importing('full', 'full')),
    '/zone.js': readFileSync(require.resolve('zone.js'), 'utf8'),
  };
});
afterAll(() => browser.close());

interface Sent {
  url: string;
  application: string | undefined;
  body: Record<string, unknown>;
}

/** Opens pages of one visitor, and records what they send. `status` is the collector's response. */
async function openSite(status: (body: Record<string, unknown>) => number = () => 201) {
  const context = await browser.newContext({ baseURL: SITE });
  const sent: Sent[] = [];
  let html = '';
  await context.route('**/*', async route => {
    const request = route.request();
    if (request.method() === 'POST') {
      const body = request.postDataJSON() as Record<string, unknown>;
      sent.push({ url: request.url(), application: request.headers()['x-moesif-application-id'], body });
    }
    if (['POST', 'OPTIONS'].includes(request.method())) {
      const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
      const code = request.method() === 'POST' ? status(request.postDataJSON()) : 204;
      return route.fulfill({ status: code, headers, ...(code !== 204 && { json: {} }) });
    }
    const { pathname } = new URL(request.url());
    const file = scripts[pathname];
    if (file !== undefined) return route.fulfill({ contentType: 'text/javascript', body: file });
    if (/\.js$/.test(pathname)) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>page</title>${html}` });
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const page = await context.newPage();
  page.on('console', message => lines.push(message.text()));
  page.on('pageerror', error => errors.push(`${error}`));
  const go = async (head: string, path = '/', referer?: string) => {
    html = head;
    await page.goto(path, { ...(referer && { referer }) });
  };
  return { page, sent, lines, errors, go, close: () => context.close() };
}

/** Identifies a user, as soon as there is an API. */
const identify = (page: Page, id: string) =>
  page.evaluate(async user => {
    while (!(window as { utmost?: object }).utmost || !('identifyUser' in window.utmost))
      await new Promise(resolve => setTimeout(resolve, 20));
    return window.utmost.identifyUser(user);
  }, id);

const ATTRIBUTES = `data-application-id="app" data-host="${HOST}"`;
const QUERY = `application_id=app&host=${encodeURIComponent(HOST)}`;
/** Builds a script that runs the file's code as optimisers do. */
const fetched = (run: string) =>
  `<script>fetch('/t.js').then(answer => answer.text()).then(code => { ${run} })</script>`;

describe.concurrent('the script finds its options', () => {
  test.each([
    ['its own tag', `<script async src="/utmost.min.js" ${ATTRIBUTES}></script>`],
    ['a module', `<script type="module" src="/utmost.min.js" ${ATTRIBUTES}></script>`],
    ['a module, by its address', `<script type="module" src="/utmost.min.js?${QUERY}"></script>`],
    ['its own address, whatever its name', `<script src="/t.js?v=1&${QUERY}"></script>`],
    [
      'a tag manager',
      `<script>
      const tag = document.createElement('script');
      tag.src = '/utmost.min.js'; tag.dataset.applicationId = 'app'; tag.dataset.host = '${HOST}';
      document.head.append(tag);
    </script>`,
    ],
    [
      'an optimiser’s own element',
      `<script type="text/delayed" data-lazy-src="/x.js" ${ATTRIBUTES}></script>
      <script>const own = document.createElement('script'); own.src = '/t.js'; document.head.append(own);</script>`,
    ],
    [
      'an inline copy',
      `<script type="text/delayed" src="/utmost.min.js" ${ATTRIBUTES}></script>${fetched(
        "const own = document.createElement('script'); own.textContent = code; document.head.append(own);",
      )}`,
    ],
    [
      'eval',
      `<script type="text/delayed" data-src="/x.js" ${ATTRIBUTES}></script>${fetched('(0, eval)(code);')}`,
    ],
    [
      'other spellings',
      `<script src="/utmost.min.js" data-applicationId="app" data-HOST="${HOST}"></script>`,
    ],
  ])('%s', async (_, head) => {
    const site = await openSite();
    await site.go(head);
    expect(await identify(site.page, '1')).toMatchObject({ status: 'delivered' });
    expect(site.sent).toMatchObject([{ url: `${HOST}/v1/users`, application: 'app' }]);
    expect([site.lines, site.errors]).toEqual([[], []]);
    await site.close();
  });
});

describe.concurrent('where there are none', () => {
  test.each([
    ['<script src="/utmost.min.js" data-aplication-id="app"></script>', 'data-aplication-id'],
    ['<script type="module" src="/utmost.min.js" data-app="app"></script>', 'data-app'],
    ['<script src="/utmost.min.js" data-application-id=""></script>', 'empty'],
    [fetched('(0, eval)(code);'), 'any script tag'],
  ])('one line says so, and an open call ends: %s', async (head, found) => {
    const site = await openSite();
    await site.go(head);
    const receipt = await identify(site.page, '1');
    expect(receipt).toMatchObject({ status: 'queued', reason: 'not-started' });
    expect(site.lines).toEqual([expect.stringMatching(/^utmost: no application id/)]);
    expect(site.lines[0]).toContain(found);
    await site.page.evaluate(host => window.utmost.init({ applicationId: 'app', host }), HOST);
    await eventually(() => expect(site.sent.map(({ body }) => body.user_id)).toEqual(['1']));
    await site.close();
  });

  test('an init in page code is silent', async () => {
    const site = await openSite();
    await site.go(`<script src="/utmost.min.js"></script>
      <script>addEventListener('load', () => utmost.init({ applicationId: 'app', host: '${HOST}' }))</script>`);
    await site.page.waitForTimeout(5000);
    expect([site.lines, site.errors]).toEqual([[], []]);
    await site.close();
  });
});

test.concurrent('with the snippet a login goes on, though the file is blocked', async () => {
  const site = await openSite();
  await site.go(read('dist/snippet.html').replace('src="/utmost', 'src="/missing'));
  const answers = await site.page.evaluate(() =>
    Promise.all([window.utmost.identifyUser('1'), window.utmost.flush(), window.utmost.getCampaign()]),
  );
  expect(answers).toEqual([
    { status: 'queued', reason: 'not-started', message: expect.any(String) },
    undefined,
    undefined,
  ]);
  await site.page.addScriptTag({ url: '/utmost.min.js' });
  await eventually(() => expect(site.sent.map(({ body }) => body.user_id)).toEqual(['1']));
  await site.close();
});

test.concurrent('with the snippet a router may change the address before the script comes', async () => {
  const site = await openSite();
  const [loader] = read('dist/snippet.html').split('\n');
  await site.go(`${loader}<script>history.replaceState({}, '', '/login')</script>`, '/?utm_source=stripped');
  await site.page.addScriptTag({ url: '/utmost.min.js' });
  expect(await site.page.evaluate(() => window.utmost.getCampaign())).toEqual({ utm_source: 'stripped' });
  await site.close();
});

test.concurrent.each([
  '<div id="utmost"></div>',
  '<form name="utmost"><input name="q"><input name="init"></form>',
  '<iframe name="utmost"></iframe>',
  '<iframe name="utmost" src="https://other.example.org/"></iframe>',
  '<a id="utmost"></a><a id="utmost" name="utmost"></a>',
  '<script>window.utmost = { init: 5, track() {} }</script>',
])('what else has the name is no API: %s', async element => {
  const site = await openSite();
  await site.go(`${element}<script src="/utmost.min.js" ${ATTRIBUTES}></script>`);
  expect(await identify(site.page, '1')).toMatchObject({ status: 'delivered' });
  expect(site.errors).toEqual([]);
  await site.close();
});

describe.concurrent('two copies on one page', () => {
  const start = (name: string) =>
    `<script>${name}.init({ applicationId: 'app', host: '${HOST}', debug: true })</script>`;
  const tag = `<script src="/utmost.min.js" ${ATTRIBUTES} data-debug></script>`;
  test.each([
    [
      'two bundles',
      `<script src="/a.js"></script><script src="/b.js"></script>${start('copyA')}${start('copyB')}`,
    ],
    ['a bundle, then a tag', `<script src="/a.js"></script>${start('copyA')}${tag}`],
    ['a tag, then a bundle', `${tag}<script src="/a.js"></script>${start('copyA')}`],
    ['two tags', `${tag}${tag}`],
    ['utmost/full, then a tag', `<script src="/full.js"></script>${start('full')}${tag}`],
  ])('are one client: %s', async (_, head) => {
    const site = await openSite();
    await site.go(head, '/?utm_source=news');
    await eventually(() => expect(site.sent.length).toBe(1));
    await site.page.waitForTimeout(500);
    expect(site.sent).toHaveLength(1);
    const visits = site.lines.filter(line => line.includes('visit:'));
    expect(visits).toHaveLength(1);
    expect(site.lines).toContainEqual(expect.stringContaining('another copy'));
    expect(site.errors).toEqual([]);
    await site.close();
  });

  test('that conflict are one readable line, and the first wins', async () => {
    const site = await openSite();
    await site.go(`<script src="/utmost.min.js" ${ATTRIBUTES}></script>
      <script src="/t.js" data-application-id="app" data-host="other.example.net"></script>`);
    expect(await identify(site.page, '1')).toMatchObject({ status: 'delivered' });
    expect(site.lines).toEqual(['utmost: init was called with another host; call it once.']);
    expect(site.sent.map(({ url }) => url)).toEqual([`${HOST}/v1/users`]);
    await site.close();
  });
});

test.concurrent('?utmost_debug=1 turns debug on for the visit', async () => {
  const site = await openSite();
  const head = `<script src="/utmost.min.js" ${ATTRIBUTES}></script>`;
  const speaks = async (path: string) => {
    site.lines.length = 0;
    await site.go(head, path);
    await identify(site.page, path);
    return site.lines.some(line => line.includes('visit:'));
  };
  expect(await speaks('/')).toBe(false);
  expect(await speaks('/?utmost_debug=1')).toBe(true);
  expect(await speaks('/next')).toBe(true);
  expect(await speaks('/?utmost_debug=0')).toBe(false);
  expect(await speaks('/last')).toBe(false);
  await site.close();
});

test.concurrent.each(['/a.js', '/full.js'])(
  'an Angular zone is stable though the collector is away for ever: %s',
  async copy => {
    const site = await openSite(() => 503);
    await site.go(
      `<script src="/zone.js"></script><script src="${copy}"></script><script>
    const client = window.copyA ?? window.full;
    window.macrotasks = false;
    const zone = Zone.current.fork({
      name: 'angular',
      onHasTask(delegate, current, target, state) {
        delegate.hasTask(target, state);
        if (state.change === 'macroTask') window.macrotasks = state.macroTask;
      },
    });
    zone.run(() => {
      client.identifyUser('before init');
      client.init({ applicationId: 'app', host: '${HOST}', includeAttribution: true });
      client.identifyUser('1').then(receipt => { window.receipt = receipt; });
      setTimeout(() => { window.isRun = true; }, 100);
    });
  </script>`,
      '/?utm_source=zone',
    );
    await site.page.waitForFunction(() => (window as { receipt?: unknown; isRun?: boolean }).isRun);
    await eventually(() => expect(site.sent.length).toBeGreaterThan(0));
    await site.page.waitForFunction(() => (window as { receipt?: unknown }).receipt);
    expect(await site.page.evaluate(() => (window as { macrotasks?: boolean }).macrotasks)).toBe(false);
    await site.page.waitForTimeout(2000);
    expect(await site.page.evaluate(() => (window as { macrotasks?: boolean }).macrotasks)).toBe(false);
    await site.close();
  },
);
