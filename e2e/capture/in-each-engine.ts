import { afterAll, beforeAll, describe } from 'vitest';
import { type BrowserPool, openBrowserPool, WARM_UP } from '../engines/browser-pool.ts';
import type { Browser, Tab } from '../engines/engine.ts';
import { ENGINES } from '../engines/engines.ts';
import { type CaptureSite, openCaptureSite } from './site.ts';

/** What a test of recording has: the site, and a browser to call it from. */
export interface CaptureWorld {
  site(): CaptureSite;
  run(expression: string, how?: Parameters<CaptureSite['run']>[2]): ReturnType<CaptureSite['run']>;
  until: CaptureSite['until'];
  close(tab: Tab): ReturnType<Tab['close']>;
}

/** Describes tests that run in each engine found here, on one site. */
export function describeInEachEngine(tests: (world: CaptureWorld) => void): void {
  let site: CaptureSite;
  let pool: BrowserPool;
  beforeAll(async () => {
    site = await openCaptureSite();
    pool = openBrowserPool(site.port);
    await pool.warmUp(ENGINES);
  }, WARM_UP);
  afterAll(async () => {
    await pool.close();
    site.close();
  });
  for (const engine of ENGINES.filter(({ isFound }) => isFound()))
    describe(engine.name, () => {
      let browser: Browser;
      beforeAll(async () => {
        browser = await pool.share(engine, 'profile');
      });
      tests({
        site: () => site,
        run: (expression, how) => site.run(browser, expression, how),
        until: count => site.until(count),
        close: tab => tab.close(),
      });
    });
}
