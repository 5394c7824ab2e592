import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Engine, Keeping } from './engine.ts';

export type Fleet = ReturnType<typeof openFleet>;

/** The browsers of a run, which all find every host name at that port. */
export function openFleet(port: number) {
  const shared = new Map<string, Promise<Browser>>();
  const retired: Promise<unknown>[] = [];
  const folders: string[] = [];

  const newProfile = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'utmost-engines-'));
    folders.push(folder);
    return folder;
  };
  const launch = async (engine: Engine, keeping: Keeping, profile?: string) =>
    engine.launch({ keeping, port, profile: profile ?? (await newProfile()) });

  return {
    newProfile,
    launch,
    /** The same browser for all that ask for one of its kind: each trial has a site of its own, and so meets no other. */
    share(engine: Engine, keeping: Keeping): Promise<Browser> {
      const key = `${engine.name} ${keeping}`;
      const browser = shared.get(key) ?? launch(engine, keeping);
      shared.set(key, browser);
      return browser;
    },
    /** The next one that asks for a browser of its kind gets a new one. */
    retire(engine: Engine, keeping: Keeping): void {
      const key = `${engine.name} ${keeping}`;
      const closing = shared.get(key)?.then(browser => browser.close());
      // One that was never launched has nothing to close.
      retired.push(Promise.allSettled([closing]));
      shared.delete(key);
    },
    async close(): Promise<void> {
      for (const browser of shared.values()) await (await browser).close();
      await Promise.all(retired);
      for (const folder of folders) await rm(folder, { recursive: true, maxRetries: 5 });
    },
  };
}
