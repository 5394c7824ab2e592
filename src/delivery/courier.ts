import type { Page } from '../page.ts';
import type { EntryStore } from '../storage/outbox.ts';
import type { Entry, JsonObject, Receipt } from '../types.ts';
import { merge, mergeWaiting } from './merge.ts';
import { backoff, type Outcome } from './outcome.ts';

/** How long an entry is kept, in milliseconds: 30 days. */
const EXPIRY = 30 * 24 * 60 * 60_000;

/** Flights at once in a round of retries, so that a full outbox does not crowd the page out. */
const ROUND = 4;

/** Milliseconds before earlier pages' entries are looked for: the page's own work comes first. */
const ADOPTION_DELAY = 50;

export interface CourierParts {
  store: EntryStore;
  page: Page;
  /** Sends one body; never rejects. */
  send: (body: JsonObject) => Promise<Outcome>;
  /** Hears of the entries that a 2xx has confirmed. */
  onDelivered: (entries: readonly Entry[]) => void;
  /** Ends the listening for better times. */
  signal: AbortSignal;
  /** Milliseconds until an open receipt is answered `queued`. */
  timeout: number;
  report: (message: string, detail?: unknown) => void;
}

/** An entry in this page's hands. */
interface Waiting {
  entry: Entry;
  /** Answers the caller, who may be a page long gone. */
  settle?: ((receipt: Receipt) => void) | undefined;
  /** Settled when it is in the store, or cannot be. */
  stored: Promise<unknown>;
  /** No store took it. */
  isVolatile?: boolean;
  /** Goes unmerged, since a merged request that held it was refused. */
  isAlone?: boolean;
}

export type Courier = ReturnType<typeof createCourier>;

/**
 * Brings entries to the destination: in the task of the call where nothing of that profile is under way, else in
 * order; again after a failure, on this page and on the next. An entry leaves the store, by its id, when it is
 * confirmed, refused for good or expired.
 */
export function createCourier({ store, page, send, onDelivered, timeout, report, signal }: CourierParts) {
  const { now, later, random, uuid, onWake } = page;
  /** Not confirmed yet, oldest first. */
  let waiting: Waiting[] = [];
  /** The request under way, by profile. */
  const flights = new Map<string, Promise<void>>();
  /** Ids of all entries this page has had in hand. */
  const known = new Set<string>();
  /** What this page has sent, by profile: its newest entry, with all it has said of the profile merged. */
  const said = new Map<string, Entry>();
  let failures = 0;
  /** No round of retries before this time. */
  let resumeAt = 0;
  /** Nothing at all is sent before this time: the server asked for it. */
  let notBefore = 0;
  let cancelRound = () => {};

  const settle = (items: readonly Waiting[], receipt: Receipt) => {
    for (const item of items) item.settle?.(receipt);
  };

  const take = (entry: Entry, put?: Promise<void>): Waiting => {
    const stored = Promise.resolve(put).catch(() => {
      item.isVolatile = true;
    });
    const item: Waiting = { entry, stored };
    known.add(entry.id);
    waiting.push(item);
    return item;
  };

  /** Takes an entry that no store has yet. The write begins in this task, so that it outlives a navigation. */
  const keep = (entry: Entry): Waiting => take(entry, store.put(entry));

  const discard = (items: readonly Waiting[]) => {
    waiting = waiting.filter(item => !items.includes(item));
    // Not before the put has found its store.
    for (const { entry, stored } of items) void stored.then(() => store.remove(entry.id));
  };

  const of = (profile: string) => waiting.filter(({ entry }) => entry.profile === profile);

  const fly = (profile: string): Promise<void> | undefined => {
    const mine = of(profile);
    if (!mine.length || flights.has(profile) || now() < notBefore) return flights.get(profile);
    const candidates = mine.some(({ isAlone }) => isAlone) ? mine.slice(0, 1) : mine;
    const { count, body } = mergeWaiting(candidates.map(({ entry }) => entry));
    const items = mine.slice(0, count);
    const { entry: newest } = items[count - 1] as Waiting;
    said.set(profile, { ...newest, body: merge(said.get(profile)?.body ?? {}, body) });
    const flight = send(body).then(outcome => {
      flights.delete(profile);
      land(profile, items, outcome);
    });
    flights.set(profile, flight);
    return flight;
  };

  const land = (profile: string, items: Waiting[], { after, ...receipt }: Outcome) => {
    const { status } = receipt;
    report(`update of ${profile}`, receipt);
    if (status === 'dropped' && items.length > 1) {
      // One of several may be to blame: each gets a request of its own.
      for (const item of items) item.isAlone = true;
    } else if (status === 'queued') {
      resumeAt = now() + backoff(++failures, random());
      notBefore = Math.max(notBefore, now() + after);
      settle(of(profile), receipt);
    } else {
      discard(items);
      if (status === 'delivered') {
        failures = resumeAt = 0;
        onDelivered(items.map(({ entry }) => entry));
      }
      settle(items, receipt);
    }
    if (status === 'dropped' || after === Infinity) console.warn('utmost:', receipt);
    round();
  };

  /** Sends what waits, a few profiles at a time; later, if it is not time yet. */
  const round = () => {
    cancelRound();
    const wait = Math.max(resumeAt, notBefore) - now();
    // A pause has no end on this page.
    if (wait === Infinity) return;
    if (wait > 0) cancelRound = later(round, wait);
    else for (const { entry } of waiting) if (flights.size < ROUND) void fly(entry.profile);
  };

  /** Takes over what earlier pages left in the store. */
  const adopt = async () => {
    for (const entry of await store.all()) {
      if (known.has(entry.id)) continue;
      if (now() - entry.at > EXPIRY) void store.remove(entry.id);
      else {
        take(entry);
        // This page already sent newer values of the profile: they have to be the last word, so they go once more.
        const newer = said.get(entry.profile);
        if (newer && said.delete(entry.profile)) keep({ ...newer, id: `${newer.id}+` });
      }
    }
    waiting.sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1));
  };

  onWake(() => {
    resumeAt = 0;
    round();
  }, signal);
  later(() => void adopt().then(round), ADOPTION_DELAY);

  return {
    /** Stores and sends an update. The receipt is answered by its first attempt or, at the latest, by `timeout`. */
    submit(draft: Omit<Entry, 'id'>): Promise<Receipt> {
      // Sorts by time, then by order within this page; two tabs never choose the same.
      const id = `${draft.at.toString(36).padStart(9, '0')}-${`${known.size}`.padStart(6, '0')}-${uuid()}`;
      const item = keep({ ...draft, id });
      return new Promise(resolve => {
        const cancel = later(() => settle([item], { status: 'queued', reason: 'timeout' }), timeout);
        item.settle = receipt => {
          cancel();
          // "queued" promises that the entry outlives the page.
          const isLost = item.isVolatile && receipt.status === 'queued';
          resolve(isLost ? { ...receipt, reason: 'storage blocked' } : receipt);
        };
        if (!fly(draft.profile))
          void item.stored.then(() => settle([item], { status: 'queued', reason: 'paused' }));
      });
    },
    /** Sends all that waits now, without regard to the backoff, and resolves when it has been tried. */
    async flush(): Promise<void> {
      await adopt();
      do await Promise.all(waiting.map(({ entry }) => fly(entry.profile)));
      while (waiting.length && !failures && now() >= notBefore);
    },
  };
}
