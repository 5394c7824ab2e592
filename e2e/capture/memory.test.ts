import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { type CaptureSite, openCaptureSite } from './site.ts';

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

test('an answer that never ends: the memory of a page that reads 50 MB of it stays flat', async () => {
  const { tab, result } = await site.run(
    browser,
    `async () => {
      const measure = async () => (await performance.measureUserAgentSpecificMemory()).bytes;
      const before = await measure();
      const reader = (await fetch('/api/endless')).body.getReader();
      let bytes = 0;
      while (bytes < 50e6) bytes += (await reader.read()).value.length;
      const grown = (await measure()) - before;
      await reader.cancel();
      return [bytes, grown];
    }`,
    { path: '/isolated' },
  );
  await site.until(1);
  const [bytes, grown] = result as [number, number];
  console.log(`${bytes} bytes read, memory grew by ${grown}`);
  expect(bytes).toBeGreaterThan(50e6 - 1);
  expect(grown).toBeLessThan(10e6);
  await tab.close();
});
