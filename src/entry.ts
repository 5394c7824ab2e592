import type { JsonObject } from './types.ts';
import type { Profile } from './visitor.ts';

/** A usable id as its string, else undefined. */
export function idOf(value: unknown): string | undefined {
  if (Number.isFinite(value)) return `${value}`;
  return typeof value === 'string' && value.trim() ? value : undefined;
}

/** What the caller says of a user. */
export interface Said {
  session_token?: string | undefined;
  metadata?: JsonObject | undefined;
}

/** An update in the Users API's shape, its fields in the documented order. */
export function entryOf(
  { identity, campaign, touch, attribution }: Profile,
  at: number,
  { session_token, metadata }: Said = {},
) {
  const { userId, anonymousId, companyId } = identity;
  const body = {
    user_id: userId,
    // Any script on any subdomain can write the cookie these were read from.
    anonymous_id: idOf(anonymousId),
    company_id: idOf(companyId),
    session_token,
    campaign,
    metadata: attribution ? { ...metadata, attribution } : metadata,
  };
  // Without the absent fields, which JSON does not have.
  return { profile: userId ?? anonymousId, body: JSON.parse(JSON.stringify(body)) as JsonObject, at, touch };
}
