import { channelOf } from '../channel/channel-of.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/types.ts';
import type { Update } from './schema.ts';

/**
 * Adds `metadata.channel` to a user or company whose update holds a campaign. Click ids of `metadata.attribution`
 * count too, of the touch that has the same campaign; without it those of `metadata.click_ids`. A `channel` that the
 * page sent stays, and so does `null`, by which it removes one.
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

/**
 * Returns the fields of the touch of `metadata.attribution` that has the campaign's own tags and referrer. Without
 * `attribution`, returns the click ids of `metadata.click_ids`.
 */
function clickIdsOf(campaign: JsonObject, { attribution, click_ids }: JsonObject): JsonObject {
  if (!isObject(attribution)) return isObject(click_ids) ? clickIdsOfTouch(campaign, click_ids) : {};
  const isSame = (touch: JsonObject) => TAGS.every(tag => (touch[tag] ?? null) === (campaign[tag] ?? null));
  return [attribution.last, attribution.first].filter(isObject).find(isSame) ?? {};
}

/**
 * Returns those ids of `metadata.click_ids` that can be of the campaign's touch. Of several times, it is the latest
 * where the campaign names absent fields as `null`, as pages send it of the last touch, else the earliest.
 */
function clickIdsOfTouch(campaign: JsonObject, clickIds: JsonObject): JsonObject {
  // A gclid is in its own campaign: elsewhere it is another touch's.
  const clicks = Object.entries(clickIds).flatMap(([name, click]) =>
    isObject(click) && name !== 'gclid' ? [{ name, id: click.id ?? null, time: String(click.time) }] : [],
  );
  const times = clicks.map(({ time }) => time).sort();
  const time = Object.values(campaign).includes(null) ? times.at(-1) : times[0];
  return Object.fromEntries(clicks.filter(click => click.time === time).map(({ name, id }) => [name, id]));
}
