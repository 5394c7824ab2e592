import type { Entry, Receipt } from '../shared/types.ts';
import type { CourierParts } from './dependencies.ts';
import type { Presence } from './entry-ownership.ts';
import { mergeWaiting } from './merge.ts';
import { type Loss, losses, MAX_ENTRIES } from './outbox-limits.ts';
import { createLastWord, isSupersededBy } from './superseded.ts';

/** An entry in this page's hands. */
export interface Item extends Entry {
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
}

const find = <E extends Entry>(entries: readonly E[], { id }: Entry) =>
  entries.find(entry => entry.id === id);

/**
 * The entries that are this page's to send, oldest first, and their like in the store. What is in the store is the
 * truth: another page may have taken an entry over while this one slept. `onLoss` hears of what is given up unsent.
 */
export function createOutbox(
  { store, page: { now }, most, isDenied }: Pick<CourierParts, 'store' | 'page' | 'most' | 'isDenied'>,
  presence: Presence,
  onLoss: (item: Item, reason: Loss[1]) => void,
) {
  const { isOutranked, remember, after } = createLastWord();
  let items: Item[] = [];
  /** What the store held when it was last looked into, of all pages. */
  let stored: Entry[] = [];
  /** Visitors who have been identified to the server. */
  const identified = new Set<unknown>();
  let count = 0;
  /** Ids this page is done with, though the store may show them a moment longer. */
  const done = new Set<string>();
  const isOpen = ({ id }: Entry) => !done.has(id);

  const take = (entry: Entry, put = Promise.resolve()): Item => {
    const item: Item = {
      ...entry,
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
    items.sort((a, b) => (a.id < b.id ? -1 : 1));
    return item;
  };

  /** Takes an update of this page's. */
  const add = (draft: Omit<Entry, 'id'>, isLeaving: boolean): Item => {
    // Sorts by time (13 digits until 2286), then by order within this page; two tabs never choose the same.
    const id = `${draft.at}-${1e6 + count++}-${presence.mark().page}`;
    return keep({ ...draft, id }, isLeaving);
  };

  /** Takes an entry that no store has yet. The write begins in this task, so that it outlives a navigation. */
  const keep = ({ id, kind, profile, body, at, touch }: Entry, isLeaving?: boolean): Item => {
    const marked = { id, kind, profile, body, at, touch, ...presence.mark() };
    return take(marked, store.put(marked, isLeaving));
  };

  /** Takes these out of all hands. Returns their ids. */
  const drop = (gone: readonly Entry[]): string[] => {
    const ids = gone.map(({ id }) => id);
    for (const id of ids) done.add(id);
    stored = stored.filter(isOpen);
    items = items.filter(isOpen);
    return ids;
  };

  /** Whether an entry has to wait for an update, of this page or another, that may make it superfluous. */
  const isHeldBack = (entry: Entry) =>
    !entry.body.user_id && [...stored, ...items].some(update => isSupersededBy(entry, update));
  const isSuperseded = ({ profile, body }: Entry) => !body.user_id && identified.has(profile);

  /**
   * Gives these up; with them, where they have arrived, what they make superfluous, whosever it is. Returns all of them
   * that were in this page's hands.
   */
  const discard = (given: readonly Item[], isDelivered?: boolean): Item[] => {
    if (isDelivered) for (const { body } of given) identified.add(body.user_id && body.anonymous_id);
    const gone = [...new Set([...given, ...items.filter(isSuperseded)])];
    const ids = drop([...gone, ...stored.filter(isSuperseded)]);
    // Not before the put has found its store.
    if (ids[0]) void Promise.all(gone.map(item => item.stored)).then(() => store.remove(ids));
    return gone;
  };

  const of = (profile: string) => items.filter(item => item.profile === profile);

  /** One entry in place of a profile's oldest ones, so that a long outage does not fill the outbox. */
  const compact = (profile: string) => {
    const mine = of(profile);
    const busy = mine.find(({ isFlying, isAlone, answer }) => isFlying || isAlone || answer);
    const idle = mine.filter(({ id }) => !busy || id < busy.id);
    const { fits, body } = mergeWaiting(idle);
    if (fits < 2) return;
    const parts = idle.slice(0, fits);
    const last = parts[fits - 1] as Item;
    // The newest touch is the one whose campaign is left in the body.
    const touch = parts.flatMap(part => part.touch ?? []).at(-1);
    const item = keep({ ...last, id: `${last.id}+`, body, touch });
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

  /** Makes this page's items what the store says, and claims what is nobody's. */
  const sync = async (): Promise<void> => {
    const before = items.filter(({ isSafe }) => isSafe);
    stored = (await store.all()).filter(isOpen);
    // What other pages left of a visitor who is identified by now.
    discard([]);
    const unsafe = items.filter(({ isSafe }) => isSafe === false);
    for (const [entry, reason] of losses([...stored, ...unsafe], now(), most)) {
      const item = find(items, entry) ?? take(entry);
      discard([item]);
      onLoss(item, reason);
    }
    const isCrowded = stored.length > MAX_ENTRIES / 2;
    const own = stored[0] ? await claim(stored) : [];
    items = items.filter(item => item.isFlying || !before.includes(item) || find(own, item));
    const added = own.filter(entry => isOpen(entry) && !find(items, entry));
    for (const entry of added) take(entry);
    if (isCrowded) for (const { profile } of items) compact(profile);
    for (const entry of after(added)) keep(entry);
  };

  return { items: () => items, of, add, discard, isHeldBack, sync, remember };
}
