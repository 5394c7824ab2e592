import type { JsonObject } from '../shared/types.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import type { Item } from './items.ts';
import { MAX_PARALLEL } from './lease.ts';
import { mergeWaiting } from './merge.ts';
import type { Outbox } from './outbox.ts';
import type { Outcome } from './outcome.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import { serialize } from './serialize.ts';

/**
 * Sends what is in the outbox, one request of a profile at a time. `handleOutcome` hears what became of the items of a
 * request.
 */
export function createSender(
  dependencies: Pick<DeliveryDependencies, 'send' | 'records' | 'page' | 'timeout' | 'toBatch'>,
  outbox: Outbox,
  schedule: RetrySchedule,
  handleOutcome: (items: Item[], outcome: Outcome) => void,
) {
  const { send, records, page, timeout, toBatch = mergeWaiting } = dependencies;
  /** Requests under way, by profile. */
  const inFlight = new Map<string, Promise<void>>();
  let cancelTimer = () => {};

  /** Sends one request of a profile, unless one is under way. Returns the request under way, if there is one. */
  const dispatch = (profile: string): Promise<void> | undefined => {
    const waiting = outbox.of(profile).filter(item => !outbox.isHeldBack(item));
    if (!waiting[0] || inFlight.has(profile) || schedule.remaining()) return inFlight.get(profile);
    const candidates = waiting.some(({ isUnmergeable }) => isUnmergeable) ? waiting.slice(0, 1) : waiting;
    const { count, body, path } = toBatch(candidates);
    if (!count) return;
    const items = waiting.slice(0, count);
    for (const item of items) item.isInFlight = true;
    outbox.recordSent(items[count - 1] as Item, body as JsonObject);
    const request = send(body, path).then(outcome => {
      inFlight.delete(profile);
      for (const item of items) item.isInFlight = false;
      handleOutcome(items, outcome);
      // Where nothing is left in hand, another page may have left something.
      if (outbox.items().some(({ isInFlight }) => !isInFlight)) dispatchWaiting();
      else if (!inFlight.size && !records.tryMarkEmpty()) void flush();
    });
    inFlight.set(profile, request);
    return request;
  };

  /** Dispatches what is in hand, a few profiles at a time. Sets the timer of the next flush if it is not time yet. */
  const dispatchWaiting = () => {
    cancelTimer();
    const wait = schedule.waitLeft();
    if (wait === Infinity) return;
    if (!wait)
      for (const { profile } of outbox.items()) if (inFlight.size < MAX_PARALLEL) void dispatch(profile);
    // What another page's update holds back goes on if that one is dropped.
    if (wait || !inFlight.size) cancelTimer = page.setTimer(flush, wait || timeout);
  };

  /** Syncs the outbox with the store, and dispatches what waits. */
  const flush = serialize(async () => {
    cancelTimer();
    // What is in hand is sent all the same, and what is in the store found when it can be read again.
    await outbox.sync().catch(() => {
      cancelTimer = page.setTimer(flush, timeout);
    });
    if (outbox.items()[0]) dispatchWaiting();
  });

  return { dispatch, flush };
}
