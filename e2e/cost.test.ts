import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Opens a page that counts what utmost makes it wait for: reads and writes of cookies and storage. */
async function openCounted(path: string): Promise<Page> {
  const page = await (await world.visitor()).newPage();
  await page.addInitScript(() => {
    const counts = { cookieReads: 0, cookieWrites: 0, storage: 0, databases: 0, locks: 0, requests: 0 };
    Object.assign(window, { counts });
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie') as PropertyDescriptor;
    Object.defineProperty(document, 'cookie', {
      get: () => {
        counts.cookieReads++;
        return cookie.get?.call(document);
      },
      set: value => {
        counts.cookieWrites++;
        cookie.set?.call(document, value);
      },
    });
    const count = (prototype: object, name: string, key: keyof typeof counts) => {
      const original = Reflect.get(prototype, name);
      Reflect.set(prototype, name, function (this: unknown, ...rest: unknown[]) {
        counts[key]++;
        return original.apply(this, rest);
      });
    };
    for (const name of ['getItem', 'setItem', 'removeItem']) count(Storage.prototype, name, 'storage');
    count(IDBFactory.prototype, 'open', 'databases');
    // Plain http has none.
    if ('LockManager' in window)
      for (const name of ['request', 'query']) count(LockManager.prototype, name, 'locks');
    count(window, 'fetch', 'requests');
  });
  await page.goto(world.url(path));
  await page.addScriptTag({ url: '/dist/utmost.min.js' });
  return page;
}

const begin = (page: Page) =>
  page.evaluate(host => {
    const { counts } = window as unknown as { counts: Record<string, number> };
    window.utmost.init({ applicationId: 'e2e', host });
    return { ...counts };
  }, world.collector);

test('loading the script and init make the page wait for nothing', async () => {
  const page = await openCounted('/plain/?utm_source=cheap');
  expect(await begin(page)).toEqual({
    cookieReads: 0,
    cookieWrites: 0,
    storage: 0,
    databases: 0,
    locks: 0,
    requests: 0,
  });
});

test('what init leaves to the next task is done though the page is left in the task of init', async () => {
  const page = await (await world.visitor()).newPage();
  await page.goto(world.url('/plain/?utm_source=hasty'));
  await page.addScriptTag({ url: '/dist/utmost.min.js' });
  await page.evaluate(
    ([host, next]) => {
      window.utmost.init({ applicationId: 'e2e', host });
      location.href = next;
    },
    [world.collector, world.url('/script/next')] as const,
  );
  await page.waitForURL('**/script/next');
  await page.waitForFunction(() => window.utmost?.getAnonymousId());
  expect(await page.evaluate(() => window.utmost.getCampaign())).toEqual({ utm_source: 'hasty' });
});

/** Opens the second page of a visitor, who is known and has nothing waiting. */
async function openSecond(): Promise<Page> {
  const page = await openCounted('/plain/');
  await begin(page);
  // The first view finds the domain, reads back what it wrote, and looks into the outbox.
  await page.waitForFunction(() => /utmost_outbox=http/.test(document.cookie));
  await page.goto(world.url('/plain/next'));
  await page.addScriptTag({ url: '/dist/utmost.min.js' });
  return page;
}

const countsOf = (page: Page) => page.evaluate(() => (window as unknown as { counts: object }).counts);

test('a view with nothing to tell opens no database, takes no lock, reads the cookies once and writes one', async () => {
  const page = await openSecond();
  await begin(page);
  await page.waitForTimeout(1000);
  expect(await countsOf(page)).toEqual({
    cookieReads: 1,
    cookieWrites: 1,
    storage: 0,
    databases: 0,
    locks: 0,
    requests: 0,
  });
});

test('an update that is answered soon opens no database and takes no lock', async () => {
  const page = await openSecond();
  // The answer is there in a task soon after, however busy the machine is.
  await page.evaluate(() => {
    const { counts } = window as unknown as { counts: Record<string, number> };
    window.fetch = async () => {
      counts.requests = (counts.requests ?? 0) + 1;
      await new Promise(resolve => setTimeout(resolve, 10));
      return new Response('{}', { status: 201 });
    };
  });
  const { status } = await page.evaluate(host => {
    window.utmost.init({ applicationId: 'e2e', host });
    return window.utmost.identifyUser('soon');
  }, world.collector);
  expect(status).toBe('delivered');
  await page.waitForTimeout(1000);
  expect(await countsOf(page)).toEqual({
    // The visitor, and at the answer what other tabs have changed.
    cookieReads: 2,
    // The visit, the identity and the mark that something waits; at the answer, that it is confirmed and nothing waits.
    cookieWrites: 5,
    // When to send again, the update, and its end.
    storage: 3,
    databases: 0,
    locks: 0,
    requests: 1,
  });
});

