import type { EntryStore } from '../storage/outbox.ts';
import type { Entry, Receipt } from '../types.ts';
import { type Loss, losses, MAX_ENTRIES } from './bounds.ts';
import { isSupersededBy } from './last-word.ts';
import { mergeWaiting } from './merge.ts';
import type { Presence } from './presence.ts';

/** An entry in this page's hands. */
export interface Item {
  entry: Entry;
  /** Answers the caller, who may be a page long gone. */
  settle?: ((receipt: Receipt) => void) | undefined;
  /** What the caller is to be answered, while that is open. */
  answer?: Promise<Receipt> | undefined;
  /** Settled when it is known whether a store has taken it. */
  stored: Promise<unknown>;
  /** Whether one has, once that is known. */
  isSafe?: boolean;
  /** Goes unmerged, since a merged request that held it was refused. */
  isAlone?: boolean;
  /** A request with it is under way. */
  isFlying?: boolean;
  /** Was sent when the page was hidden, without waiting for an answer. */
  isParted?: boolean;
}

export interface OutboxParts {
  store: EntryStore;
  presence: Presence;
  now: () => number;
  /** Most entries that may wait. Default 200. */
  most?: number | undefined;
  /** Hears of what is given up unsent. */
  onLoss: (item: Item, reason: Loss[1]) => void;
  /** Whether an entry, whosever it is, has to be sent once more by this page. */
  isOutranked: (entry: Entry) => boolean;
  /** Whether nothing may be kept any more. */
  isDenied: () => boolean;
}

/**
 * The entries that are this page's to send, oldest first, and their like in the store. What is in the store is the
 * truth: another page may have taken an entry over while this one slept.
 */
