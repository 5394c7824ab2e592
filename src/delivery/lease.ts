import type { Page } from '../browser/page.ts';
import type { Entry } from '../shared/types.ts';

/** The most requests at once in a flush, so that a full outbox does not crowd the page out. */
export const MAX_PARALLEL = 4;

/**
 * Makes the lease by which a page owns an entry where the browser has no locks, as on plain http. It lasts `lease`
 * milliseconds, as long as one attempt. The page has to claim the entry anew for the next attempt.
 *
 * Returns a function that finds the entries of other pages whose lease is over. `onExpired` is called when it may find
 * more.
 */
export function createLease(
  { now, setTimer }: Pick<Page, 'now' | 'setTimer'>,
  lease: number,
  onExpired: () => void,
) {
  let cancel = () => {};
  /** Returns the milliseconds that are left. A clock that was set back must not keep an entry for ever. */
  const remaining = ({ ownedSince = 0 }: Entry) => lease - Math.abs(now() - ownedSince);
  return (others: readonly Entry[]): Entry[] => {
    const isTaken = (entry: Entry) => remaining(entry) > 0;
    const free = others.filter(entry => !isTaken(entry));
    cancel();
    // Free ones, too: another page may be faster, and closed thereafter.
    if (others[0]) cancel = setTimer(onExpired, Math.min(lease, ...others.filter(isTaken).map(remaining)));
    // No more than go out at once, while the lease lasts.
    const profiles = [...new Set(free.map(({ profile }) => profile))].slice(0, MAX_PARALLEL);
    return free.filter(({ profile }) => profiles.includes(profile));
  };
}
