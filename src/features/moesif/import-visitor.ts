import type { Page } from '../../browser/page.ts';
import { readParameters } from '../../campaign/parameters.ts';
import { readAddress } from '../../campaign/referrer.ts';
import { type Attribution, NO_TOUCHES } from '../../campaign/rules.ts';
import { loadTouches, saveState } from '../../identity/touches.ts';
import { tryOrUndefined } from '../../shared/try-or-undefined.ts';
import type { Identity } from '../../shared/types.ts';
import type { RecordStore } from '../../storage/record-store.ts';

/** Reads what moesif-browser-js wrote, by the end of its name. It is never written here. */
export type ReadLegacy = (name: string) => string | null | undefined;

/** Reads a value. moesif-browser-js also writes absent values as words. */
function read(readLegacy: ReadLegacy, name: string): string | undefined {
  const value = readLegacy(name);
  return value && !/^(null|undefined)$/.test(value) ? value : undefined;
}

/** Reads the visitor, user and company that moesif-browser-js stored. */
export function readIdentity(readLegacy: ReadLegacy): Partial<Identity> {
  const anonymousId = read(readLegacy, 'anonymous_id');
  const userId = read(readLegacy, 'stored_user_id');
  const companyId = read(readLegacy, 'stored_company_id');
  return { ...(anonymousId && { anonymousId }), userId, companyId };
}

/**
 * Reads the campaign that moesif-browser-js had stored and not sent yet, as the first touch. It keeps a copy for the
 * company. Where that copy alone is left, the campaign was sent with the user.
 */
export function readTouches(readLegacy: ReadLegacy, at: number): Attribution {
  const unsent = read(readLegacy, 'campaign_data');
  const text = unsent ?? read(readLegacy, 'campaign_company');
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

/** Puts a visitor known only to moesif-browser-js into the records. From then on the visitor is kept as one of ours. */
export function importVisitor(
  records: RecordStore,
  readLegacy: ReadLegacy,
  { now, uuid }: Pick<Page, 'now' | 'uuid'>,
): void {
  const identity = readIdentity(readLegacy);
  if (!records.load('id') && Object.values(identity).some(Boolean))
    records.save('id', { anonymousId: uuid(), ...identity });
  const { lastActivityAt, delivered, ...touches } = readTouches(readLegacy, now());
  if (loadTouches(records).lastActivityAt || records.load('campaign') || !touches.count) return;
  records.save('campaign', touches);
  saveState(records, { lastActivityAt, delivered });
}
