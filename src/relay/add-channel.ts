import { channelOf } from '../channel/channel-of.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/types.ts';
import type { Update } from './schema.ts';

/**
 * Adds `metadata.channel` to a user or company whose update holds a campaign. Click ids of `metadata.attribution`
 * count too, of the touch that has the same campaign. A `channel` that the page sent stays, and so does `null`, by
 * which it removes one.
 */
export function withChannel(update: Update): Update {
  const { body } = update;
  if (Array.isArray(body) || !isObject(body.campaign)) return update;
  const { campaign } = body;
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (!Object.values(campaign).some(Boolean) || Object.hasOwn(metadata, 'channel')) return update;
  const channel = channelOf({ ...clickIdsOf(campaign, metadata), ...campaign });
  return { ...update, body: { ...body, metadata: { ...metadata, channel } } };
}

const TAGS = ['utm_source', 'utm_medium', 'utm_campaign', 'referring_domain', 'gclid'];

/** Returns the fields of the touch of `metadata.attribution` that has the campaign's own tags and referrer. */
function clickIdsOf(campaign: JsonObject, { attribution }: JsonObject): JsonObject {
  if (!isObject(attribution)) return {};
  const isSame = (touch: JsonObject) => TAGS.every(tag => (touch[tag] ?? null) === (campaign[tag] ?? null));
  return [attribution.last, attribution.first].filter(isObject).find(isSame) ?? {};
}
