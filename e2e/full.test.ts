import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type moesif from '../src/full.ts';
import { bundled } from './bundled.ts';
import { launchShell } from './chromium.ts';

type WithMoesif = Window & { moesif: typeof moesif };

/** A request to the API, by the end of its path. */
interface Posted {
  path: string;
  body: Record<string, unknown> | Record<string, unknown>[];
}

let browser: Browser;
let site: Server;
let api: Server;
let posted: Posted[];
let page: Page;
/** What `/script.js` is. */
let script: string;
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listen = (server: Server) => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
const url = (path = '/') => `http://www.example.test:${portOf(site)}${path}`;

beforeAll(async () => {
  api = createServer(async (request, response) => {
    const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    let text = '';
    for await (const chunk of request) text += chunk;
    if (request.method === 'POST')
      posted.push({ path: `${request.url}`.replace('/v1/', ''), body: JSON.parse(text) });
    response.writeHead(request.method === 'POST' ? 201 : 204, cors).end();
  });
  site = createServer(({ url = '' }, response) => {
    if (url === '/script.js')
      return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
    const tag = url.startsWith('/else')
      ? ''
      : `<script src="/script.js" data-global="moesif" data-application-id="app" data-timeout="2000" data-host="http://127.0.0.1:${portOf(api)}"></script>`;
    return response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><title>x</title>${tag}`);
  });
  await Promise.all([listen(api), listen(site)]);
  browser = await launchShell();
});
afterAll(async () => {
  await browser.close();
  for (const server of [api, site]) {
    server.close();
    server.closeAllConnections();
  }
});
const to = (path: string) => posted.filter(one => one.path === path).map(({ body }) => body);

/** Each makes the text of `/script.js`. */
const BUILDS: Record<string, () => Promise<string>> = {
  'the script tag': async () =>
    readFileSync(fileURLToPath(new URL('../dist/utmost.full.min.js', import.meta.url)), 'utf8'),
  'the npm build': () =>
    bundled(
      'full',
      'moesif',
      `utmost.init({ applicationId: 'app', timeout: 2000, host: 'http://127.0.0.1:${portOf(api)}' });`,
    ),
};

describe.each(Object.entries(BUILDS))('%s', (_, make) => {
  beforeAll(async () => {
    script = await make();
  });
  beforeEach(async () => {
    posted = [];
    await page?.context().close();
    page = await (await browser.newContext()).newPage();
    await page.goto(url('/?utm_source=news&q=private'));
  });

  test('it is there under the one name that the page gives it', async () => {
    const receipt = await page.evaluate(() => (window as unknown as WithMoesif).moesif.identifyUser('ada'));
    expect(receipt).toEqual({ status: 'delivered', httpStatus: 201 });
    expect(to('users')).toContainEqual(
      expect.objectContaining({ user_id: 'ada', campaign: { utm_source: 'news' } }),
    );
    expect(await page.evaluate(() => 'utmost' in window)).toBe(false);
  });

  test('actions go as one request, each with the address of its page', async () => {
    await page.evaluate(() => {
      const { moesif } = window as unknown as WithMoesif;
      for (const name of ['a', 'b', 'c']) void moesif.track(name, { name });
    });
    await expect.poll(() => to('actions/batch'), { timeout: 6000 }).toHaveLength(1);
    expect(to('actions/batch')[0]).toMatchObject(
      ['a', 'b', 'c'].map(name => ({
        action_name: name,
        request: {
          uri: url('/?utm_source=news'),
          verb: 'GET',
          user_agent_string: expect.stringMatching(/Chrom/),
        },
        transaction_id: expect.stringMatching(/^[\da-f-]{36}$/),
        metadata: { name },
      })),
    );
  });

  test('an action arrives though the page is left in the same task, and once', async () => {
    await page.evaluate(address => {
      void (window as unknown as WithMoesif).moesif.track('left');
      location.href = address;
    }, url('/else'));
    await page.waitForURL(url('/else'));
    await expect.poll(() => to('actions')).toHaveLength(1);
    // The next page with the script confirms it, by the same transaction, once the page that said it is surely gone.
    await page.goto(url());
    await expect.poll(() => to('actions').length, { timeout: 5000 }).toBeGreaterThan(1);
    const ids = to('actions').map(body => (body as { transaction_id: string }).transaction_id);
    expect(new Set(ids).size).toBe(1);
  });

  test.each([
    ['before', ['identifyCompany', 'identifyUser']],
    ['after', ['identifyUser', 'identifyCompany']],
  ] as const)('a company told %s its user is the user’s', async (_, calls) => {
    await page.evaluate(async names => {
      for (const name of names) {
        const identify: (id: string) => Promise<unknown> = (window as unknown as WithMoesif).moesif[name];
        await identify(name.slice(8));
      }
    }, calls);
    await expect
      .poll(() => to('users'))
      .toContainEqual(expect.objectContaining({ user_id: 'User', company_id: 'Company' }));
    expect(to('companies')).toEqual([{ company_id: 'Company', campaign: { utm_source: 'news' } }]);
  });

  test('touches go with the user: the first, and as many of the latest as the option says', async () => {
    const seen = [];
    for (const source of ['a', 'b', 'c', 'd']) {
      await page.goto(url(`/?utm_source=${source}`));
      seen.push(
        await page.evaluate(
          host => {
            const { moesif } = window as unknown as WithMoesif;
            const client = moesif.createClient({
              applicationId: 'two',
              host,
              persistenceKeyPrefix: 'two_',
              touches: 3,
            });
            if (location.search.endsWith('d')) void client.identifyUser('bob');
            return client.getTouches()?.touches?.map(({ campaign }) => campaign.utm_source);
          },
          `http://127.0.0.1:${portOf(api)}`,
        ),
      );
    }
    expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'c', 'd']]);
    const touches = ['a', 'c', 'd'].map(utm_source => expect.objectContaining({ utm_source }));
    await expect
      .poll(() => to('users'))
      .toContainEqual(
        expect.objectContaining({
          user_id: 'bob',
          metadata: { attribution: expect.objectContaining({ count: 4, touches }) },
        }),
      );
  });

  test('instances do not meet', async () => {
    const ids = await page.evaluate(
      async host => {
        const { moesif } = window as unknown as WithMoesif;
        const other = moesif.createClient({ applicationId: 'two', host, persistenceKeyPrefix: 'two_' });
        await Promise.all([moesif.identifyUser('ada'), other.identifyUser('bob')]);
        moesif.reset();
        return [moesif.getUserId(), other.getUserId(), moesif.getAnonymousId() === other.getAnonymousId()];
      },
      `http://127.0.0.1:${portOf(api)}`,
    );
    expect(ids).toEqual([undefined, 'bob', false]);
    // Each instance may have marked its outbox as empty by now.
    const names = (await page.context().cookies())
      .map(({ name }) => name)
      .filter(name => !/_outbox$/.test(name));
    expect(names.sort()).toEqual([
      'two_campaign',
      'two_id',
      'two_state',
      'utmost_campaign',
      'utmost_id',
      'utmost_state',
    ]);
  });
});
