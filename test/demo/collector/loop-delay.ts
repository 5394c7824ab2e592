import { existsSync, readFileSync } from 'node:fs';

/** Milliseconds for which no request may hold up the others. */
export const MAX_DELAY = 200;

/** Where Linux tells the nanoseconds for which this thread has had a processor. */
const THREAD = '/proc/thread-self/schedstat';
const isTold = existsSync(THREAD);

/** Returns for how many milliseconds this thread has worked. Elsewhere than on Linux that is the time that has passed. */
const worked = () => (isTold ? Number.parseInt(readFileSync(THREAD, 'utf8'), 10) / 1e6 : performance.now());

/**
 * Returns the longest time that the loop was held up by work during that, in milliseconds. What other processes do
 * meanwhile is left out: on a busy machine they hold up any loop.
 */
export async function delayOf<Result>(
  work: () => Promise<Result>,
): Promise<{ delay: number; result: Result }> {
  let delay = 0;
  let before = worked();
  const look = () => {
    const now = worked();
    delay = Math.max(delay, now - before);
    before = now;
  };
  const looking = setInterval(look, 5);
  const result = await work();
  clearInterval(looking);
  look();
  return { delay, result };
}
