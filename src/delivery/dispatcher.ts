import { toText } from '../shared/json.ts';
import { dropped, queued } from '../shared/receipt.ts';
import type { Entry, JsonObject, Receipt } from '../shared/types.ts';
import { within } from '../shared/within.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import { createEntryOwnership } from './entry-ownership.ts';
import { MAX_PARALLEL } from './lease.ts';
import { mergeWaiting, toBatches } from './merge.ts';
import { createOutbox, type Item } from './outbox.ts';
import { backoff, type Outcome } from './outcome.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReceipt, settle } from './receipts.ts';
import { serialize } from './serialize.ts';
import { createWarnings } from './warnings.ts';

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
  const { page, send, toBatch = mergeWaiting, timeout, signal } = dependencies;
  const { onDelivered, onReceipt, report } = dependencies;
  const { now, setTimer, random, onResume } = page;
  /** The request under way, by profile. */
  const inFlight = new Map<string, Promise<void>>();
  const warn = createWarnings();
  let failures = 0;
  /** No flush before this time. */
  let resumeAt = 0;
  let isLeaving = false;
  /** The items in hand when the page was last hidden. They have gone out. */
  let sentOnExit: Item[] = [];
  let cancelFlush = () => {};
  const rateLimit = createRateLimit(dependencies.retryAfter, now, dependencies.isDenied);

  const notify = (items: readonly Item[], receipt: Receipt, note = '') => {
    const { status, message } = receipt;
    for (const item of items) {
      report(`${status}: update of ${item.profile}${message ? ` (${message})` : ''}${note}`);
      onReceipt(receipt, item);
    }
  };
  const end = (items: readonly Item[], receipt: Receipt) => {
    notify(items, receipt);
    settle(items, receipt);
  };
  const ownership = createEntryOwnership(page, timeout, () => void flush());
  const outbox = createOutbox(dependencies, ownership, (item, reason) =>
    handleOutcome([item], dropped(reason)),
  );
  /** Milliseconds until the next flush. */
  const waitLeft = () => Math.max(resumeAt - now(), rateLimit.remaining());
  /** Sends one request of a profile, unless one is under way. Returns the one under way, if any. */
  const dispatch = (profile: string): Promise<void> | undefined => {
    const mine = outbox.of(profile).filter(item => !outbox.isHeldBack(item));
    if (!mine[0] || inFlight.has(profile) || rateLimit.remaining()) return inFlight.get(profile);
    const candidates = mine.some(({ isUnmergeable }) => isUnmergeable) ? mine.slice(0, 1) : mine;
    const { count, body, path } = toBatch(candidates);
    if (!count) return;
    const items = mine.slice(0, count);
    for (const item of items) item.isInFlight = true;
    outbox.recordSent(items[count - 1] as Item, body as JsonObject);
    const request = send(body, path).then(outcome => {
      inFlight.delete(profile);
      for (const item of items) item.isInFlight = false;
      handleOutcome(items, outcome);
      // Where nothing is left in hand, another page may have left something.
      if (outbox.items().some(({ isInFlight }) => !isInFlight)) dispatchWaiting();
      else if (!inFlight.size) void flush();
    });
    inFlight.set(profile, request);
    return request;
  };

  /** Keeps, ends or splits these items, as an answer or an eviction says. */
  const handleOutcome = (items: Item[], outcome: Outcome) => {
    const { retryAfter = 0, ...receipt } = outcome;
    const { profile } = items[0] as Item;
    if (receipt.status === 'dropped' && items[1]) {
      report(`split: merged update of ${profile} (${receipt.message})`);
      for (const item of items) item.isUnmergeable = true;
      return;
    }
    warn(outcome);
    if (receipt.status === 'queued') {
      // Requests that fail together are one failure.
      if (now() >= resumeAt) resumeAt = now() + backoff(++failures, random());
      rateLimit.pauseFor(retryAfter);
      notify(items, receipt, `, next try in ${Math.round(waitLeft()) / 1000} s`);
      // "queued" promises that the update is safe.
      for (const item of outbox.of(profile)) void item.persisted.then(() => settle([item], receipt));
    } else {
      const isDelivered = receipt.status === 'delivered';
      if (isDelivered) {
        failures = resumeAt = 0;
        onDelivered(items);
      }
      end(outbox.remove(items, isDelivered), receipt);
    }
  };

  /** Dispatches what is in hand, a few profiles at a time. Sets a timer for the next flush if it is not time yet. */
  const dispatchWaiting = () => {
    cancelFlush();
    const wait = waitLeft();
    if (wait === Infinity) return;
    if (!wait)
      for (const { profile } of outbox.items()) if (inFlight.size < MAX_PARALLEL) void dispatch(profile);
    // What another page's update holds back goes on if that one is dropped.
    if (wait || !inFlight.size) cancelFlush = setTimer(flush, wait || timeout);
  };

  /** Syncs the outbox with the store, and dispatches what waits. */
  const flush = serialize(async () => {
    cancelFlush();
    await outbox.sync().catch(() => {
      // What is in hand is sent all the same, and what is in the store found when it can be read again.
      cancelFlush = setTimer(flush, timeout);
    });
    if (outbox.items()[0]) dispatchWaiting();
  });

  /**
   * Sends what is not in flight once more, since the page may be gone in an instant. Nobody hears the answer. So the
   * entries stay in the outbox until a later attempt is confirmed, here or on the next page.
   */
  const flushOnExit = () => {
    if (rateLimit.remaining()) return;
    const unsent = outbox
      .items()
      .filter(item => !item.isInFlight && !sentOnExit.includes(item) && !outbox.isHeldBack(item));
    for (const { body, path } of toBatches(unsent, toBatch)) dependencies.sendOnExit(body, path);
    // What is under way, too: the browser tells a page that is left that its requests have failed, and goes on with them.
    sentOnExit = [...outbox.items()];
    if (unsent[0]) report(`hidden: ${unsent.length} sent unconfirmed`);
  };

  /** Flushes until nothing waits or something has failed, whatever the backoff. */
  const flushAll = async (): Promise<void> => {
    await flush();
    const requests = outbox.items().flatMap(({ profile }) => dispatch(profile) ?? []);
    await Promise.all(requests);
    if (requests[0] && outbox.items()[0] && !failures) await flushAll();
  };

  onResume(() => {
    isLeaving = false;
    ownership.resume();
    resumeAt = 0;
    sentOnExit = [];
    void flush();
  }, signal);
  setTimer(flush, ADOPTION_DELAY);

  return {
    dispatch,
    /** Stores and sends an update. The receipt is answered by its first attempt or, at the latest, by `timeout`. */
    submit(draft: Omit<Entry, 'id'>): Promise<Receipt> {
      const before = outbox.of(draft.profile).at(-1);
      // The same said twice, by an effect that runs twice, say: the second call adds nothing to what is under way.
      if (before?.answer && toText(before.body) === toText(draft.body)) return before.answer;
      const item = outbox.enqueue(draft, isLeaving);
      item.answer = createReceipt(item, timeout, setTimer);
      if (isLeaving) flushOnExit();
      else if (!dispatch(draft.profile)) void item.persisted.then(() => settle([item], queued('paused')));
      return item.answer;
    },
    /** Sends what it can, since the page is hidden, or left (`leaving`). */
    hide(leaving: boolean): void {
      isLeaving ||= leaving;
      flushOnExit();
      if (isLeaving) ownership.release();
    },
    /** Gives up all that waits, with this receipt. What is under way cannot be called back. */
    stop(receipt: Receipt): void {
      end(outbox.remove(outbox.items()), receipt);
      ownership.release();
    },
    /** Sends all that waits now, whatever the backoff. Resolves when it has been tried, or `timeout` has passed. */
    flushAll: () => within(flushAll(), timeout, setTimer).catch(() => {}),
  };
}
