import { isObject, type JsonObject } from '../json.ts';

/** Days for which ad platforms credit a click with a conversion, at most. */
export const MAX_CLICK_AGE = 90;
const DAY = 86_400_000;

/** The parts of an update that tell of clicks. */
export interface ClickSource {
  /** The time of the update, in milliseconds since 1970. */
  time: number;
  /** `campaign.gclid`. */
  gclid: unknown;
  /** `metadata.click_ids`. */
  click_ids: unknown;
  /** `metadata.attribution`. */
  attribution: unknown;
}

/** Clicks of one person: the time of each by its id, in milliseconds since 1970. */
export type Clicks = Map<string, number>;

/**
 * Collects the clicks of a person from all updates about them, also those that later ones have replaced in the profile.
 * A click that several updates tell of has the earliest of their times. A campaign has no time of the click, so that
 * of its update stands in.
 *
 * @param field Name of the click id, such as `gclid`.
 */
export function collectClicks(sources: readonly ClickSource[], field: string): Clicks {
  const clicks: Clicks = new Map();
  const add = (id: unknown, time: number) => {
    if (isClickId(id) && !Number.isNaN(time)) clicks.set(id, Math.min(time, clicks.get(id) ?? time));
  };
  for (const { time, gclid, click_ids, attribution } of sources) {
    if (field === 'gclid') add(gclid, time);
    const click = isObject(click_ids) ? click_ids[field] : undefined;
    if (isObject(click)) add(click.id, timeOf(click));
    const { first, last, touches } = isObject(attribution) ? attribution : {};
    for (const touch of [first, last, touches].flat()) if (isObject(touch)) add(touch[field], timeOf(touch));
  }
  return clicks;
}

/** Returns the last click before a conversion, at most 90 days before, or undefined. */
export function lastClickBefore(clicks: Clicks, time: number): string | undefined {
  let last: [string, number] | undefined;
  for (const click of clicks) {
    const isWithin = click[1] <= time && time - click[1] <= MAX_CLICK_AGE * DAY;
    if (isWithin && (!last || click[1] >= last[1])) last = click;
  }
  return last?.[0];
}

const timeOf = ({ time }: JsonObject) => (typeof time === 'string' ? Date.parse(time) : Number.NaN);

// What platforms make is base64url or hexadecimal. Anything else was typed into a link, and no platform knows it.
const isClickId = (id: unknown): id is string => typeof id === 'string' && /^\w[\w.~-]{0,511}$/.test(id);
