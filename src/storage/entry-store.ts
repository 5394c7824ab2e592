import { copyOf, isObject } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { Entry } from '../shared/types.ts';

/** The page that owns an entry, and since when. */
export type Owner = Required<Pick<Entry, 'owner' | 'ownedSince'>>;

/** The storage of waiting entries. A call rejects where the browser refuses to store. */
export interface EntryStore {
  /**
   * Stores an entry. `isQuick`: only where that is done synchronously and costs little. It outlives the page, though not
   * always a browser that is killed.
   */
  put(entry: Entry, isQuick?: boolean): Promise<void>;
  remove(ids: string[]): Promise<void>;
  /** Removes everything, without creating anything of its own to do so. */
  clear(): Promise<void>;
  all(): Promise<Entry[]>;
  /** Checks whether what `all` has found was everything. Absent: always. */
  isComplete?(): boolean;
  /**
   * Claims those of the entries that are there and still have the owner they were seen with, and resolves with them.
   * Of two pages that claim the same entry only one gets it.
   */
  claim(seen: readonly Entry[], owner: Owner): Promise<Entry[]>;
}

const KINDS = [undefined, 'users', 'companies', 'actions'];

/** Reads a record as an entry, if it is one, and nothing else of it. Any script of the site can write here. */
const toEntry = (record: unknown, key: unknown): Entry | undefined =>
  tryOrUndefined(() => {
    // Throws for what has no JSON.
    const { id, kind, profile, body, at, touch, owner, ownedSince } = copyOf<Entry>(record);
    const isEntry =
      id === key && KINDS.includes(kind) && typeof profile === 'string' && typeof at === 'number';
    const isOwned = typeof owner === 'string' && typeof ownedSince === 'number';
    return isEntry && isObject(body)
      ? { id, kind, profile, body, at, touch, ...(isOwned && { owner, ownedSince }) }
      : undefined;
  });

/** Reads the records that are entries. The others are removed. */
export function toEntries<Key>(
  keys: Key[],
  records: unknown[],
  remove: (keys: Key[]) => Promise<void>,
): Entry[] {
  const entries = records.map((record, index) => toEntry(record, keys[index]));
  const foreign = keys.filter((_, index) => !entries[index]);
  if (foreign.length) remove(foreign).catch(() => {});
  return entries.filter(entry => !!entry);
}

/** Gives a new owner to those of the entries found that are as they were seen. */
export const toClaimed = (found: Entry[], seen: readonly Entry[], newOwner: Owner): Entry[] =>
  found
    .filter(({ id, owner, ownedSince }) =>
      seen.some(entry => entry.id === id && entry.owner === owner && entry.ownedSince === ownedSince),
    )
    .map(entry => ({ ...entry, ...newOwner }));
