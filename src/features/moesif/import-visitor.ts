import type { Page } from '../../browser/page.ts';
import { readParameters } from '../../campaign/parameters.ts';
import { readAddress } from '../../campaign/referrer.ts';
import { type Attribution, NO_TOUCHES } from '../../campaign/rules.ts';
import { tryOrUndefined } from '../../shared/try-or-undefined.ts';
import type { Identity } from '../../shared/types.ts';
import type { RecordStore } from '../../storage/record-store.ts';

/** Reads what moesif-browser-js wrote, by the end of its name. It is never written here. */
export type Left = (name: string) => string | null | undefined;

/** Reads a value. moesif-browser-js also writes absent values as words. */
function read(left: Left, name: string): string | undefined {
  const value = left(name);
  return value && !/^(null|undefined)$/.test(value) ? value : undefined;
}

/** Reads the visitor, user and company that moesif-browser-js stored. */
export function adoptIdentity(left: Left): Partial<Identity> {
  const anonymousId = read(left, 'anonymous_id');
  const userId = read(left, 'stored_user_id');
  const companyId = read(left, 'stored_company_id');
  return { ...(anonymousId && { anonymousId }), userId, companyId };
}

/**
 * Reads the campaign that moesif-browser-js had stored and not sent yet, as the first touch. It keeps a copy for the
 * company. Where that copy alone is left, the campaign was sent with the user.
 */
export function adoptTouches(left: Left, at: number): Attribution {
  const unsent = read(left, 'campaign_data');
  const text = unsent ?? read(left, 'campaign_company');
  if (!text) return NO_TOUCHES;
  const stored = Object.entries(tryOrUndefined(() => JSON.parse(text)) ?? {}).filter(
    ([, value]) => typeof value === 'string',
  );
  // Through the same hygiene as a landing page: its referrers hold credentials and queries.
  const { campaign } = readParameters(`?${new URLSearchParams(stored as [string, string][])}`);
  const referrer = readAddress(`${Object.fromEntries(stored).referrer}`);
  Object.assign(campaign, referrer?.fields);
  return Object.keys(campaign)[0]
    ? {
        count: 1,
        lastActivityAt: at,
        first: { campaign, at, rule: 'adopted' },
        ...(!unsent && { delivered: at }),
      }
    : NO_TOUCHES;
}

/**
 * Makes a store in which a visitor known only to moesif-browser-js is found. From then on the visitor is kept as one
 * of ours.
 */
export const adopting = (
  store: RecordStore,
  left: Left,
  { now, uuid }: Pick<Page, 'now' | 'uuid'>,
): RecordStore => ({
  ...store,
  load(name) {
    const own = store.load(name);
    if (own) return own;
    const adopted: object =
      name === 'id' ? adoptIdentity(left) : name === 'campaign' ? adoptTouches(left, now()) : {};
    if (!Object.values(adopted).some(Boolean)) return undefined;
    const record: object = name === 'id' ? { anonymousId: uuid(), ...adopted } : adopted;
    store.save(name, record);
    return record as Record<string, unknown>;
  },
});
