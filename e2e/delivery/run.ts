import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright';
import type { Options } from '../../src/options.ts';
import { killProfile, launchProfile } from '../chromium.ts';
import type { Call, Client } from './client.ts';
import { recordUpdates } from './recorded-updates.ts';
import { openSystemBrowserVisitor } from './system-browser.ts';
import type { TestSite } from './test-site.ts';

export type Run = ReturnType<typeof openRun>;

/** Waits until that holds, at most so many milliseconds. */
export async function until(holds: () => unknown, within: number): Promise<void> {
  for (const end = Date.now() + within; !holds() && Date.now() < end; ) await sleep(25);
}

/** Opens a run: one visitor never seen before, on a site and with a collector of their own. */
export function openRun(
  testSite: TestSite,
  name: string,
  site: string,
  wanted?: Partial<Options>,
  using?: Client,
) {
  const recorded = recordUpdates(testSite, name, wanted, using);
  const { client } = recorded;
  const errors: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  let context: BrowserContext | undefined;
  let folder: string | undefined;

  const url = (path: string, host = site) => testSite.url(`${name}/${path}`, host);
  const watch = (made: BrowserContext) => {
    context = made;
    closing.push(() => made.close());
    made.setDefaultTimeout(20_000);
    made.on('weberror', error => errors.push(error.error().message));
    return made;
  };
  const visitor = async () => context ?? watch(await testSite.browser.newContext());
  const open = async (path: string) => {
    const page = await (await visitor()).newPage();
    await page.goto(url(path));
    return page;
  };

  const run = {
    ...recorded,
    url,
    visitor,
    /** The errors that pages threw. */
    errors: errors as readonly string[],

    /** Opens a tab in which the visitor arrives by a campaign, on a page that has begun. */
    arrive: (): Promise<Page> => run.tab(recorded.land()),
    /** Opens a tab on a page of the site that has begun. */
    async tab(query = ''): Promise<Page> {
      const page = await open(`site/${query}`);
      await page.waitForFunction(client.hasBegun);
      return page;
    },
    /** Opens a tab on a page that has loaded the script and not begun. */
    coldTab: (query = ''): Promise<Page> => open(`cold${query}`),

    /** Begins where that has not happened, calls, and goes elsewhere, all in one task. */
    async say(page: Page, calls: Call[], next?: string): Promise<void> {
      await page.evaluate(recorded.saying(calls, next));
    },
    /** Calls, and waits for what the calls return. */
    async ask(page: Page, calls: Call[]): Promise<void> {
      await page.evaluate(recorded.asking(calls));
    },

    /** Launches a browser of the visitor's own, on a profile that outlives it. */
    async launch(preferences: object = {}): Promise<BrowserContext> {
      if (!folder) {
        const made = await mkdtemp(join(tmpdir(), 'utmost-delivery-'));
        closing.unshift(() => rm(made, { recursive: true, maxRetries: 5 }));
        folder = made;
        await mkdir(join(folder, 'Default'));
        await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
      }
      return watch(await launchProfile(folder));
    },
    /** Kills the browser, and what it had only in memory with it. */
    async kill(): Promise<void> {
      if (context && folder) await killProfile(context, folder);
    },
    /** Opens a visitor whose tabs the browser may discard. */
    async openSystemBrowser() {
      const { open, close } = await openSystemBrowserVisitor(testSite.browser);
      closing.push(close);
      run.comeBack = async () => {
        const tab = await open(url('site/'));
        if (client.flush) await tab.evaluate(client.flush);
      };
      return open;
    },

    /** Lets the visitor see another page of the site some time later. All that still waits is sent. */
    async comeBack(): Promise<void> {
      const page = await run.tab();
      if (client.flush) await page.evaluate(client.flush);
    },
    async close(): Promise<void> {
      for (const end of closing.reverse()) await end();
    },
  };
  return run;
}
