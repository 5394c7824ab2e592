import type { Campaign, Touch } from '../shared/types.ts';
import { CAMPAIGN_FIELDS, CLICK_IDS, cut, FIELDS, MAX_LENGTH } from './parameters.ts';
import { type Attribution, DAY } from './rules.ts';

/** Returns the attribution without touches older than `maxAge` days. The stored record keeps them. */
export function withoutExpired(attribution: Attribution, now: number, maxAge: number): Attribution {
  const [first, last] = [attribution.first, attribution.last].filter(
    touch => touch && now - touch.at <= maxAge * DAY,
  );
  return { ...attribution, first, last };
}

/**
 * Returns a stored value where it is a text, else null. Any script on any subdomain can write the cookie it was read
 * from.
 */
export const storedText = (value: unknown) => (typeof value === 'string' && cut(value, MAX_LENGTH)) || null;

/** A campaign as a request carries it. `null` clears the field on the server. */
export type WireCampaign = { [K in keyof Campaign]: string | null };

/**
 * Selects the touch that a user is given under a model, and its campaign as it is sent. Returns undefined where there
 * is none.
 */
export function selectCampaign(
  { first, last = first }: Partial<Attribution>,
  model: 'first' | 'last',
): { touch: Touch; campaign: WireCampaign } | undefined {
  const touch = model === 'last' ? last : first;
  const pairs = CAMPAIGN_FIELDS.map(
    field => [field, storedText(touch?.campaign[field as keyof Campaign])] as const,
  );
  const own = pairs.filter(([, value]) => value);
  // The server merges recursively: only null takes an earlier campaign's field away.
  return touch && own[0] && { touch, campaign: Object.fromEntries(model === 'last' ? pairs : own) };
}

/** Returns a field of a touch, of its campaign or besides it. */
const fieldOf = ({ clickIds, campaign }: Touch, field: string) =>
  storedText(({ ...clickIds, ...campaign } as Record<string, unknown>)[field]);

/** Tells when and where a touch landed. */
const landingOf = ({ at, path }: Touch) => ({
  time: new Date(at).toISOString(),
  landing_path: storedText(path),
});

/**
 * Makes the value of `metadata.click_ids`: each click id of the latest touch that has it, with the time of the click
 * and the landing path. The server's recursive merge keeps those of earlier touches.
 */
export function toClickIdMetadata({ first, last }: Attribution): object | undefined {
  const entries = [first, last].flatMap(touch =>
    CLICK_IDS.flatMap(field => {
      const id = touch && fieldOf(touch, field);
      return id ? [[field, { id, ...landingOf(touch) }]] : [];
    }),
  );
  return entries[0] && Object.fromEntries(entries);
}

/** Makes the fields of a touch as they are sent; `null` for what it does not have. */
export const toTouchFields = (touch: Touch) => ({
  ...Object.fromEntries(FIELDS.map(field => [field, fieldOf(touch, field)])),
  ...landingOf(touch),
  rule: storedText(touch.rule),
});

/**
 * Makes the value of `metadata.attribution`: the number of touches, the first and the last, and all where they are kept.
 * Absent fields of the two are `null`, so that the server's recursive merge cannot blend two touches.
 */
export const toAttributionMetadata = (
  { first, last = first, count }: Attribution,
  touches?: object[],
): object | undefined =>
  first && last && { count, first: toTouchFields(first), last: toTouchFields(last), touches };
