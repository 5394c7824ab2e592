import type { Browser, BrowserContext, Page } from 'playwright';
import { type Demo, startDemo } from '../demo/server.ts';
import type utmost from '../src/index.ts';
import { databaseImage } from '../test/demo/database-image.ts';
import { launchChromium } from './chromium.ts';
import { eventually } from './eventually.ts';
import { type Posted, serveFixtures } from './fixtures.ts';
import { PATIENCE } from './patience.ts';
import { readFrom } from './read-from.ts';

declare global {
  interface Window {
    utmost: typeof utmost;
  }
}

/** A profile as the collector returns it. */
export interface Profile {
  user_id: string | null;
  company_id: string | null;
  anonymous_ids: string[];
  session_tokens: string[];
  campaign: Record<string, string>;
  metadata: Record<string, unknown>;
}

/** A browser, the demo with its collector, and bare pages that post to it. */
export interface World {
  browser: Browser;
  demo: Demo;
  /** Returns the address of a bare page, by default on www.example.test. */
  url(path: string, host?: string): string;
  /** Opens a browser context for a visitor never seen before. */
  visitor(): Promise<BrowserContext>;
  /** The host that bare pages give to utmost: another origin than theirs. */
  readonly collector: string;
  /** The texts that pages in the system browser sent. */
  readonly notes: readonly string[];
  /** Returns what bare pages posted, oldest first: all of it, or with that user id. */
  posted(userId?: string): Posted[];
  profile(userId: string): Promise<Profile | undefined>;
  /** Waits until the collector holds the profile, and returns it. */
  arrived(userId: string): Promise<Profile>;
  /** Reads the profiles of visitors not identified. */
  anonymous(): Promise<Profile[]>;
  /** Stops the collector until `reviveCollector`, which finds all data as it was. */
  killCollector(): Promise<void>;
  reviveCollector(): Promise<void>;
  /**
   * Closes the browsers of all visitors so far. What they have open would send again what was not confirmed.
   */
  sendVisitorsAway(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a world. `launch`: starts its browser, by default a whole one. */
export async function openWorld(dataDir?: string, launch = launchChromium): Promise<World> {
  const browser = await launch();
  const options = dataDir ? { dataDir } : { image: await databaseImage() };
  let demo = await startDemo(options);
  const fixtures = await serveFixtures(demo.collector);
  const contexts: BrowserContext[] = [];
  const sendVisitorsAway = async () => {
    for (const context of contexts.splice(0)) await context.close();
  };

  const profile = async (userId: string) => {
    const response = await readFrom(demo, `/profile?${new URLSearchParams({ user_id: userId })}`);
    return response.ok ? ((await response.json()) as Profile) : undefined;
  };
  return {
    browser,
    get demo() {
      return demo;
    },
    url: fixtures.url,
    async visitor() {
      const context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE);
      contexts.push(context);
      return context;
    },
    collector: fixtures.collector,
    notes: fixtures.notes,
    posted: userId => fixtures.posted.filter(({ body }) => !userId || body.user_id === userId),
    profile,
    async arrived(userId) {
      return eventually(async () => {
        const found = await profile(userId);
        if (!found) throw new Error(`The collector has no profile of ${userId}.`);
        return found;
      });
    },
    async anonymous() {
      const response = await readFrom(demo, '/profiles?limit=1000');
      const { profiles } = (await response.json()) as { profiles: Profile[] };
      return profiles.filter(({ user_id }) => user_id === null);
    },
    killCollector: () => demo.close(),
    async reviveCollector() {
      demo = await startDemo({ ...options, port: demo.port, readToken: demo.readToken });
    },
    sendVisitorsAway,
    async close() {
      await sendVisitorsAway();
      await browser.close();
      fixtures.close();
      await demo.close();
    },
  };
}

/** Goes to a page that loads utmost and waits until it is there. */
export async function visit(page: Page, url: string, referer?: string): Promise<void> {
  await page.goto(url, { ...(referer && { referer }) });
  await page.waitForFunction(() => window.utmost?.getAnonymousId() !== undefined);
}
