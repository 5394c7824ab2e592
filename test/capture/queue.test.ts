import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueue } from '../../src/capture/queue.ts';
import type { Outcome } from '../../src/delivery/outcome.ts';
import { queued } from '../../src/shared/receipt.ts';
import { busy, DELIVERED, OFFLINE, REFUSED, UNAUTHORIZED } from '../world.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue, and what it has sent: the path, and the number of events. */
function openQueue(rule: (body: string) => Outcome = () => DELIVERED) {
  const sent: [path: string, count: number][] = [];
  const onExit: [path: string, bytes: number][] = [];
  const reports: string[] = [];
  const state = { isAllowed: true, pausedUntil: 0 };
  const bulk: unknown[] = [];
  const queue = createQueue(
    {
      page: {
        now: () => Date.now(),
        random: () => 0.5,
        setTimer(run, milliseconds) {
          const timer = setTimeout(run, milliseconds);
          return () => clearTimeout(timer);
        },
      },
      async send(body, path, isBulk) {
        sent.push([`${path}`, [body].flat().length]);
        bulk.push(isBulk);
        return rule(JSON.stringify(body));
      },
      sendOnExit: (body, path) => void onExit.push([`${path}`, JSON.stringify(body).length]),
      retryAfter: { load: () => state.pausedUntil },
      report: message => void reports.push(message),
    },
    { batchSize: 3, batchMaxTime: 2500 },
    () => state.isAllowed,
  );
  return { queue, sent, bulk, onExit, reports, state };
}
const event = (size = 10) => JSON.stringify('x'.repeat(size - 2));

it('one event alone, several as a batch, a full batch at once', async () => {
  const { queue, sent } = openQueue();
  queue.add(event());
  await vi.advanceTimersByTimeAsync(2499);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([['events', 1]]);
  for (let index = 0; index < 3; index++) queue.add(event());
  await vi.advanceTimersByTimeAsync(0);
  expect(sent[1]).toEqual(['events/batch', 3]);
});

it('a batch that fails is tried twice more, and then dropped with a line', async () => {
  const { queue, sent, reports } = openQueue(() => OFFLINE);
  queue.add(event());
  await vi.advanceTimersByTimeAsync(60_000);
  expect([sent.length, reports]).toEqual([3, ['calls: 1 dropped (network)']]);
});

it.each([
  ['is refused', REFUSED, 1],
  ['has no right', UNAUTHORIZED, 1],
])('a batch that %s is dropped at once', async (_, outcome, count) => {
  const { queue, sent, reports } = openQueue(() => outcome);
  queue.add(event());
  await vi.advanceTimersByTimeAsync(60_000);
  expect([sent.length, reports.length]).toEqual([count, 1]);
});

it('a pause is kept, its own and that of the updates of users', async () => {
  const { queue, sent, state } = openQueue(() => (sent.length === 1 ? busy(20_000) : DELIVERED));
  state.pausedUntil = Date.now() + 10_000;
  queue.add(event());
  await vi.advanceTimersByTimeAsync(9_000);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(19_000);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toHaveLength(2);
});

it('the oldest go first over 200 events or 1 MB', () => {
  const { queue, reports, state } = openQueue(() => queued('network'));
  state.pausedUntil = Number.POSITIVE_INFINITY;
  for (let index = 0; index < 201; index++) queue.add(event());
  expect(reports).toEqual(['calls: 1 dropped (too many wait)']);
  queue.add(event(1_000_000));
  queue.add(event(600_000));
  expect(reports).toContain('calls: 1 dropped (too many wait)');
});

it('a page that is left sends what fits into its share of keepalive, and keeps the rest', async () => {
  const { queue, onExit, sent } = openQueue();
  queue.add(event(25_000));
  queue.add(event(25_000));
  queue.sendOnExit();
  expect(onExit).toEqual([
    ['events', 25_000],
    ['events', 25_000],
  ]);
  queue.add(event(70_000));
  queue.sendOnExit();
  expect(onExit).toHaveLength(2);
  await queue.flush();
  expect(sent).toEqual([['events', 1]]);
});

it('what is larger than a batch leaves the budget of a page that is left to other requests', async () => {
  const { queue, sent, bulk } = openQueue();
  for (const size of [20_000, 20_000, 40_000]) queue.add(event(size));
  await queue.flush();
  expect(sent).toEqual(Array(3).fill(['events', 1]));
  expect(bulk).toEqual([false, false, true]);
});

it('after a refusal nothing is sent, and what waits is forgotten', async () => {
  const { queue, sent, onExit, state } = openQueue();
  queue.add(event());
  state.isAllowed = false;
  queue.sendOnExit();
  state.isAllowed = true;
  await queue.flush();
  expect([sent, onExit]).toEqual([[], []]);
});
