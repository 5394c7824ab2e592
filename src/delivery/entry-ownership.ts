import type { Page } from '../browser/page.ts';
import type { Entry } from '../shared/types.ts';
import type { Owner } from '../storage/entry-store.ts';
import { createLease } from './lease.ts';

/**
 * Milliseconds that an update has to be answered before it is stored to outlive the browser, and its page takes a lock.
 * Both cost the page more than the update itself.
 */
export const HEAD_START = 100;

/** Milliseconds for which an entry belongs to a page that holds no lock: its head start, and as long again. */
const UNLOCKED = 2 * HEAD_START;

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
  const findExpired = createLease(page, lease, onOrphans);
  let ownId: string | undefined;
  /** Ends when the page is left. */
  let stay: AbortController | undefined;
  const watched = new Set<string | undefined>();

  const own = () => (ownId ??= page.uuid());
  /** Takes this page's lock, unless the page is left. */
  const acquire = () => {
    if (stay) return;
    stay = new AbortController();
    const { signal } = stay;
    page.lockManager?.request(lockOf(own()), { signal }, () => untilAborted(signal)).catch(() => {});
  };

  /** Waits for another page's end, which passes its lock on. */
  const watchOwner = (other?: string) => {
    if (!stay || watched.has(other)) return;
    watched.add(other);
    page.lockManager
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
    acquire,
    current: (): Owner => ({ owner: own(), ownedSince: page.now() }),
    /** Finds those of other pages' entries that this page may have. The owners of the others are watched. */
    async findOrphans(entries: readonly Entry[]): Promise<Entry[]> {
      const others = entries.filter(({ owner }) => owner !== own());
      if (!others[0]) return [];
      const locked = await page.lockManager?.query().catch(() => undefined);
      if (!locked) return findExpired(others);
      const living = [locked.held, locked.pending].flat().map(lock => lock?.name);
      const isTaken = ({ owner }: Entry) => living.includes(lockOf(owner));
      for (const { owner } of others.filter(isTaken)) watchOwner(owner);
      const free = others.filter(entry => !isTaken(entry));
      // Their page takes its lock only after their head start.
      const isYoung = ({ ownedSince = 0 }: Entry) => Math.abs(page.now() - ownedSince) < UNLOCKED;
      if (free.some(isYoung)) page.setTimer(onOrphans, UNLOCKED);
      return free.filter(entry => !isYoung(entry));
    },
  };
}