test('a view and an update that is answered throw no exception, which a cold page pays for', async () => {
  const page = await openSecond();
  const debug = await page.context().newCDPSession(page);
  const thrown: unknown[] = [];
  debug.on('Debugger.paused', ({ reason, data }) => {
    if (reason === 'exception') thrown.push(data?.description);
    void debug.send('Debugger.resume');
  });
  await debug.send('Debugger.enable');
  await debug.send('Debugger.setPauseOnExceptions', { state: 'all' });
  const { status } = await page.evaluate(host => {
    window.utmost.init({ applicationId: 'e2e', host });
    return window.utmost.identifyUser('soon', { plan: 'pro' });
  }, world.collector);
  expect([status, thrown]).toEqual(['delivered', []]);
});

test('an update that is not answered is in a database within 300 ms', async () => {
  const page = await openSecond();
  await page.route(`${world.collector}/**`, () => {});
  await begin(page);
  // By the page's own clock, which a busy machine holds up with all of its timers.
  await page.evaluate(() => {
    void window.utmost.identifyUser('hanging');
    return new Promise(resolve => setTimeout(resolve, 300));
  });
  expect(await countsOf(page)).toMatchObject({ databases: 1, requests: 1 });
});

test('a call in the task of init looks at the cookies twice at most and sends one request', async () => {
  const page = await openCounted('/plain/?utm_source=cheap');
  const counts = await page.evaluate(host => {
    const { counts } = window as unknown as { counts: Record<string, number> };
    window.utmost.init({ applicationId: 'e2e', host });
    void window.utmost.identifyUser('cheap');
    return { ...counts };
  }, world.collector);
  // A new visitor: one look finds nobody, and one what the probe of the domain wrote.
  expect(counts).toMatchObject({ cookieReads: 2, databases: 0 });
  await world.arrived('cheap');
  expect(world.posted('cheap').length).toBe(1);
});

test('the script is compiled while it loads, and not function by function when the page calls it', async () => {
  const page = await (await world.visitor()).newPage();
  await page.goto(world.url('/plain/'));
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ['blink.user_timing', 'disabled-by-default-v8.compile'] });
  await page.addScriptTag({ url: '/dist/utmost.min.js' });
  await page.evaluate(host => {
    performance.mark('called');
    window.utmost.init({ applicationId: 'e2e', host });
    void window.utmost.identifyUser('compiled');
  }, world.collector);
  await world.arrived('compiled');
  const { traceEvents } = JSON.parse(`${await browser?.stopTracing()}`);
  interface Event {
    name: string;
    pid: number;
    ts: number;
  }
  const called = traceEvents.find(({ name }: Event) => name === 'called');
  const compiled = traceEvents.filter(
    ({ name, pid, ts }: Event) => name === 'V8.CompileCode' && pid === called.pid && ts > called.ts,
  );
  // Without the hint in the script's first line there are more than 200.
  expect(compiled.length).toBeLessThan(60);
});

test('200 waiting entries go out a few at a time', async () => {
  const page = await (await world.visitor()).newPage();
  await visit(page, world.url('/script/'));
  await page.waitForFunction(() => /utmost_outbox=http/.test(document.cookie));
  await page.evaluate(async () => {
    const opened = indexedDB.open('utmost');
    opened.onupgradeneeded = () => opened.result.createObjectStore('outbox');
    await new Promise(resolve => {
      opened.onsuccess = resolve;
    });
    const transaction = opened.result.transaction('outbox', 'readwrite');
    for (let n = 0; n < 200; n++) {
      const id = `${Date.now()}-${1e6 + n}-waiting`;
      const entry = {
        id,
        profile: `waiting-${n}`,
        at: Date.now(),
        body: { user_id: `waiting-${n}`, metadata: { n } },
      };
      transaction.objectStore('outbox').put(entry, id);
    }
    await new Promise(resolve => {
      transaction.oncomplete = resolve;
    });
    opened.result.close();
    // As a page does that puts something there.
    document.cookie = 'utmost_outbox=; path=/; max-age=0';
  });
  await page.addInitScript(() => {
    const flights = { now: 0, most: 0 };
    Object.assign(window, { flights });
    const { fetch } = window;
    window.fetch = async (...call) => {
      flights.most = Math.max(flights.most, ++flights.now);
      return fetch(...call).finally(() => flights.now--);
    };
  });
  await visit(page, world.url('/script/next'));
  const arrived = () => world.posted().filter(({ body }) => `${body.user_id}`.startsWith('waiting-')).length;
  await expect.poll(arrived).toBe(200);
  expect(await page.evaluate(() => (window as { flights?: unknown }).flights)).toMatchObject({ most: 4 });
});
