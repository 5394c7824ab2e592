import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright';
import { killProfile, launchProfile } from '../chromium.ts';
import { PATIENCE } from '../patience.ts';
import { openSystemBrowserVisitor } from './system-browser.ts';

/** Opens a visitor never seen before: a context of the shared browser, or browsers of their own. */
export function openVisitor(shared: Browser) {
  const errors: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  let context: BrowserContext | undefined;
  let folder: string | undefined;

  const watch = (made: BrowserContext) => {
    context = made;
    closing.push(() => made.close());
    made.setDefaultTimeout(PATIENCE);
    made.on('weberror', error => errors.push(error.error().message));
    return made;
  };

  return {
    /** The errors that pages threw. */
    errors: errors as readonly string[],
    /** Returns what the visitor's tabs are opened in. */
    visitor: async (): Promise<BrowserContext> => context ?? watch(await shared.newContext()),
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
    /** Opens tabs that the browser may discard. */
    async openSystemBrowser() {
      const { open, close } = await openSystemBrowserVisitor(shared);
      closing.push(close);
      return open;
    },
    async close(): Promise<void> {
      for (const end of closing.reverse()) await end();
    },
  };
}
