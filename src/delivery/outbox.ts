import type { Entry, Receipt } from '../shared/types.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import type { EntryOwnership } from './entry-ownership.ts';
import { mergeWaiting } from './merge.ts';
import { type Eviction, findEvictions, MAX_ENTRIES } from './outbox-limits.ts';
import { createSuperseded, isRedundantAfter } from './superseded.ts';

/** An entry in this page's hands. */
export interface Item extends Entry {
  /** Answers the caller, who may be a page long gone. */
  settle?: ((receipt: Receipt) => void) | undefined;
  /** The caller's receipt, while it is open. */
  answer?: Promise<Receipt> | undefined;
  /** Resolves when it is known whether a store has taken it. */
  persisted: Promise<unknown>;
  /** Tells whether one has, once that is known. */
  isPersisted?: boolean;
  /** Marks what goes unmerged, since a merged request that held it was refused. */
  isUnmergeable?: boolean;
  /** Marks what is in a request under way. */
  isInFlight?: boolean;
}

export type Outbox = ReturnType<typeof createOutbox>;

const find = <E extends Entry>(entries: readonly E[], { id }: Entry) =>
  entries.find(entry => entry.id === id);

/**
 * Keeps the entries that are this page's to send, oldest first, here and in the store. The store is right where they
 * differ: another page may have taken an entry over while this one slept. `onEvict` removes what is given up unsent.
 */
export function createOutbox(
  {
    entries: store,
    page: { now },
    maxEntries,
    isDenied,
  }: Pick<DeliveryDependencies, 'entries' | 'page' | 'maxEntries' | 'isDenied'>,
  ownership: EntryOwnership,
  onEvict: (item: Item, reason: Eviction[1]) => void,
) {
  const { isSuperseded, recordSent, toResend } = createSuperseded();
  let items: Item[] = [];
  /** The entries of all pages, as the store held them when it was last read. */
  let stored: Entry[] = [];
  /** The anonymous ids of visitors who have been identified to the server. */
  const identified = new Set<unknown>();
  let count = 0;
  /** Ids that are done with here, though the store may show them a moment longer. */
  const removedIds = new Set<string>();
  const isOpen = ({ id }: Entry) => !removedIds.has(id);

  /** Takes an entry of the store, or on its way there (`put`), into this page's hands. */
  const adopt = (entry: Entry, put = Promise.resolve()): Item => {
    const item: Item = {
      ...entry,
      persisted: put
        .then(
          () => true,
          () => false,
        )
        .then(isPersisted => {
          item.isPersisted = isPersisted;
          // Withdrawn meanwhile, perhaps in another tab: what was erased must not come back.
          if (isDenied()) remove([item]);
        }),
    };
    items.push(item);
    items.sort((a, b) => (a.id < b.id ? -1 : 1));
    return item;
  };

  /** Makes an entry of a call on this page, and puts it into the store. */
  const enqueue = (draft: Omit<Entry, 'id'>, isLeaving: boolean): Item => {
    // Sorts by time (13 digits until 2286), then by order within this page; two tabs never choose the same.
    const id = `${draft.at}-${1e6 + count++}-${ownership.current().owner}`;
    return put({ ...draft, id }, isLeaving);
  };

  /** Puts an entry into the store. The write begins in this task, so that it outlives a navigation. */
  const put = ({ id, kind, profile, body, at, touch }: Entry, isLeaving?: boolean): Item => {
    const marked = { id, kind, profile, body, at, touch, ...ownership.current() };
    return adopt(marked, store.put(marked, isLeaving));
  };

  /** Forgets these entries here. Returns their ids. */
  const forget = (gone: readonly Entry[]): string[] => {
    const ids = gone.map(({ id }) => id);
    for (const id of ids) removedIds.add(id);
    stored = stored.filter(isOpen);
    items = items.filter(isOpen);
    return ids;
  };

  /** Checks whether an entry has to wait for an update, of this page or another, that may make it superfluous. */
  const isHeldBack = (entry: Entry) =>
    !entry.body.user_id && [...stored, ...items].some(update => isRedundantAfter(entry, update));
  const isRedundant = ({ profile, body }: Entry) => !body.user_id && identified.has(profile);

  /**
   * Removes these items from the outbox. If they were delivered, what they make superfluous goes too, of any page.
   * Returns all items that are gone.
   */
  const remove = (given: readonly Item[], isDelivered?: boolean): Item[] => {
    if (isDelivered) for (const { body } of given) identified.add(body.user_id && body.anonymous_id);
    const gone = [...new Set([...given, ...items.filter(isRedundant)])];
    const ids = forget([...gone, ...stored.filter(isRedundant)]);
    // Not before the put has found its store.
    if (ids[0]) void Promise.all(gone.map(item => item.persisted)).then(() => store.remove(ids));
    return gone;
  };

  const of = (profile: string) => items.filter(item => item.profile === profile);

  /** Merges a profile's oldest items into one, so that a long outage does not fill the outbox. */
  const compact = (profile: string) => {
    const mine = of(profile);
    const busy = mine.find(({ isInFlight, isUnmergeable, answer }) => isInFlight || isUnmergeable || answer);
    const idle = mine.filter(({ id }) => !busy || id < busy.id);
    const { count, body } = mergeWaiting(idle);
    if (count < 2) return;
    const parts = idle.slice(0, count);
    const last = parts[count - 1] as Item;
    // The newest touch is the one whose campaign is left in the body.
    const touch = parts.flatMap(part => part.touch ?? []).at(-1);
    const item = put({ ...last, id: `${last.id}+`, body, touch });
    const ids = forget(parts);
    void item.persisted.then(() => {
      if (item.isPersisted) void store.remove(ids);
    });
  };

  /** Claims those of the entries that this page may have, or has to send again in the right order. */
  const claim = async (entries: Entry[]) => {
    const free = await ownership.findOrphans(entries);
    const owner = ownership.current();
    // The own ones too: it may be long since this page last looked.
    const wanted = entries.filter(
      entry => entry.owner === owner.owner || free.includes(entry) || isSuperseded(entry),
    );
    const claimed = await store.claim(wanted, owner);
    // Another page was faster: that one is to be watched, too.
    if (claimed.length < wanted.length) await ownership.findOrphans(await store.all());
    return claimed;
  };

  /** Makes the items what the store says, and claims the entries of pages that are gone. */
  const sync = async (): Promise<void> => {
    const before = items.filter(({ isPersisted }) => isPersisted);
    stored = (await store.all()).filter(isOpen);
    // What other pages left of a visitor who is identified by now.
    remove([]);
    const unsafe = items.filter(({ isPersisted }) => isPersisted === false);
    for (const [entry, reason] of findEvictions([...stored, ...unsafe], now(), maxEntries)) {
      const item = find(items, entry) ?? adopt(entry);
      onEvict(item, reason);
    }
    const isCrowded = stored.length > MAX_ENTRIES / 2;
    const own = stored[0] ? await claim(stored) : [];
    items = items.filter(item => item.isInFlight || !before.includes(item) || find(own, item));
    const added = own.filter(entry => isOpen(entry) && !find(items, entry));
    for (const entry of added) adopt(entry);
    if (isCrowded) for (const { profile } of items) compact(profile);
    for (const entry of toResend(added)) put(entry);
  };

  return { items: () => items, of, enqueue, remove, isHeldBack, sync, recordSent };
}
