import { type Consent, toConsent } from '../consent/consent.ts';
import { normalizeId } from '../identity/ids.ts';
import { toAttribution } from '../identity/records.ts';
import { decode, encode, MAX_COOKIE } from '../storage/codec.ts';
import { cookieValues } from './cookie-header.ts';

/** Options of {@link renewCookies}. */
export interface RenewOptions {
  /**
   * The domain of the page's cookies, such as `example.com`. A record that says it lives on another one is not
   * renewed: it would be there twice. Default: the domain that the record itself names.
   */
  domain?: string | undefined;
  /** Sets `Secure`, as pages on https do. Browsers then keep the cookies off http. Default true. */
  secure?: boolean | undefined;
  /** `None` for pages that have `crossSiteCookie` (`utmost/full`). Default `Lax`. */
  sameSite?: 'Lax' | 'None' | undefined;
  /** The option of `utmost/full` of that name. Default `utmost_`. */
  persistenceKeyPrefix?: string | undefined;
  /** The lifetime in days. Browsers cap it at 400. Default 400. */
  cookieExpiration?: number | undefined;
  /** The page's option of that name. With `pending`, nothing is renewed before the visitor has agreed. Default `granted`. */
  consent?: Consent | undefined;
}

/** The longest lifetime that browsers allow, in days (RFC 6265bis, 5.5). */
const MAX_AGE = 400;

type StoredRecord = Record<string, unknown>;

const isAbsentOr = (kind: 'string' | 'number', ...values: unknown[]): boolean =>
  values.every(value => value === undefined || typeof value === kind);

/**
 * Checks, by name, of the records that are renewed. The visitor's choice is none of them: it keeps its own age. Nor is
 * what pages write all the time, and can lose.
 */
const CHECKS = {
  id: ({ anonymousId, userId, companyId, ...record }: StoredRecord) =>
    [anonymousId, userId ?? anonymousId, companyId ?? anonymousId].every(id => normalizeId(id)) &&
    isAbsentOr('string', record.domain),
  campaign: (record: StoredRecord) => {
    const { first, last } = toAttribution(record);
    const texts = [first, last].flatMap(touch => [
      ...Object.values({ ...touch?.clickIds, ...touch?.campaign }),
      touch?.rule,
      touch?.path,
    ]);
    return (
      (record.first === undefined) === !first &&
      (record.last === undefined) === !last &&
      isAbsentOr('string', ...texts) &&
      isAbsentOr('number', record.count)
    );
  },
};

/** Reads a record as pages write it. Returns undefined for any other value, and where two of a name differ. */
function readSound(header: unknown, name: string, isSound: (record: StoredRecord) => boolean) {
  const [value = '', ...others] = new Set(cookieValues(header, name));
  const record = /^[\w-]+$/.test(value) ? decode(value) : undefined;
  const isWritten = !others[0] && name.length + 1 + value.length <= MAX_COOKIE;
  return record && isWritten && isSound(record) ? { record, value } : undefined;
}

/**
 * Makes the `Set-Cookie` lines that keep the visitor's records for 400 days, with the values they have. Safari keeps
 * what a script writes for 7 days, and what the site's own server sets for as long as it says.
 *
 * There are none without the visitor's consent, for a value that no page of yours wrote, and for a visitor whose id is
 * missing. Pure and total: no input throws.
 *
 * @param cookieHeader The request's `Cookie` header.
 * @param options Where the page keeps its cookies. An option that cannot be meant leaves all as it is.
 * @returns One line for each of `utmost_id` and `utmost_campaign`, and `utmost_renewed`, which keeps pages from
 *   writing them anew for half as long.
 */
export function renewCookies(
  cookieHeader: string | null | undefined,
  {
    domain,
    secure = true,
    sameSite = 'Lax',
    persistenceKeyPrefix: prefix = 'utmost_',
    cookieExpiration = MAX_AGE,
    consent = 'granted',
  }: RenewOptions = {},
): string[] {
  const [choice] = cookieValues(cookieHeader, `${prefix}consent`);
  const identity = readSound(cookieHeader, `${prefix}id`, CHECKS.id);
  if (!identity || toConsent(decode(choice), consent) !== 'granted') return [];
  const own = identity.record.domain as string | undefined;
  const wanted = `${domain ?? own}`.replace(/^\./, '').toLowerCase();
  // Where the page keeps it is not known, or is elsewhere: a second cookie of that name would hide the first.
  const isKnown = (domain ?? own) !== undefined && (own ?? wanted) === wanted;
  const areMeant = cookieExpiration > 0 && /^(Lax|None)$/.test(sameSite) && /^[a-z\d.-]*$/.test(wanted);
  if (!isKnown || !areMeant) return [];
  const days = Math.min(cookieExpiration, MAX_AGE);
  const toLine = (name: string, value: string, lifetime = days) =>
    [
      `${prefix}${name}=${value}`,
      ...(wanted ? [`Domain=${wanted}`] : []),
      'Path=/',
      `Max-Age=${Math.round(lifetime * 86_400)}`,
      `SameSite=${sameSite}`,
      ...(secure || sameSite === 'None' ? ['Secure'] : []),
    ].join('; ');
  const lines = Object.entries(CHECKS).flatMap(([name, isSound]) => {
    const found = readSound(cookieHeader, prefix + name, isSound);
    return found ? [toLine(name, found.value)] : [];
  });
  // In the second half pages renew by themselves again: a visitor may have nothing to send for long.
  return [...lines, toLine('renewed', encode({}), days / 2)];
}
