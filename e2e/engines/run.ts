import { setTimeout as sleep } from 'node:timers/promises';
import type { Options } from '../../src/options/options.ts';
import type { Call } from '../delivery/client.ts';
import { isInDatabase } from '../delivery/in-database.ts';
import { recordUpdates } from '../delivery/recorded-updates.ts';
import type { Sites } from '../delivery/test-site.ts';
import type { BrowserPool } from './browser-pool.ts';
import type { Browser, Engine, Keeping, Tab } from './engine.ts';

export interface Setting {
  sites: Sites;
  pool: BrowserPool;
  engine: Engine;
  keeping: Keeping;
  /** The end of the site's hosts: `localhost` makes it a secure context, `test` does not. */
  top: string;
  wanted?: Partial<Options> | undefined;
}

export type EngineRun = ReturnType<typeof openEngineRun>;

/** Waits until an expression is true in a tab. */
async function reach(tab: Tab, expression: string): Promise<void> {
  // A page on its way to another one can't be asked.
  const holds = () => tab.evaluate(expression).catch(() => false);
  for (const end = Date.now() + 10_000; !(await holds()); await sleep(25))
    if (Date.now() > end) throw new Error(`It did not come to ${expression}`);
}

/** Opens a run: one visitor never seen before, on a site and with a collector of their own, in any engine. */
export function openEngineRun({ sites, pool, engine, keeping, top, wanted }: Setting, name: string) {
  const recorded = recordUpdates(sites, name, wanted);
  const tabs: Tab[] = [];
  let own: { browser: Browser; profile: string } | undefined;

  const browser = async () => own?.browser ?? pool.share(engine, keeping);

  const run = {
    ...recorded,
    errors: [] as readonly string[],
    /** Returns the address of a page of the visitor's site. */
    url: (path: string, host = `www.${name}.${top}`) => sites.url(`${name}/${path}`, host),
    async open(url: string): Promise<Tab> {
      const tab = await (await browser()).newPage();
      tabs.push(tab);
      await tab.goto(url);
      return tab;
    },
    /** Opens a tab in which the visitor arrives by a campaign, on a page that has begun. */
    arrive: (): Promise<Tab> => run.open(run.url(`site/${recorded.land()}`)),
    /** Begins where that has not happened, calls, and goes elsewhere, all in one task. */
    async say(tab: Tab, calls: Call[], next?: string): Promise<void> {
      const told = tab.evaluate(recorded.saying(calls, next));
      if (!next) return void (await told);
      // Nobody may be left to tell that it was done.
      await told.catch(() => {});
      await reach(tab, `location.href === ${JSON.stringify(next)} && document.readyState === 'complete'`);
    },
    /** Makes the calls while the page is left. */
    sayOnLeaving: (tab: Tab, calls: Call[]) => tab.evaluate(recorded.sayingOnLeaving(calls)),
    /** Waits until the updates are where they outlive the browser. A busy machine takes its time for that. */
    untilInDatabase: (tab: Tab, count: number) => reach(tab, isInDatabase(count)),
    /** Calls, and waits for the receipts. */
    ask: (tab: Tab, calls: Call[]) => tab.evaluate(recorded.asking(calls)),

    /** Launches a browser of the visitor's own, on a profile that outlives it. */
    async launch(): Promise<void> {
      const profile = own?.profile ?? (await pool.newProfile());
      own = { profile, browser: await pool.launch(engine, keeping, profile) };
    },
    /** Kills the browser, and what it had only in memory with it. */
    async kill(): Promise<void> {
      tabs.length = 0;
      await own?.browser.kill?.();
    },
    async comeBack(): Promise<void> {
      const tab = await run.open(run.url('site/'));
      // A WebKit whose database does not answer would have it wait for ever.
      await tab.evaluate('Promise.race([utmost.flush(), new Promise(done => setTimeout(done, 1000))])');
    },
    async close(): Promise<void> {
      // Some are closed already.
      for (const tab of tabs) await tab.close().catch(() => {});
      await own?.browser.close();
    },
  };
  return run;
}
