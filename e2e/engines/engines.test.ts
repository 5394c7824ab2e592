import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playScenario } from '../delivery/scenario.ts';
import { type Sites, serveSites } from '../delivery/test-site.ts';
import { type BrowserPool, openBrowserPool, retriesOf, WARM_UP } from './browser-pool.ts';
import { ENGINES } from './engines.ts';
import { openEngineRun } from './run.ts';
import { SCENARIOS } from './scenarios.ts';

/** Runs of each scenario in each engine. */
const RUNS = Number(process.env.TRIALS ?? 1);

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

const isThere = new Map(ENGINES.map(engine => [engine, engine.isFound()]));

test('every engine is there, where there has to be: on a machine of continuous integration', () => {
  const missing = ENGINES.filter(engine => !isThere.get(engine)).map(
    ({ name, packages }) =>
      `${name} is not tested: apt-get install ${packages}, or npx playwright install ${name.toLowerCase()}`,
  );
  if (process.env.CI) expect(missing).toEqual([]);
  for (const sentence of missing) console.warn(sentence);
});

for (const [n, scenario] of SCENARIOS.entries()) {
  const { name, isPlain, keeping = 'profile', options: wanted, except = {} } = scenario;
  describe(name, () => {
    for (const engine of ENGINES) {
      // The engines side by side: what takes time is mostly waiting.
      const play = isThere.get(engine) && !except[engine.name] ? test.concurrent : test.skip;
      play(
        engine.name,
        {
          timeout: 45_000 * RUNS,
          retry: retriesOf(engine),
        },
        async ({ task }) => {
          const tries = task.result?.retryCount ?? 0;
          if (tries) pool.retire(engine, keeping);
          // A site of its own for another try, too.
          const slug = `${engine.name}-${n + 1}-${tries}`.toLowerCase();
          const setting = { sites, pool, engine, keeping, top: isPlain ? 'test' : 'localhost', wanted };
          const open = (name: string) => openEngineRun(setting, name);
          const { failures, ...row } = await playScenario(open, { ...scenario, atOnce: 1 }, slug, RUNS);
          const stories = failures.slice(0, 2).join('\n');
          expect(row, stories).toMatchObject({ delivered: row.n, outOfOrder: 0, duplicates: 0 });
          expect(failures.length, stories).toBe(0);
        },
      );
    }
  });
}
