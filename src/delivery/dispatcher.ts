import { toText } from '../shared/json.ts';
import { dropped, queued } from '../shared/receipt.ts';
import type { Entry, Receipt } from '../shared/types.ts';
import { within } from '../shared/within.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import { createEntryOwnership } from './entry-ownership.ts';
import { createOutcomeHandler } from './handle-outcome.ts';
import { createOutbox } from './outbox.ts';
import { createPageExit } from './page-exit.ts';
import { createReceipt } from './receipts.ts';
import { createRetrySchedule } from './retry-schedule.ts';
import { createSender } from './sender.ts';

/** Milliseconds before earlier pages' entries are looked for: the page's own work comes first. */
const ADOPTION_DELAY = 50;

export type Dispatcher = ReturnType<typeof createDispatcher>;

/**
 * Sends entries to the destination. One goes in the task of the call if nothing of its profile is in flight, else in
 * order. After a failure it goes again, from this page or another. An entry leaves the store, by its id, when it is
 * confirmed, refused for good or evicted.
 *
 * `dispatch` sends one request of a profile, `dispatchWaiting` a few. `flush` looks into the store first. `flushAll`
 * goes on until nothing waits, and `flushOnExit` hears no answer.
 */
export function createDispatcher(dependencies: DeliveryDependencies) {
  const { page, timeout, signal } = dependencies;
  const { setTimer, onResume } = page;
  const schedule = createRetrySchedule(dependencies);
  const ownership = createEntryOwnership(page, timeout, () => void flush());
  const outbox = createOutbox(dependencies, ownership, (item, reason) =>
    handleOutcome([item], dropped(reason)),
  );
  const { end, handleOutcome } = createOutcomeHandler(dependencies, outbox, schedule);
  const { dispatch, flush } = createSender(dependencies, outbox, schedule, handleOutcome);
  const { isLeaving, flushOnExit, resume } = createPageExit(dependencies, outbox, schedule, ownership);

  /** Flushes until nothing waits or something fails, whatever the backoff. */
  const flushAll = async (): Promise<void> => {
    await flush();
    const requests = outbox.items().flatMap(({ profile }) => dispatch(profile) ?? []);
    await Promise.all(requests);
    if (requests[0] && outbox.items()[0] && !schedule.waitLeft()) await flushAll();
  };

  onResume(() => {
    resume();
    schedule.resume();
    void flush();
  }, signal);
  // Opening the store costs the page more than all the rest of a view with nothing to tell.
  if (!dependencies.records.isOutboxEmpty()) setTimer(flush, ADOPTION_DELAY);

  return {
    dispatch,
    /** Stores and sends an update. The receipt is answered by its first attempt or, at the latest, by `timeout`. */
    submit(draft: Omit<Entry, 'id'>): Promise<Receipt> {
      const before = outbox.of(draft.profile).at(-1);
      // The same said twice, by an effect that runs twice, say: the second call adds nothing to what is under way.
      if (before?.answer && toText(before.body) === toText(draft.body)) return before.answer;
      const item = outbox.enqueue(draft, isLeaving());
      item.answer = createReceipt(item, dependencies);
      if (isLeaving()) flushOnExit();
      else if (!dispatch(draft.profile)) void item.persisted.then(() => item.settle?.(queued('paused')));
      return item.answer;
    },
    hide: flushOnExit,
    /** Gives up all that waits, with this receipt. What is under way cannot be called back. */
    stop(receipt: Receipt): void {
      end(outbox.remove(outbox.items()), receipt);
      ownership.release();
    },
    /** Sends all that waits now, whatever the backoff. Resolves when it has been tried, or `timeout` has passed. */
    flushAll: () => within(flushAll(), timeout, setTimer).catch(() => {}),
  };
}
