import { readFile } from 'node:fs/promises';
import { openRun } from '../delivery/run.ts';
import { SECURE, type TestSite } from '../delivery/test-site.ts';
import { THIS } from './competitors.ts';
import { throttle } from './loads.ts';
import { median } from './quantiles.ts';

const SNIPPET = new URL('../../dist/snippet.html', import.meta.url);

const pageWith = (head: string) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title>
  ${head}<h1>A page with something to see</h1><p>${'And some text to read. '.repeat(100)}</p>`;

const LARGEST_PAINT = `new Promise(resolve => {
  new PerformanceObserver(list => setTimeout(() => resolve(list.getEntries().at(-1).startTime), 500))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})`;

async function largestPaint(testSite: TestSite, name: string, snippet: string): Promise<number> {
  const run = openRun(testSite, name, SECURE, {}, THIS);
  try {
    const page = await (await run.visitor()).newPage();
    await throttle(page);
    const head = snippet
      .replace(/utmost\.init\(.*?\)(?=<)/, run.init)
      .replace('/utmost.min.js', run.url('client.js'));
    await page.route(run.url('plain'), route =>
      route.fulfill({ contentType: 'text/html', body: pageWith(head) }),
    );
    await page.goto(run.url('plain'));
    return Number(await page.evaluate(LARGEST_PAINT));
  } finally {
    await run.close();
  }
}

/**
 * Measures the median of the largest contentful paint, in milliseconds: of a page with the loader snippet,
 * and of the same without.
 */
export async function measurePaint(
  testSite: TestSite,
  rounds: number,
): Promise<{ with: number; without: number }> {
  const snippet = await readFile(SNIPPET, 'utf8');
  const paints = { with: [] as number[], without: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    paints.without.push(await largestPaint(testSite, `bare-${round}`, ''));
    paints.with.push(await largestPaint(testSite, `snippet-${round}`, snippet));
  }
  return { with: median(paints.with), without: median(paints.without) };
}
