import type { Page } from '../browser/page.ts';
import type { Entry } from '../shared/types.ts';
import type { Owner } from '../storage/entry-store.ts';
import { createLease } from './lease.ts';

const lockOf = (page?: string) => `utmost:${page}`;

const untilAborted = (signal: AbortSignal) =>
  new Promise(resolve => {
    signal.onabort = resolve;
  });

export type EntryOwnership = ReturnType<typeof createEntryOwnership>;

/**
 * Decides which page an entry belongs to. A page holds a Web Lock named after itself, which the browser takes away when
 * the page goes, however it goes. Where there are no locks, a lease of `lease` milliseconds stands in.
 *
 * `onOrphans` is called when entries of another page may have become free.
 */
export function createEntryOwnership(
  page: Pick<Page, 'lockManager' | 'now' | 'uuid' | 'setTimer'>,
  lease: number,
  onOrphans: () => void,
) {
  const manager = page.lockManager();
  const findExpired = createLease(page, lease, onOrphans);
  let ownId: string | undefined;
  /** Ends when the page is left. */
  let stay: AbortController | undefined;
  const watched = new Set<string | undefined>();

  /** Returns this page's name, and takes its lock unless the page is left. */
  const acquire = (): string => {
    ownId ??= page.uuid();
    if (!stay) {
      stay = new AbortController();
      const { signal } = stay;
      manager?.request(lockOf(ownId), { signal }, () => untilAborted(signal)).catch(() => {});
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
    /** Gives the lock up, since the page is left. The back/forward cache takes no page that holds or awaits one. */
    release(): void {
      stay ??= new AbortController();
      stay.abort();
    },
    /** Lets the lock be taken again: the page came back out of that cache, or was never gone. */
    resume(): void {
      if (stay?.signal.aborted) stay = undefined;
    },
    current: (): Owner => ({ owner: acquire(), ownedSince: page.now() }),
    /** Finds those of other pages' entries that this page may have. The owners of the others are watched. */
    async findOrphans(entries: readonly Entry[]): Promise<Entry[]> {
      const own = acquire();
      const others = entries.filter(({ owner }) => owner !== own);
      const locked = await manager?.query().catch(() => undefined);
      if (!locked) return findExpired(others);
      const living = [locked.held, locked.pending].flat().map(lock => lock?.name);
      const isTaken = ({ owner }: Entry) => living.includes(lockOf(owner));
      for (const { owner } of others.filter(isTaken)) watchOwner(owner);
      return others.filter(entry => !isTaken(entry));
    },
  };
}
