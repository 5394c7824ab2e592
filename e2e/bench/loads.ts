import type { CDPSession, Page } from 'playwright';
import type { Post } from '../delivery/collector.ts';
import type { Run } from '../delivery/run.ts';
import type { Entrant, Situation } from './entrants.ts';
import { seePage, USER } from './visits.ts';

/** The factor by which a page is slower than this machine. */
export const THROTTLE = 4;

/** One load of a page, from its navigation to a second after the calls. */
export interface Load {
  /** Milliseconds of the main thread's tasks, and of the scripts in them. */
  task: number;
  script: number;
  /** Milliseconds from the calls to the arrival of the update's request; infinite if none came. */
  leaves: number;
  /** Milliseconds of the longest task; 0 if none was over 50 ms. */
  longest: number;
  /** Bytes of JavaScript objects that are still in use afterwards. */
  heap: number;
}

/** Slows the page down as a cheap telephone would. */
export async function throttle(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  return session;
}

/** Reads how long the page's main thread has been busy, in milliseconds. The browser counts that without tracing. */
async function durations(session: CDPSession): Promise<Pick<Load, 'task' | 'script'>> {
  const { metrics } = await session.send('Performance.getMetrics');
  const milliseconds = (name: string) =>
    (metrics.find(each => each.name === name)?.value ?? Number.NaN) * 1000;
  return { task: milliseconds('TaskDuration'), script: milliseconds('ScriptDuration') };
}

/** Finds the longest task that the browser has noted. It notes those over 50 ms. */
const LONGEST = `new Promise(resolve => {
  new PerformanceObserver(list => resolve(Math.max(...list.getEntries().map(({ duration }) => duration))))
    .observe({ type: 'longtask', buffered: true });
  setTimeout(resolve, 200, 0);
})`;

/** Measures one load by a visitor of the entrant. */
export async function measureLoad(run: Run, entrant: Entrant, situation: Situation): Promise<Load> {
  const page = await (await run.visitor()).newPage();
  const session = await throttle(page);
  await session.send('Performance.enable');
  const earlier = run.collector.posts.length;
  const isOwn = ({ body }: Post) => situation.kind === 'identify' && body.user_id === USER;
  const before = await durations(session);
  await seePage(page, run, entrant, situation);
  const after = await durations(session);
  // Only now what costs the page time itself.
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const longest = Number(await page.evaluate(LONGEST));
  const calledAt = Number(await page.evaluate('window.calledAt'));
  const arrived = run.collector.posts.slice(earlier).find(isOwn);
  await page.close();
  return {
    task: after.task - before.task,
    script: after.script - before.script,
    leaves: arrived ? arrived.at - calledAt : Number.POSITIVE_INFINITY,
    longest,
    heap: usedSize,
  };
}
