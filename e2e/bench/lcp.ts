import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRun } from '../delivery/run.ts';
import { SECURE, type TestSite } from '../delivery/test-site.ts';
import type { Paint } from './budgets.ts';
import { THIS } from './competitors.ts';
import { throttle } from './loads.ts';
import { PAUSE } from './rounds.ts';
import { meanOf, shuffle } from './samples.ts';

const SNIPPET = new URL('../../dist/snippet.html', import.meta.url);

const pageWith = (head: string) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title>
  ${head}<h1>A page with something to see</h1><p>${'And some text to read. '.repeat(100)}</p>`;

const LARGEST_PAINT = `new Promise(resolve => {
  new PerformanceObserver(list => setTimeout(() => resolve(list.getEntries().at(-1).startTime), 500))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})`;

async function largestPaint(testSite: TestSite, name: string, snippet: string): Promise<number> {
  const files: Record<string, string> = {};
  const run = openRun(testSite, name, SECURE, {}, { ...THIS, files });
  files.paint = pageWith(
    snippet.replace(/utmost\.init\(.*?\)(?=<)/, run.init).replace('/utmost.min.js', run.url('client.js')),
  );
  try {
    const page = await (await run.visitor()).newPage();
    await throttle(page);
    await page.goto(run.url('paint'));
    return Number(await page.evaluate(LARGEST_PAINT));
  } finally {
    await run.close();
  }
}

/**
 * Measures what the loader snippet adds to the largest contentful paint: the mean of so many pairs of loads, one with
 * it and one without, in a random order.
 */
export async function measurePaint(testSite: TestSite, pairs: number): Promise<Paint> {
  const snippet = await readFile(SNIPPET, 'utf8');
  const added: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const paints = { with: 0, without: 0 };
    for (const side of shuffle(['with', 'without'] as const)) {
      paints[side] = await largestPaint(testSite, `paint-${pair}-${side}`, side === 'with' ? snippet : '');
      await sleep(PAUSE);
    }
    added.push(paints.with - paints.without);
  }
  return meanOf(added);
}
