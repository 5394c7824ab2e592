import type { Page } from 'playwright';
import { openRun, type Run } from '../delivery/run.ts';
import type { TestSite } from '../delivery/test-site.ts';
import { SECURE } from '../delivery/test-site.ts';
import type { Competitor } from './competitors.ts';

/** The factor by which a page is slower than this machine. */
export const THROTTLE = 4;
/** Milliseconds after the calls in which a page's tasks count. */
const AFTERWARDS = 1000;

/** The work of one page's main thread, in milliseconds. */
export interface Load {
  /** The script, loaded by a tag as sites do: the part of its compiling and running on the main thread. */
  evaluate: number;
  init: number;
  identify: number;
  /** The longest task up to a second later. */
  longest: number;
  /** All tasks up to a second later. */
  busy: number;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  args?: { data?: { url?: string } };
}

const SCRIPT = 'client.js';

/**
 * Builds code that loads the script and makes the two calls, between marks, on a page that has nothing else
 * to do.
 */
const measured = ({ init, identify }: { init: string; identify: string }) => `
  new Promise(resolve => {
    const script = document.createElement('script');
    script.src = '${SCRIPT}';
    script.onload = () => setTimeout(() => {
      performance.mark('init');
      ${init};
      performance.mark('identify');
      ${identify};
      performance.mark('identified');
      setTimeout(resolve, ${AFTERWARDS});
    }, 100);
    setTimeout(() => {
      performance.mark('evaluate');
      document.head.append(script);
    }, 100);
  })`;

function readTrace(trace: Buffer): Load {
  const { traceEvents } = JSON.parse(`${trace}`) as { traceEvents: TraceEvent[] };
  const mark = (name: string) => {
    const found = traceEvents.find(event => event.name === name);
    if (!found) throw new Error(`The page has not come to "${name}".`);
    return found;
  };
  const between = (from: string, to: string) => (mark(to).ts - mark(from).ts) / 1000;
  const { pid, tid, ts: start } = mark('evaluate');
  const isScript = ({ name, args }: TraceEvent) =>
    name === 'EvaluateScript' && args?.data?.url?.endsWith(SCRIPT);
  const evaluate = traceEvents.find(isScript)?.dur;
  if (evaluate === undefined) throw new Error('The page has not run the script.');
  const end = mark('identified').ts + AFTERWARDS * 1000;
  const tasks = traceEvents
    .filter(event => event.name === 'RunTask' && event.pid === pid && event.tid === tid)
    .filter(({ ts, dur = 0 }) => ts + dur > start && ts < end)
    .map(({ dur = 0 }) => dur / 1000);
  return {
    evaluate: evaluate / 1000,
    init: between('init', 'identify'),
    identify: between('identify', 'identified'),
    longest: Math.max(...tasks),
    busy: tasks.reduce((sum, task) => sum + task, 0),
  };
}

/** Slows the page down as a cheap telephone would. */
export async function throttle(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
}

/** Measures one load by one visitor: a new one, or one for whom something was done before. */
export async function measureLoad(
  testSite: TestSite,
  competitor: Competitor,
  name: string,
  before?: (run: Run) => Promise<void>,
): Promise<Load> {
  const run = openRun(testSite, name, SECURE, {}, competitor);
  try {
    await before?.(run);
    const page = await (await run.visitor()).newPage();
    await throttle(page);
    await page.goto(run.url('plain'));
    await testSite.browser.startTracing(page, {
      categories: ['blink.user_timing', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    await page.evaluate(measured({ init: run.init, identify: competitor.identify(run.update()) }));
    return readTrace(await testSite.browser.stopTracing());
  } finally {
    await run.close();
  }
}
