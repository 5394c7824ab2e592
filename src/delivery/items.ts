import type { Entry, Receipt } from '../shared/types.ts';

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

export type Items = ReturnType<typeof createItems>;

export const find = <E extends Entry>(entries: readonly E[], { id }: Entry) =>
  entries.find(entry => entry.id === id);

/** Makes an item of an entry on its way to the store by `put`. `onPersisted` runs when it is known whether that took it. */
export const toItem = (entry: Entry, put: Promise<void>, onPersisted: () => void): Item => {
  const settle = (isPersisted: boolean) => {
    item.isPersisted = isPersisted;
    onPersisted();
  };
  const item: Item = {
    ...entry,
    persisted: put.then(
      () => settle(true),
      () => settle(false),
    ),
  };
  return item;
};

/** Keeps the entries in this page's hands, oldest first, beside those that the store held when it was last read. */
export function createItems() {
  let items: Item[] = [];
  let stored: Entry[] = [];
  /** Ids that are done with here, though the store may show them a moment longer. */
  const removedIds = new Set<string>();
  const isOpen = ({ id }: Entry) => !removedIds.has(id);
  return {
    all: () => items,
    of: (profile: string) => items.filter(item => item.profile === profile),
    /** Returns the entries of all pages, as the store held them. */
    stored: () => stored,
    isOpen,
    add(item: Item): void {
      items.push(item);
      items.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    /** Takes note of what the store holds now. */
    read(entries: Entry[]): void {
      stored = entries.filter(isOpen);
    },
    /** Keeps only these items. */
    retain(isKept: (item: Item) => unknown): void {
      items = items.filter(isKept);
    },
    /** Forgets these entries here. Returns their ids. */
    forget(gone: readonly Entry[]): string[] {
      const ids = gone.map(({ id }) => id);
      for (const id of ids) removedIds.add(id);
      stored = stored.filter(isOpen);
      items = items.filter(isOpen);
      return ids;
    },
  };
}
