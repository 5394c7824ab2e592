import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { PATIENCE } from '../patience.ts';
import { type CaptureSite, openCaptureSite } from './site.ts';

const LIMIT = 400e6;

let site: CaptureSite;
let browser: Browser;
beforeAll(async () => {
  site = await openCaptureSite();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  site.close();
});

/** Frees what the page itself has read: how soon that is done by itself hangs on how busy the machine is. */
async function collectGarbage(): Promise<void> {
  for (const page of browser.contexts().flatMap(context => context.pages())) {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    await session.detach();
  }
}

/**
 * Measures what the browser's pages have of the machine's memory, in bytes. What a page can measure of itself leaves
 * out what the browser keeps of a stream for a reader.
 */
async function measure(): Promise<number> {
  await collectGarbage();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const kilobytes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  return kilobytes.reduce((sum, size) => sum + Number(size) * 1024, 0);
}

test.runIf(process.platform === 'linux')(
  'an answer that never ends: the memory of a page that reads 500 MB of it stays flat',
  async () => {
    const { tab } = await site.run(
      browser,
      `async () => {
        window.reader = (await fetch('/api/endless')).body.getReader();
        window.read = async bytes => {
          while (bytes > 0) bytes -= (await reader.read()).value.length;
        };
        await read(50e6);
      }`,
    );
    const before = await measure();
    await tab.evaluate('read(500e6)');
    const growth = async () => (await measure()) - before;
    // Kept for a reader that does not come, it would be 500 MB and more, for good. A busy machine frees memory late.
    let grown = await growth();
    for (const end = Date.now() + PATIENCE; grown >= LIMIT && Date.now() < end; await sleep(500))
      grown = await growth();
    await tab.evaluate('reader.cancel()');
    await site.until(1);
    console.log(`500 MB read, memory grew by ${(grown / 1e6).toFixed(1)} MB`);
    expect(grown).toBeLessThan(LIMIT);
    await tab.close();
  },
);
