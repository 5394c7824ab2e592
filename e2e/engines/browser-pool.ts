import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Engine, Keeping } from './engine.ts';

/**
 * Returns how often a test is tried again, each time with another browser. A WebKitGTK can be locked out of its
 * database for good (docs/browsers.md, "Limits").
 */
export const retriesOf = ({ name }: Engine): number => (name === 'WebKit' ? 2 : 0);

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
  const launch = async (engine: Engine, keeping: Keeping, profile?: string) =>
    engine.launch({ keeping, port, profile: profile ?? (await newProfile()) });
  const keyOf = (engine: Engine, keeping: Keeping) => `${engine.name} ${keeping}`;

  return {
    newProfile,
    launch,
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
      for (const browser of shared.values()) await (await browser).close();
      // One whose launch failed has nothing to close.
      for (const browser of retired) await (await browser.catch(() => undefined))?.close();
      for (const folder of folders) await rm(folder, { recursive: true, maxRetries: 5 });
    },
  };
}
