import { type selectCampaign, toAttributionMetadata, toClickIdMetadata } from '../campaign/payload.ts';
import type { Attribution } from '../campaign/rules.ts';
import type { Settings } from '../options/options.ts';
import { copyOf } from '../shared/json.ts';
import type { Entry, Identity, JsonObject } from '../shared/types.ts';

/** Data of a user, as a call gives it. */
export interface UserFields {
  company_id?: string | undefined;
  session_token?: string | undefined;
  metadata?: JsonObject | undefined;
}

/** An update before it has an id. */
export type Draft = Omit<Entry, 'id'>;

/**
 * Brings the list of the visitor's touches up to date with the records. Returns it as it is sent, where more are kept
 * than the first and the last.
 */
export type ToTouches = () => object[] | undefined;

/** Makes an update in the Users API's shape, its fields in the documented order. */
export const toDraft = (
  { userId, anonymousId, companyId }: Identity,
  { session_token, metadata }: UserFields,
  campaign: object | undefined,
  at: number,
): Draft => ({
  profile: userId ?? anonymousId,
  body: copyOf({
    user_id: userId,
    anonymous_id: anonymousId,
    company_id: companyId,
    session_token,
    campaign,
    metadata,
  }),
  at,
});

/** Makes the update of an identified user, with the campaign that is yet to be delivered. */
export function toUserDraft(
  identity: Identity,
  { session_token, metadata }: UserFields,
  selected: ReturnType<typeof selectCampaign>,
  touches: Attribution,
  settings: Settings,
  at: number,
  all: ReturnType<ToTouches>,
): Draft {
  const attribution = settings.includeAttribution && toAttributionMetadata(touches, all);
  const click_ids = settings.clickIds && toClickIdMetadata(touches);
  const own = { ...(attribution && { attribution }), ...(click_ids && { click_ids }) };
  const due = touches.delivered === selected?.touch.at ? undefined : selected;
  const fields = { session_token, metadata: attribution || click_ids ? { ...metadata, ...own } : metadata };
  return { ...toDraft(identity, fields as UserFields, due?.campaign, at), touch: due?.touch.at };
}
