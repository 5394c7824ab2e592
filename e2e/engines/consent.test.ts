import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../delivery/run.ts';
import { type Sites, serveSites } from '../delivery/test-site.ts';
import { type BrowserPool, openBrowserPool, retriesOf, WARM_UP } from './browser-pool.ts';
import type { Tab } from './engine.ts';
import { ENGINES } from './engines.ts';
import { openEngineRun } from './run.ts';

let sites: Sites;
let pool: BrowserPool;
beforeAll(async () => {
  sites = await serveSites();
  pool = openBrowserPool(sites.port);
  await pool.warmUp(ENGINES);
}, WARM_UP);
afterAll(async () => {
  await pool.close();
  await sites.close();
});

/** Returns the names of the cookies, keys of localStorage and databases that a page of the site can see. */
const kept = (tab: Tab) =>
  tab.evaluate(`indexedDB.databases().then(databases => [
    ...document.cookie.split('; ').filter(Boolean).map(cookie => cookie.split('=')[0]),
    ...Object.keys(localStorage),
    ...databases.map(({ name }) => name),
  ])`) as Promise<string[]>;

for (const engine of ENGINES.filter(({ isFound }) => isFound())) {
  const retrying = { retry: retriesOf(engine) };
  const open = (name: string, retryCount = 0) => {
    if (retryCount) pool.retire(engine, 'profile');
    const wanted = { consent: 'pending' } as const;
    return openEngineRun(
      { sites, pool, engine, keeping: 'profile', top: 'localhost', wanted },
      `${engine.name.toLowerCase()}-${name}-${retryCount}`,
    );
  };

  test(
    `${engine.name}: nothing is written or sent while consent is pending; granted releases all, on later pages too`,
    retrying,
    async ({ task }) => {
      const run = open('granted', task.result?.retryCount);
      const tab = await run.arrive();
      await run.say(tab, run.updates(2));
      await sleep(500);
      expect(await kept(tab)).toEqual([]);
      expect(run.collector.posts).toEqual([]);

      await tab.evaluate(`utmost.setConsent('granted')`);
      const isThere = () => run.summarize().delivered === run.summarize().n;
      await until(isThere, 10_000);
      expect(run.summarize()).toMatchObject({ n: 2, delivered: 2, outOfOrder: 0, duplicates: 0 });
      await tab.goto(run.url('site/next'));
      await run.say(tab, [run.update()]);
      await until(isThere, 10_000);
      expect(run.summarize()).toMatchObject({ n: 3, delivered: 3 });
      await run.close();
    },
  );

  test(
    `${engine.name}: denied erases the visitor, the campaign and the outbox, and holds on later pages`,
    retrying,
    async ({ task }) => {
      const run = open('denied', task.result?.retryCount);
      const tab = await run.arrive();
      await tab.evaluate(`utmost.setConsent('granted')`);
      run.collector.fail({ otherwise: 503 });
      await run.ask(tab, run.updates(2));
      expect(await kept(tab)).toEqual(expect.arrayContaining(['utmost_id', 'utmost_campaign']));

      await tab.evaluate(`utmost.setConsent('denied')`);
      await sleep(500);
      run.collector.fail({});
      const before = run.collector.posts.length;
      await tab.goto(run.url('site/next?utm_source=again'));
      await run.say(tab, [run.update()]);
      await sleep(1000);
      expect(run.collector.posts.length).toBe(before);
      const names = await kept(tab);
      for (const gone of [/^utmost_id$/, /^utmost_campaign$/, /^utmost_outbox_/])
        expect(names.filter(name => gone.test(name))).toEqual([]);
      await run.close();
    },
  );
}
