import type { RecordStore } from '../storage/record-store.ts';

/** The visitor's choice. `pending`: not asked yet, so nothing is written to the device and nothing is sent. */
export type Consent = 'granted' | 'pending' | 'denied';

/** Reads what the visitor allows: the choice of a record, else the site's initial value. `denied` there overrules it. */
export const toConsent = (stored: Record<string, unknown> | undefined, initial: Consent): Consent => {
  const choice = stored?.choice;
  // Any script on any subdomain can write the cookie.
  return initial !== 'denied' && (choice === 'granted' || choice === 'denied') ? choice : initial;
};

/**
 * Keeps what the visitor allows: the site's initial value, until a call sets a choice. A choice is kept for the pages
 * to come, and counts in all tabs. A `denied` of this page also counts against another page's choice.
 */
export function createConsent(records: RecordStore, initial: Consent) {
  return {
    current(): Consent {
      // Looking for the domain first spares a second look at the cookies.
      if (initial === 'granted') records.site();
      return toConsent(records.load('consent'), initial);
    },
    choose(choice: Consent): void {
      initial = choice;
      records.save('consent', { choice });
    },
  };
}
