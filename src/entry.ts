import { copyOf } from './json.ts';
import type { JsonObject } from './types.ts';
import type { Profile } from './visitor.ts';

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
    anonymous_id: anonymousId,
    company_id: companyId,
    session_token,
    campaign,
    metadata: attribution ? { ...metadata, attribution } : metadata,
  };
  return { profile: userId ?? anonymousId, body: copyOf(body), at, touch };
}
