import type { Store } from '../storage/cookie-store.ts';

/** `pending`: not asked yet, so nothing is written to the device and nothing is sent. */
export type Consent = 'granted' | 'pending' | 'denied';

/**
 * What the visitor allows: what the site begins with, until a choice is told by a call. That one is kept for the pages
 * to come, and counts in all tabs. A `denied` of this page also counts against what another page has told.
 */
export function createConsent(store: Store, initial: Consent) {
  return {
    current(): Consent {
      const choice = store.load('consent')?.choice;
      // Any script on any subdomain can write the cookie.
      return initial !== 'denied' && (choice === 'granted' || choice === 'denied') ? choice : initial;
    },
    choose(choice: Consent): void {
      initial = choice;
      store.save('consent', { choice });
    },
  };
}
