import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { Options } from '../../src/options/options.ts';
import type { Call, Client } from './client.ts';
import { recordUpdates } from './recorded-updates.ts';
import type { TestSite } from './test-site.ts';
import { openVisitor } from './visitor.ts';

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
  const browsers = openVisitor(testSite.browser);

  const url = (path: string, host = site) => testSite.url(`${name}/${path}`, host);
  const open = async (path: string) => {
    const page = await (await browsers.visitor()).newPage();
    await page.goto(url(path));
    return page;
  };

  const run = {
    ...recorded,
    ...browsers,
    url,
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

    /** Opens tabs that the browser may discard, and lets the visitor come back in another of them. */
    async openSystemBrowser() {
      const openTab = await browsers.openSystemBrowser();
      run.comeBack = async () => {
        const tab = await openTab(url('site/'));
        if (client.flush) await tab.evaluate(client.flush);
      };
      return openTab;
    },

    /** Lets the visitor see another page of the site some time later. All that still waits is sent. */
    async comeBack(): Promise<void> {
      const page = await run.tab();
      if (client.flush) await page.evaluate(client.flush);
    },
  };
  return run;
}
