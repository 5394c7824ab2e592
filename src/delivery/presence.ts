import type { Page } from '../page.ts';
import type { Mark } from '../storage/outbox.ts';
import type { Entry } from '../types.ts';

/** Requests at once in a round of retries, so that a full outbox does not crowd the page out. */
export const ROUND = 4;

const lockOf = (page?: string) => `utmost:${page}`;

export type Presence = ReturnType<typeof createPresence>;

/**
 * Which page an entry belongs to. A page holds a Web Lock named after itself, which the browser takes away from it when
 * it goes, however it goes. Where there are none (plain http), a page has an entry for as long as one attempt may
 * last, `lease` milliseconds, and has to claim it anew for the next attempt.
 *
 * `onFree` is called when entries of another page may have become free.
 */
export function createPresence(
  { lockManager, now, uuid, later }: Pick<Page, 'lockManager' | 'now' | 'uuid' | 'later'>,
  lease: number,
  onFree: () => void,
) {
  const manager = lockManager();
  let page: string | undefined;
  let stay: AbortController | undefined;
  let isLeft = false;
  const watched = new Set<string | undefined>();
  let unwatch = () => {};

  /** This page's name; while it is not left, it shows that it lives. */
  const enter = (): string => {
    page ??= uuid();
    if (!stay && !isLeft) {
      stay = new AbortController();
      const { signal } = stay;
      const left = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
      manager?.request(lockOf(page), { signal }, () => left).catch(() => {});
    }
    return page;
  };

  /** Another page's end frees its lock for whoever waits for it. */
  const watch = (other?: string) => {
    if (!stay || watched.has(other)) return;
    watched.add(other);
    const { signal } = stay;
    const ended = () => void watched.delete(other);
    manager
      ?.request(lockOf(other), { mode: 'shared', signal }, () => {})
      .then(ended)
      .then(onFree, ended);
  };

  return {
    /** The page is left; the back/forward cache takes none that holds a lock or waits for one. */
    leave(): void {
      isLeft = true;
      stay?.abort();
      stay = undefined;
    },
    /** It came back out of that cache, or was never gone. */
    comeBack(): void {
      isLeft = false;
    },
    mark: (): Mark => ({ page: enter(), held: now() }),
    /** Those of other pages' entries that this page may have. */
    async free(entries: readonly Entry[]): Promise<Entry[]> {
      const own = enter();
      const others = entries.filter(({ page }) => page !== own);
      const locked = await manager?.query().catch(() => undefined);
      if (locked) {
        const living = [...(locked.held ?? []), ...(locked.pending ?? [])].map(({ name }) => name);
        const isLiving = (entry: Entry) => living.includes(lockOf(entry.page));
        for (const entry of others.filter(isLiving)) watch(entry.page);
        return others.filter(entry => !isLiving(entry));
      }
      // A clock that was set back must not keep an entry for ever.
      const left = ({ held = 0 }: Entry) => lease - Math.abs(now() - held);
      const waits = others.map(left).filter(wait => wait > 0);
      unwatch();
      if (waits[0]) unwatch = later(onFree, Math.min(...waits));
      const ended = others.filter(entry => left(entry) <= 0);
      // No more than go out at once, while the lease lasts.
      const profiles = [...new Set(ended.map(({ profile }) => profile))].slice(0, ROUND);
      return ended.filter(({ profile }) => profiles.includes(profile));
    },
  };
}
