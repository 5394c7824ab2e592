import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Engine, Keeping } from './engine.ts';

/**
 * Returns how often a test is tried again, each time with another browser. A WebKitGTK can be locked out of its
 * database for good (docs/browsers.md, "Limits").
 */
export const retriesOf = ({ name }: Engine): number => (name === 'WebKit' ? 2 : 0);

/** Milliseconds that an engine's first start on a machine may take. */
const FIRST_START = 120_000;

/** Milliseconds that the first start of all three may take. */
export const WARM_UP = 3 * FIRST_START;

export type BrowserPool = ReturnType<typeof openBrowserPool>;

/** Opens the pool of browsers, which all find every host name at that port. */
export function openBrowserPool(port: number) {
  const shared = new Map<string, Promise<Browser>>();
  const retired: Promise<Browser>[] = [];
  const folders: string[] = [];

  const newProfile = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'utmost-engines-'));
    folders.push(folder);
    return folder;
  };
  const launch = async (engine: Engine, keeping: Keeping, profile?: string, patience?: number) =>
    engine.launch({ keeping, port, profile: profile ?? (await newProfile()), patience });
  const keyOf = (engine: Engine, keeping: Keeping) => `${engine.name} ${keeping}`;

  return {
    newProfile,
    launch,
    /**
     * Starts each engine once, before any test's time counts. The first start on a machine reads the browser from the
     * disk: 39 s were measured for Firefox on a busy one, and 4 s after that.
     */
    async warmUp(engines: readonly Engine[]): Promise<void> {
      for (const engine of engines.filter(({ isFound }) => isFound())) {
        const browser = launch(engine, 'profile', undefined, FIRST_START);
        shared.set(keyOf(engine, 'profile'), browser);
        await browser;
      }
    },
    /**
     * Returns the same browser for all that ask for one of its kind. Each run has a site of its own, and so
     * meets no other.
     */
    share(engine: Engine, keeping: Keeping): Promise<Browser> {
      const key = keyOf(engine, keeping);
      const browser = shared.get(key) ?? launch(engine, keeping);
      shared.set(key, browser);
      return browser;
    },
    /** Retires a browser: the next one that asks for its kind gets a new one. */
    retire(engine: Engine, keeping: Keeping): void {
      const browser = shared.get(keyOf(engine, keeping));
      if (browser) retired.push(browser);
      shared.delete(keyOf(engine, keeping));
    },
    async close(): Promise<void> {
      // One whose launch failed has nothing to close.
      for (const browser of [...shared.values(), ...retired])
        await (await browser.catch(() => undefined))?.close();
      for (const folder of folders) await rm(folder, { recursive: true, maxRetries: 5 });
    },
  };
}
