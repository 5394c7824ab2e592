import { setTimeout as sleep } from 'node:timers/promises';

/** Messages that are handled together at most, and their bytes. */
const MAX_MESSAGES = 1000;
const MAX_SIZE = 8 * 1024 * 1024;

/** Milliseconds in which what comes still belongs to the same group. */
const PAUSE = 2;

/** Gathers what is there at once into groups, in its order. No more is taken while a group is being worked on. */
export async function* gather<Item extends { data: Uint8Array }>(
  items: AsyncIterable<Item>,
  maxItems = MAX_MESSAGES,
): AsyncGenerator<Item[], void, void> {
  const iterator = items[Symbol.asyncIterator]();
  const take = () => {
    const next = iterator.next();
    // Awaited later: one that fails while a group is being worked on must not end the process.
    next.catch(() => {});
    return next;
  };
  let next = take();
  for (;;) {
    const first = await next;
    if (first.done) return;
    const group = [first.value];
    let size = first.value.data.length;
    next = take();
    while (group.length < maxItems && size < MAX_SIZE) {
      const result = await Promise.race([next, sleep(PAUSE, undefined)]);
      if (!result || result.done) break;
      group.push(result.value);
      size += result.value.data.length;
      next = take();
    }
    yield group;
  }
}
