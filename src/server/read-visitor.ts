import { CAMPAIGN_FIELDS, FIELDS } from '../campaign/parameters.ts';
import { storedText, type WireCampaign } from '../campaign/payload.ts';
import { RULES } from '../campaign/rules.ts';
import { type Consent, toConsent } from '../consent/consent.ts';
import { toIdentity } from '../identity/records.ts';
import { selectFresh } from '../identity/touches.ts';
import { copyOf } from '../shared/json.ts';
import type { Touch } from '../shared/types.ts';
import { cookieRecords } from './cookie-records.ts';
import { normalizeVisitorOptions, type VisitorOptions } from './options.ts';

/** A touch of a visitor. It has no `rule` where the cookie holds none of the rules. */
export type StoredTouch = Omit<Touch, 'rule'> & Partial<Pick<Touch, 'rule'>>;

/** What a request's cookies say of its visitor. What they do not say is absent. */
export interface StoredVisitor {
  /** The random id of the browser's visitor. Absent where no page has recorded a visit. */
  anonymousId?: string;
  /** The user that the page has identified. It is a claim, and no proof: a login has to be checked elsewhere. */
  userId?: string;
  /** The company of that user. */
  companyId?: string;
  /** The campaign that the page sends with the user, or has sent. With `attribution: 'last'`, absent fields are `null`. */
  campaign?: WireCampaign;
  /** The first touch that is not too old. */
  first?: StoredTouch;
  /** The latest one. It may be the first. */
  last?: StoredTouch;
  /** The click ids of the touch that the campaign is of, with the page's option `includeAttribution` or `clickIds`. */
  clickIds?: Record<string, string>;
  /** What the visitor allows. Anything but `granted` leaves all else out. */
  consent: Consent;
}

/** Picks these fields, as far as they hold texts. */
const textsOf = (fields: unknown, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap(name => {
      const text = storedText(Object(fields)[name]);
      return text ? [[name, text]] : [];
    }),
  );

/** Makes a touch of a stored one, field by field. */
function toStoredTouch({ campaign, at, rule, path, clickIds }: Touch): StoredTouch {
  const landing = storedText(path);
  // In the order in which the page merges them.
  const texts = textsOf({ ...Object(clickIds), ...campaign }, FIELDS.slice(CAMPAIGN_FIELDS.length));
  return {
    campaign: textsOf(campaign, CAMPAIGN_FIELDS),
    at,
    ...((rule === 'adopted' || Object.hasOwn(RULES, rule)) && { rule }),
    ...(landing && { path: landing }),
    ...(Object.keys(texts)[0] && { clickIds: texts }),
  };
}

/**
 * Reads what a request's cookies say of its visitor: who they are to the browser, and the campaign that the page
 * sends. It reads with the page's own code. Pure, but for the clock, and total: no header throws.
 *
 * Any script of the site can write a cookie, so every field is checked, and a bad one counts as missing. Where the
 * browser refuses cookies, the records are in its localStorage, and no server sees them.
 *
 * @param cookieHeader The request's `Cookie` header, such as `request.headers.get('cookie')`.
 * @param options Those that the page is given. One that cannot be meant is said on the console, and counts as absent.
 * @returns The visitor. Without any cookie of ours, `consent` alone.
 */
export function readVisitor(
  cookieHeader: string | null | undefined,
  options: VisitorOptions = {},
): StoredVisitor {
  const settings = normalizeVisitorOptions(options);
  const records = cookieRecords(cookieHeader, settings.persistenceKeyPrefix);
  const consent = toConsent(records.load('consent'), settings.consent);
  if (consent !== 'granted') return { consent };
  const { anonymousId, userId, companyId } = toIdentity(records.load('id'));
  const [selected, { first, last = first }] = selectFresh(records, Date.now(), settings);
  const touch = selected && toStoredTouch(selected.touch);
  // Through JSON, as what the page sends: without what is absent, and in characters that every database takes.
  return copyOf<never>({
    anonymousId,
    userId,
    companyId,
    campaign: selected?.campaign,
    first: first && toStoredTouch(first),
    last: last && toStoredTouch(last),
    clickIds: touch?.clickIds,
    consent,
  });
}