export function createOutbox({ store, presence, now, most, onLoss, isOutranked, isDenied }: OutboxParts) {
  let items: Item[] = [];
  /** What the store held when it was last looked into, of all pages. */
  let stored: Entry[] = [];
  /** Visitors who have been identified to the server. */
  const identified = new Set<unknown>();
  let count = 0;
  /** Ids this page is done with, though the store may show them a moment longer. */
  const done = new Set<string>();

  const take = (entry: Entry, put = Promise.resolve()): Item => {
    const item: Item = {
      entry,
      stored: put
        .then(
          () => true,
          () => false,
        )
        .then(isSafe => {
          item.isSafe = isSafe;
          // Withdrawn meanwhile, perhaps in another tab: what was erased must not come back.
          if (isDenied()) discard([item]);
        }),
    };
    items.push(item);
    items.sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1));
    return item;
  };

  /** Takes an update of this page's. */
  const add = (draft: Omit<Entry, 'id'>, isLeaving: boolean): Item => {
    // Sorts by time (13 digits until 2286), then by order within this page; two tabs never choose the same.
    const id = `${draft.at}-${1e6 + count++}-${presence.mark().page}`;
    return keep({ ...draft, id }, isLeaving);
  };

  /** Takes an entry that no store has yet. The write begins in this task, so that it outlives a navigation. */
  const keep = (entry: Entry, isLeaving?: boolean): Item => {
    const marked = { ...entry, ...presence.mark() };
    return take(marked, store.put(marked, isLeaving));
  };

  const drop = (gone: readonly Item[]): string[] => {
    items = items.filter(item => !gone.includes(item));
    const ids = gone.map(({ entry }) => entry.id);
    for (const id of ids) done.add(id);
    return ids;
  };

  /** Whether an entry has to wait for an update, of this page or another, that may make it superfluous. */
  const isHeldBack = (entry: Entry) =>
    !entry.body.user_id &&
    [...stored.filter(({ id }) => !done.has(id)), ...items.map(item => item.entry)].some(update =>
      isSupersededBy(entry, update),
    );
  const isSuperseded = ({ profile, body }: Entry) => !body.user_id && identified.has(profile);

  /**
   * Gives these up; with them, where they have arrived, what they make superfluous, whosever it is. Returns all of them
   * that were in this page's hands.
   */
  const discard = (given: readonly Item[], isDelivered?: boolean): Item[] => {
    for (const { entry } of given)
      if (isDelivered && entry.body.user_id) identified.add(entry.body.anonymous_id);
    const gone = [...new Set([...given, ...items.filter(({ entry }) => isSuperseded(entry))])];
    const ids = drop(gone);
    const remove = (others: Entry[]) =>
      store.remove([...ids, ...others.filter(isSuperseded).map(({ id }) => id)]);
    // An update without a campaign has an earlier one before it that had one.
    const isFirst = isDelivered && given.some(({ entry }) => entry.body.campaign);
    // Not before the put has found its store.
    void Promise.all(gone.map(({ stored }) => stored)).then(() =>
      isFirst
        ? store
            .all()
            .catch(() => [])
            .then(remove)
        : remove([]),
    );
    return gone;
  };

  const of = (profile: string) => items.filter(({ entry }) => entry.profile === profile);

  /** One entry in place of several of a profile, so that a long outage does not fill the outbox. */
  const compact = (profile: string) => {
    const idle = of(profile).filter(({ isFlying, isAlone }) => !isFlying && !isAlone);
    const { fits, body } = mergeWaiting(idle.map(({ entry }) => entry));
    const parts = idle.slice(0, fits);
    const last = parts.at(-1);
    if (!last || fits < 2) return;
    const touch = parts.reduce<number | undefined>((found, { entry }) => entry.touch ?? found, undefined);
    const item = keep({ ...last.entry, id: `${last.entry.id}+`, body, touch });
    item.settle = receipt => {
      for (const part of parts) part.settle?.(receipt);
    };
    const ids = drop(parts);
    void item.stored.then(() => {
      if (item.isSafe) void store.remove(ids);
    });
  };

  const claim = async (entries: Entry[]) => {
    const free = await presence.free(entries);
    const mark = presence.mark();
    // The own ones too: it may be long since this page last looked.
    const wanted = entries.filter(
      entry => entry.page === mark.page || free.includes(entry) || isOutranked(entry),
    );
    const claimed = await store.claim(wanted, mark);
    // Another page was faster: that one is to be watched, too.
    if (claimed.length < wanted.length) await presence.free(await store.all());
    return claimed;
  };

  /** Makes this page's items what the store says, and claims what is nobody's. Resolves with what was claimed. */
  const sync = async (): Promise<Entry[]> => {
    const before = items.filter(({ isSafe }) => isSafe);
    stored = await store.all();
    const unsafe = items.filter(({ isSafe }) => isSafe === false).map(({ entry }) => entry);
    const lost = losses([...stored, ...unsafe], now(), most);
    for (const [entry, reason] of lost) {
      const item = items.find(({ entry: { id } }) => id === entry.id) ?? take(entry);
      discard([item]);
      onLoss(item, reason);
    }
    const kept = stored.filter(entry => !lost.some(([{ id }]) => id === entry.id));
    const own = kept[0] ? await claim(kept) : [];
    const isOwn = ({ entry }: Item) => own.some(({ id }) => id === entry.id);
    items = items.filter(item => item.isFlying || !before.includes(item) || isOwn(item));
    const added = own.filter(({ id }) => !done.has(id) && !items.some(({ entry }) => entry.id === id));
    for (const entry of added) {
      const item = take(entry);
      if (isSuperseded(entry)) discard([item]);
    }
    if (kept.length > MAX_ENTRIES / 2) for (const { entry } of items) compact(entry.profile);
    return added;
  };

  /** Whether all that is in hand went out when the page was hidden. */
  const parted = (isParted: boolean) => {
    for (const item of items) item.isParted = isParted;
  };

  return { items: () => items, of, add, keep, discard, isHeldBack, sync, parted };
}
