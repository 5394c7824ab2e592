import type { Page } from '../browser/page.ts';
import type { Entry } from '../shared/types.ts';
import type { Owner } from '../storage/entry-store.ts';

/** The most requests at once in a flush, so that a full outbox does not crowd the page out. */
export const MAX_PARALLEL = 4;

const lockOf = (page?: string) => `utmost:${page}`;

export type EntryOwnership = ReturnType<typeof createEntryOwnership>;

/**
 * Decides which page an entry belongs to. A page holds a Web Lock named after itself, which the browser takes away when the
 * page goes, however it goes. Plain http has no locks: there a page owns an entry for `lease` milliseconds, as long as one
 * attempt may last. It has to claim the entry anew for the next attempt.
 *
 * `onOrphans` is called when entries of another page may have become free.
 */
export function createEntryOwnership(
  { lockManager, now, uuid, setTimer }: Pick<Page, 'lockManager' | 'now' | 'uuid' | 'setTimer'>,
  lease: number,
  onOrphans: () => void,
) {
  const manager = lockManager();
  let ownId: string | undefined;
  /** Ends when the page is left. */
  let stay: AbortController | undefined;
  const watched = new Set<string | undefined>();
  let unwatch = () => {};

  /** Returns this page's name. While the page is not left, its lock shows that it lives. */
  const acquire = (): string => {
    ownId ??= uuid();
    if (!stay) {
      stay = new AbortController();
      const { signal } = stay;
      const untilLeft = () =>
        new Promise(resolve => {
          signal.onabort = resolve;
        });
      manager?.request(lockOf(ownId), { signal }, untilLeft).catch(() => {});
    }
    return ownId;
  };

  /** Waits for another page's end, which passes its lock on. */
  const watchOwner = (other?: string) => {
    if (!stay || watched.has(other)) return;
    watched.add(other);
    manager
      ?.request(lockOf(other), { mode: 'shared', signal: stay.signal }, () => {})
      .finally(() => watched.delete(other))
      .then(onOrphans, () => {});
  };

  return {
    /** The page is left; the back/forward cache takes none that holds a lock or waits for one. */
    release(): void {
      stay ??= new AbortController();
      stay.abort();
    },
    /** It came back out of that cache, or was never gone. */
    resume(): void {
      if (stay?.signal.aborted) stay = undefined;
    },
    current: (): Owner => ({ owner: acquire(), ownedSince: now() }),
    /** Those of other pages' entries that this page may have. */
    async findOrphans(entries: readonly Entry[]): Promise<Entry[]> {
      const own = acquire();
      const others = entries.filter(entry => entry.owner !== own);
      const locked = await manager?.query().catch(() => undefined);
      const living = locked && [locked.held, locked.pending].flat().map(lock => lock?.name);
      // A clock that was set back must not keep an entry for ever.
      const left = ({ ownedSince = 0 }: Entry) => lease - Math.abs(now() - ownedSince);
      const isTaken = (entry: Entry) => (living ? living.includes(lockOf(entry.owner)) : left(entry) > 0);
      const taken = others.filter(isTaken);
      const free = others.filter(entry => !taken.includes(entry));
      if (living) {
        for (const entry of taken) watchOwner(entry.owner);
        return free;
      }
      unwatch();
      // Free ones, too: another page may be faster, and closed thereafter.
      if (others[0]) unwatch = setTimer(onOrphans, Math.min(lease, ...taken.map(left)));
      // No more than go out at once, while the lease lasts.
      const profiles = [...new Set(free.map(({ profile }) => profile))].slice(0, MAX_PARALLEL);
      return free.filter(({ profile }) => profiles.includes(profile));
    },
  };
}
