import { toText } from '../shared/json.ts';
import { dropped, queued } from '../shared/receipt.ts';
import type { Entry, JsonObject, Receipt } from '../shared/types.ts';
import { within } from '../shared/within.ts';
import type { CourierParts } from './dependencies.ts';
import { createPresence, ROUND } from './entry-ownership.ts';
import { mergeWaiting, packProfiles } from './merge.ts';
import { createOutbox, type Item } from './outbox.ts';
import { backoff, type Outcome } from './outcome.ts';
import { createPause } from './rate-limit.ts';
import { oneAtATime } from './serialize.ts';
import { createWarnings } from './warnings.ts';

/** Milliseconds before earlier pages' entries are looked for: the page's own work comes first. */
const ADOPTION_DELAY = 50;

export type Courier = ReturnType<typeof createCourier>;

/**
 * Brings entries to the destination: in the task of the call where nothing of that profile is under way, else in
 * order; again after a failure, on this page or another. An entry leaves the store, by its id, when it is
 * confirmed, refused for good or lost to the outbox's bounds.
 */
export function createCourier(parts: CourierParts) {
  const { page, send, part, onDelivered, onReceipt, timeout, report, signal, pack = mergeWaiting } = parts;
  const { now, later, random, onWake } = page;
  /** The request under way, by profile. */
  const flights = new Map<string, Promise<void>>();
  const warn = createWarnings();
  let failures = 0;
  /** No round of retries before this time. */
  let resumeAt = 0;
  let isLeaving = false;
  /** What was in hand when the page was last hidden: it has gone out. */
  let parted: Item[] = [];
  let cancelRound = () => {};
  const pause = createPause(parts.pause, now, parts.isDenied);

  const settle = (items: readonly Item[], receipt: Receipt) => {
    for (const item of items) item.settle?.(receipt);
  };
  const tell = (items: readonly Item[], receipt: Receipt, note = '') => {
    const { status, message } = receipt;
    for (const item of items) {
      report(`${status}: update of ${item.profile}${message ? ` (${message})` : ''}${note}`);
      onReceipt(receipt, item);
    }
  };
  const end = (items: readonly Item[], receipt: Receipt) => {
    warn(receipt);
    tell(items, receipt);
    settle(items, receipt);
  };
  const presence = createPresence(page, timeout, () => void round());
  const outbox = createOutbox(parts, presence, (item, reason) => end([item], dropped(reason)));
  /** Milliseconds until the next round. */
  const waitLeft = () => Math.max(resumeAt - now(), pause.left());
  const fly = (profile: string): Promise<void> | undefined => {
    const mine = outbox.of(profile).filter(item => !outbox.isHeldBack(item));
    if (!mine[0] || flights.has(profile) || pause.left()) return flights.get(profile);
    const candidates = mine.some(({ isAlone }) => isAlone) ? mine.slice(0, 1) : mine;
    const { fits, body, path } = pack(candidates);
    if (!fits) return;
    const items = mine.slice(0, fits);
    for (const item of items) item.isFlying = true;
    outbox.remember(items[fits - 1] as Item, body as JsonObject);
    const flight = send(body, path).then(outcome => {
      flights.delete(profile);
      for (const item of items) item.isFlying = false;
      land(profile, items, outcome);
    });
    flights.set(profile, flight);
    return flight;
  };

  const land = (profile: string, items: Item[], outcome: Outcome) => {
    const { after = 0, ...receipt } = outcome;
    const { status, message } = receipt;
    if (status === 'dropped' && items[1]) {
      report(`split: merged update of ${profile} (${message})`);
      for (const item of items) item.isAlone = true;
    } else if (status === 'queued') {
      // Requests that fail together are one failure.
      if (now() >= resumeAt) resumeAt = now() + backoff(++failures, random());
      pause.extend(after);
      warn(outcome);
      tell(items, receipt, `, next try in ${Math.round(waitLeft()) / 1000} s`);
      // "queued" promises that the update is safe.
      for (const item of outbox.of(profile)) void item.stored.then(() => settle([item], receipt));
    } else {
      const isDelivered = status === 'delivered';
      if (isDelivered) {
        failures = resumeAt = 0;
        onDelivered(items);
      }
      end(outbox.discard(items, isDelivered), receipt);
    }
    // Where nothing is left in hand, another page may have left something.
    if (outbox.items().some(({ isFlying }) => !isFlying)) sendWaiting();
    else if (!flights.size) void round();
  };

  /** Sends what is in hand, a few profiles at a time; later, if it is not time yet. */
  const sendWaiting = () => {
    cancelRound();
    const wait = waitLeft();
    if (wait === Infinity) return;
    if (!wait) for (const { profile } of outbox.items()) if (flights.size < ROUND) void fly(profile);
    // What another page's update holds back goes on if that one is dropped.
    if (wait || !flights.size) cancelRound = later(round, wait || timeout);
  };

  /** Looks into the store, and sends. */
  const round = oneAtATime(async () => {
    cancelRound();
    await outbox.sync().catch(() => {
      // What is in hand is sent all the same, and what is in the store found when it can be read again.
      cancelRound = later(round, timeout);
    });
    if (outbox.items()[0]) sendWaiting();
  });

  /**
   * What is not under way goes out once more, for the page may be gone in an instant, and nobody waits for an
   * answer: it stays in the outbox, and is confirmed by a later attempt, here or on the next page.
   */
  const partAll = () => {
    if (pause.left()) return;
    const parting = outbox
      .items()
      .filter(item => !item.isFlying && !parted.includes(item) && !outbox.isHeldBack(item));
    for (const { body, path } of packProfiles(parting, pack)) part(body, path);
    // What is under way, too: the browser tells a page that is left that its requests have failed, and goes on with them.
    parted = [...outbox.items()];
    if (parting[0]) report(`hidden: ${parting.length} sent unconfirmed`);
  };

  const sendAll = async (): Promise<void> => {
    await round();
    const flying = outbox.items().flatMap(({ profile }) => fly(profile) ?? []);
    await Promise.all(flying);
    if (flying[0] && outbox.items()[0] && !failures) await sendAll();
  };

  onWake(() => {
    isLeaving = false;
    presence.comeBack();
    resumeAt = 0;
    parted = [];
    void round();
  }, signal);
  later(round, ADOPTION_DELAY);

  return {
    fly,
    /** Stores and sends an update. The receipt is answered by its first attempt or, at the latest, by `timeout`. */
    submit(draft: Omit<Entry, 'id'>): Promise<Receipt> {
      const before = outbox.of(draft.profile).at(-1);
      // The same said twice, by an effect that runs twice, say: the second call adds nothing to what is under way.
      if (before?.answer && toText(before.body) === toText(draft.body)) return before.answer;
      const item = outbox.add(draft, isLeaving);
      item.answer = new Promise(resolve => {
        const cancel = later(() => settle([item], queued('timeout')), timeout);
        item.settle = receipt => {
          cancel();
          item.answer = undefined;
          // "queued" promises that the entry outlives the page.
          const isLost = item.isSafe === false && receipt.status === 'queued';
          resolve(isLost ? queued('storage-blocked') : receipt);
        };
        if (isLeaving) partAll();
        else if (!fly(draft.profile)) void item.stored.then(() => settle([item], queued('paused')));
      });
      return item.answer;
    },
    /** The page is hidden, or left. */
    hide(leaving: boolean): void {
      isLeaving ||= leaving;
      partAll();
      if (isLeaving) presence.leave();
    },
    /** Gives up all that waits, with this receipt. What is under way cannot be called back. */
    stop(receipt: Receipt): void {
      const items = outbox.discard(outbox.items());
      tell(items, receipt);
      settle(items, receipt);
      presence.leave();
    },
    /** Sends all that waits now, without regard to the backoff; resolves when it has been tried, or `timeout` has passed. */
    flush: () => within(sendAll(), timeout, later).catch(() => {}),
  };
}
