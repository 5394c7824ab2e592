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
import { serialize } from './serialize.ts';
import { createWarnings } from './warnings.ts';

/** Milliseconds before earlier pages' entries are looked for: the page's own work comes first. */
const ADOPTION_DELAY = 50;

export type Dispatcher = ReturnType<typeof createDispatcher>;

/**
 * Sends entries to the destination: in the task of the call if nothing of that profile is in flight, else in order. After
 * a failure they go again, from this page or another. An entry leaves the store, by its id, when it is confirmed, refused
 * for good or evicted.
 */
export function createDispatcher(dependencies: DeliveryDependencies) {
  const {
    page,
    send,
    onDelivered,
    onReceipt,
    timeout,
    report,
    signal,
    toBatch = mergeWaiting,
  } = dependencies;
  const { now, setTimer, random, onResume } = page;
  /** The request under way, by profile. */
  const inFlight = new Map<string, Promise<void>>();
  const warn = createWarnings();
  let failures = 0;
  /** No flush before this time. */
  let resumeAt = 0;
  let isLeaving = false;
  /** What was in hand when the page was last hidden: it has gone out. */
  let sentOnExit: Item[] = [];
  let cancelFlush = () => {};
  const rateLimit = createRateLimit(dependencies.retryAfter, now, dependencies.isDenied);

  const settle = (items: readonly Item[], receipt: Receipt) => {
    for (const item of items) item.settle?.(receipt);
  };
  const notify = (items: readonly Item[], receipt: Receipt, note = '') => {
    const { status, message } = receipt;
    for (const item of items) {
      report(`${status}: update of ${item.profile}${message ? ` (${message})` : ''}${note}`);
      onReceipt(receipt, item);
    }
  };
  const end = (items: readonly Item[], receipt: Receipt) => {
    warn(receipt);
    notify(items, receipt);
    settle(items, receipt);
  };
  const ownership = createEntryOwnership(page, timeout, () => void flush());
  const outbox = createOutbox(dependencies, ownership, (item, reason) => end([item], dropped(reason)));
  /** Milliseconds until the next flush. */
  const waitLeft = () => Math.max(resumeAt - now(), rateLimit.remaining());
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
      handleOutcome(profile, items, outcome);
    });
    inFlight.set(profile, request);
    return request;
  };

  const handleOutcome = (profile: string, items: Item[], outcome: Outcome) => {
    const { retryAfter = 0, ...receipt } = outcome;
    if (receipt.status === 'dropped' && items[1]) {
      report(`split: merged update of ${profile} (${receipt.message})`);
      for (const item of items) item.isUnmergeable = true;
    } else if (receipt.status === 'queued') {
      // Requests that fail together are one failure.
      if (now() >= resumeAt) resumeAt = now() + backoff(++failures, random());
      rateLimit.pauseFor(retryAfter);
      warn(outcome);
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
    // Where nothing is left in hand, another page may have left something.
    if (outbox.items().some(({ isInFlight }) => !isInFlight)) dispatchWaiting();
    else if (!inFlight.size) void flush();
  };

  /** Dispatches what is in hand, a few profiles at a time. Plans the next flush if it is not time yet. */
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

  /** Sends what is not in flight once more. Nobody hears the answer, so the entries stay in the outbox. */
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
      item.answer = new Promise(resolve => {
        const cancel = setTimer(() => settle([item], queued('timeout')), timeout);
        item.settle = receipt => {
          cancel();
          item.answer = undefined;
          // "queued" promises that the entry outlives the page.
          const isLost = item.isPersisted === false && receipt.status === 'queued';
          resolve(isLost ? queued('storage-blocked') : receipt);
        };
        if (isLeaving) flushOnExit();
        else if (!dispatch(draft.profile)) void item.persisted.then(() => settle([item], queued('paused')));
      });
      return item.answer;
    },
    /** The page is hidden, or left. */
    hide(leaving: boolean): void {
      isLeaving ||= leaving;
      flushOnExit();
      if (isLeaving) ownership.release();
    },
    /** Gives up all that waits, with this receipt. What is under way cannot be called back. */
    stop(receipt: Receipt): void {
      const items = outbox.remove(outbox.items());
      notify(items, receipt);
      settle(items, receipt);
      ownership.release();
    },
    /** Sends all that waits now, whatever the backoff. Resolves when it has been tried, or `timeout` has passed. */
    flushAll: () => within(flushAll(), timeout, setTimer).catch(() => {}),
  };
}
