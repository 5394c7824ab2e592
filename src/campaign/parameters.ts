import type { Campaign } from '../shared/types.ts';

/** Fields of a touch: those of a campaign in documented order, then those that are sent as attribution alone. */
export const FIELDS = (
  'utm_source utm_medium utm_campaign utm_term utm_content referrer referring_domain gclid ' +
  'gbraid wbraid dclid msclkid fbclid ttclid twclid li_fat_id rdt_cid sccid irclid epik yclid utm_id'
).split(' ');

/** Fields of a campaign. */
export const CAMPAIGN_FIELDS = FIELDS.slice(0, 8);

/** Click ids, which name one click on one link. */
export const CLICK_IDS = FIELDS.slice(7, -1);

/** The longest part of an address that is read, in UTF-16 code units: far beyond what servers take. */
const MAX_URL = 65_536;

/** The longest value that is kept, in UTF-16 code units. */
export const MAX_LENGTH = 512;

/**
 * A change to a value, or the reason why it was dropped.
 *
 * - Changed: `trimmed`, `control-characters` (stripped), `cut` (over 512 characters), `repaired-key` (`UTM_Source`,
 *   `amp;utm_medium`), `from-hash`.
 * - Dropped: `empty`, `macro` (never filled in by the ad platform), `email`, `jwt`, `repeated` (an earlier one
 *   counts).
 * - Dropped: `too-long`, of a click id. Cut, it would name another click or none.
 * - Of a referrer on the site itself: `internal-campaign` (the tags are of a link between own pages).
 * - Of the same: `from-referrer` (the tags are of that page's address).
 * - Of the same, on the first page seen: `unrecorded-landing` (the visit began on a page that recorded nothing).
 */
export type ParameterIssueCode =
  | 'trimmed'
  | 'control-characters'
  | 'cut'
  | 'repaired-key'
  | 'from-hash'
  | 'empty'
  | 'macro'
  | 'email'
  | 'jwt'
  | 'too-long'
  | 'repeated'
  | 'internal-campaign'
  | 'unrecorded-landing'
  | 'from-referrer';

/** A value that was changed or dropped. The note never repeats the value. */
export interface ParameterIssue {
  key: string;
  code: ParameterIssueCode;
}

export interface Parameters {
  /** All that is usable, as one text for comparing. Empty where nothing is. */
  campaignKey: string;
  /** The campaign's fields, as they are sent. */
  campaign: Campaign;
  /** Click ids besides gclid, and `utm_id`. */
  clickIds: Record<string, string>;
  issues: ParameterIssue[];
}

/** Cuts a text to at most `length` UTF-16 code units, without half a surrogate pair at the end. */
export const cut = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/**
 * A pair that may end in a glued click id: a tag, or a parameter that is no address. A click id in an address is that
 * address's own.
 */
const MAY_END_GLUED = /^(\W*(amp;)?utm_|[^/?]*\?)/i;

/** Patterns of values that are dropped, each with its reason. They start at a fixed character, so that no input is slow. */
const DROPPED: [ParameterIssueCode, RegExp][] = [
  ['empty', /^$/],
  // {{campaign.name}}, {keyword}, ${x}, [UTM], %%x%%, $section$, __CID__, *|UID|*
  ['macro', /\{\{[^{}]*\}\}|\{[A-Za-z_][\w.:\- ]*\}|^(\[[\w .:-]+\]|%+\w+%+|\$\w+\$|__\w+__|\*\|.+\|\*)$/],
  // %40, %2540: an address that was encoded twice, or more.
  ['email', /[^\s@/](@|%(25)*40)[^\s@%./]+\.[^\s@]/i],
  // Begins where no such character precedes, so that each run of them is read once.
  ['jwt', /(^|[^\w-])ey[\w-]{10,}\.[\w-]{8,}\./],
];

/**
 * Makes a value fit to be stored and sent, or drops it (undefined). `note` hears of every change. Personal data that
 * looks like neither an e-mail address nor a token is not recognized.
 */
export function cleanValue(
  raw: string,
  addIssue: (code: ParameterIssueCode) => void,
  isClickId = false,
): string | undefined {
  // Nothing that is kept lies beyond this bound. It keeps hostile megabytes off the patterns.
  const bounded = raw.slice(0, 8 * MAX_LENGTH);
  // By numbers: a cold page would compile \p{Cc} for a millisecond.
  const printable = bounded.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\uFEFF]/g, '');
  if (printable !== bounded) addIssue('control-characters');
  const value = printable.trim();
  if (value !== printable) addIssue('trimmed');
  const tooLong = value.length > MAX_LENGTH;
  const dropReason =
    DROPPED.find(([, pattern]) => pattern.test(value))?.[0] ?? (tooLong && isClickId && 'too-long');
  if (dropReason) {
    addIssue(dropReason);
    return undefined;
  }
  if (tooLong) addIssue('cut');
  return cut(value, MAX_LENGTH);
}

/**
 * Reads the campaign parameters of a landing URL. Total: no input throws.
 *
 * Decoding is the URL standard's form decoding (https://url.spec.whatwg.org/#urlencoded-parsing), so a bad percent
 * sign costs one character. The first usable value of a repeated key wins. A rightly spelled key wins over a repaired
 * one (`UTM_Source`, `amp;utm_medium`, `/utm_source`). The hash (`#/route?utm_source=x`, `#utm_source=x`) counts when
 * the real query has no campaign. A parameter inside another parameter's value does not count.
 */
export function readParameters(url: string): Parameters {
  const [, query = '', hash = ''] = url.slice(0, MAX_URL).match(/^[^?#]*(?:\?([^#]*))?(?:#(.*))?/s) ?? [];
  const real = readQuery(query);
  const hashed = readQuery(hash.replace(/^[^?]*\?/, ''));
  if (real.campaignKey || !hashed.campaignKey) return real;
  hashed.issues.push({ key: '#', code: 'from-hash' });
  return hashed;
}

function readQuery(query: string): Parameters {
  const campaign: Record<string, string> = {};
  const clickIds: Record<string, string> = {};
  const issues: ParameterIssue[] = [];
  if (!query) return { campaign, clickIds, issues, campaignKey: '' };
  // A platform appends its click id (the fields from `gclid` on) to a query by a second question mark.
  const unglue = (mark: string, key: string) => (FIELDS.indexOf(key.toLowerCase()) > 6 ? '&' : mark);
  const pairs = query.replace(/[^&]+/g, pair =>
    MAY_END_GLUED.test(pair) ? pair.replace(/\?(?=(\w+)=)/g, unglue) : pair,
  );
  if (pairs !== query) issues.push({ key: '?', code: 'repaired-key' });
  // Twice: rightly spelled keys first.
  for (const isRepair of [false, true])
    for (const [name, raw] of new URLSearchParams(pairs)) {
      const key = name
        .replace(/^([?/]|amp;)+/i, '')
        .trim()
        .toLowerCase();
      const addIssue = (code: ParameterIssueCode) => issues.push({ key, code });
      // A referrer is no parameter.
      if (!FIELDS.includes(key) || /^ref/.test(key) || isRepair !== (key !== name)) continue;
      const fields = CAMPAIGN_FIELDS.includes(key) ? campaign : clickIds;
      if (fields[key]) addIssue('repeated');
      else {
        const value = cleanValue(raw, addIssue, !key.startsWith('utm_'));
        if (value) {
          fields[key] = value;
          if (isRepair) addIssue('repaired-key');
        }
      }
    }
  return { campaign, clickIds, issues, campaignKey: `${new URLSearchParams({ ...campaign, ...clickIds })}` };
}
