import { attempt } from './attempt.ts';
import { type Attribution, NO_TOUCHES } from './campaign/attribution.ts';
import { readParameters } from './campaign/parameters.ts';
import { readAddress } from './campaign/referrer.ts';
import type { Store } from './storage/cookies.ts';
import type { Identity } from './types.ts';

/** What moesif-browser-js wrote under a name; it also writes absent values as words. It is never written here. */
function read(store: Store, name: string): string | undefined {
  const value = store.peek(`moesif_${name}`);
  return value && !/^(null|undefined)$/.test(value) ? value : undefined;
}

/** The visitor, user and company that moesif-browser-js stored. */
export function adoptIdentity(store: Store): Partial<Identity> {
  const anonymousId = read(store, 'anonymous_id');
  const userId = read(store, 'stored_user_id');
  const companyId = read(store, 'stored_company_id');
  return { ...(anonymousId && { anonymousId }), userId, companyId };
}

/** The campaign that moesif-browser-js had stored and not sent yet, as the first touch. */
export function adoptTouches(store: Store, at: number): Attribution {
  const text = read(store, 'campaign_data');
  if (!text) return NO_TOUCHES;
  const stored = Object.entries(attempt(() => JSON.parse(text)) ?? {}).filter(
    ([, value]) => typeof value === 'string',
  );
  // Through the same hygiene as a landing page: its referrers hold credentials and queries.
  const { campaign } = readParameters(`?${new URLSearchParams(stored as [string, string][])}`);
  const referrer = readAddress(`${Object.fromEntries(stored).referrer}`);
  Object.assign(campaign, referrer?.fields);
  return Object.keys(campaign)[0]
    ? { count: 1, seen: at, first: { campaign, at, rule: 'adopted' } }
    : NO_TOUCHES;
}
