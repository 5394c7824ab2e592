import type { DeliveryDependencies } from './dependencies.ts';
import type { EntryOwnership } from './entry-ownership.ts';
import type { Item } from './items.ts';
import { mergeWaiting, toBatches } from './merge.ts';
import type { Outbox } from './outbox.ts';
import type { RetrySchedule } from './retry-schedule.ts';

/** Makes the last attempt of a page that is hidden or left, and knows whether it is left. */
export function createPageExit(
  {
    sendOnExit,
    report,
    toBatch = mergeWaiting,
  }: Pick<DeliveryDependencies, 'sendOnExit' | 'report' | 'toBatch'>,
  outbox: Outbox,
  { remaining }: RetrySchedule,
  ownership: EntryOwnership,
) {
  let isLeaving = false;
  /** What was in hand when the page was last hidden: it has gone out. */
  let sentOnExit: Item[] = [];
  return {
    isLeaving: () => isLeaving,
    /**
     * Sends what is not in flight once more, since the page may be gone in an instant. Nobody hears the answer. So the
     * entries stay in the outbox until a later attempt is confirmed, here or on the next page.
     */
    flushOnExit(isLeft?: boolean): void {
      isLeaving ||= !!isLeft;
      if (isLeaving) ownership.release();
      if (remaining()) return;
      const unsent = outbox
        .items()
        .filter(item => !item.isInFlight && !sentOnExit.includes(item) && !outbox.isHeldBack(item));
      for (const { body, path } of toBatches(unsent, toBatch)) sendOnExit(body, path);
      // What is under way, too: the browser tells a page that is left that its requests have failed, and goes on with them.
      sentOnExit = [...outbox.items()];
      if (unsent[0]) report(`hidden: ${unsent.length} sent unconfirmed`);
    },
    /** Makes the page one that stays: it came back, or was never gone. */
    resume(): void {
      isLeaving = false;
      sentOnExit = [];
      ownership.resume();
    },
  };
}
