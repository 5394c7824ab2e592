import { isObject } from '../../shared/json.ts';
import type { Json, JsonObject } from '../../shared/types.ts';

/** A user in the form of User.com. */
export interface UserComProfile {
  /** The site's own id of the user, part of the address. */
  userId: string;
  /** Standard and custom attributes, and `tags`. */
  attributes: JsonObject;
}

/** User.com's documented attributes that metadata may set; `tags`, `company_id` and `user_id` have rules of their own. */
const STANDARD = [
  'assigned_to',
  'city',
  'country',
  'email',
  'facebook_url',
  'first_name',
  'gender',
  'google_url',
  'gravatar_url',
  'last_name',
  'linkedin_url',
  'notifications',
  'phone_number',
  'region',
  'score',
  'status',
  'timezone',
  'twitter_url',
  'unsubscribed',
];
/** Names that no flattened key may have: `user: {id}` is not the user's id. */
const TAKEN = new Set([...STANDARD, 'company_id', 'user_id', 'tags']);

/** Reserved names of the Users API, with User.com's names for them. */
const RENAMED = new Map([
  ['phone', 'phone_number'],
  ['photo_url', 'gravatar_url'],
]);

/** The most characters that User.com's first and last name hold. */
const MAX_NAME = 40;

/** The longest name that is kept. Nobody chose a longer one, and flattening repeats it for each key below it. */
const MAX_KEY = 120;

/**
 * Makes an update of User.com from one of the Users API. Returns undefined for a visitor who is not identified.
 *
 * - Standard attributes come from metadata, in both spellings (`firstName` and `first_name`; the second wins).
 * - `phone`, `photo_url` and `name` fill `phone_number`, `gravatar_url`, and first and last name where those are
 *   absent.
 * - `company_id` is the update's, else the metadata's. A `user_id` in metadata is left out: it could rename the user.
 * - `tags`: the texts of a list, or one text. User.com only ever adds them.
 * - The campaign's fields are custom attributes under their own names, and win over metadata's.
 * - Every other key is a custom attribute. Nested objects become `parent_child`, or `parent__child` where that would
 *   be one of User.com's own names. Lists become JSON, since an attribute holds one value. `null` clears.
 *
 * Which values User.com takes cannot be known: a text in `status`, which holds numbers, is refused there.
 */
export function toUserCom(body: JsonObject): UserComProfile | undefined {
  if (typeof body.user_id !== 'string') return undefined;
  const { standard, other } = sort(isObject(body.metadata) ? body.metadata : {});
  const { tags, name, user_id, ...named } = standard;
  const company = body.company_id ?? named.company_id;
  const attributes: JsonObject = {
    ...splitName(name),
    ...named,
    ...(company !== undefined && { company_id: company }),
    ...(isObject(body.campaign) && body.campaign),
  };
  for (const field of ['first_name', 'last_name'] as const) {
    const value = attributes[field];
    // By characters, as people count, so that none is cut in half.
    if (typeof value === 'string') attributes[field] = [...value].slice(0, MAX_NAME).join('');
  }
  const labels = tagsOf(tags);
  return {
    userId: body.user_id,
    attributes: Object.fromEntries([
      ...Object.entries(flatten(other)),
      ...Object.entries(attributes),
      ...(labels.length ? [['tags', labels]] : []),
    ]),
  };
}

/** Sorts metadata in two: what has a place in User.com, under the name it has there, and all else. */
function sort(metadata: JsonObject): { standard: JsonObject; other: JsonObject } {
  const standard: JsonObject = {};
  const other: [string, Json][] = [];
  // The exact spelling last, so that it wins; and before a Moesif name, which only fills a gap.
  const ranked = Object.entries(metadata).map(([key, value]) => {
    const snake = key.replace(/(?<=[a-z])[A-Z]+/g, letters => `_${letters.toLowerCase()}`);
    const target = RENAMED.get(snake) ?? snake;
    return { key, value, target, rank: (snake === target ? 2 : 0) + (key === snake ? 1 : 0) };
  });
  for (const { key, value, target } of ranked.sort((a, b) => a.rank - b.rank)) {
    const isScalar = typeof value !== 'object' || value === null;
    const isOurs = TAKEN.has(target) || target === 'name';
    if (target === 'tags' || (isOurs && isScalar)) standard[target] = value;
    // A list in place of an address or a name would have the whole user refused.
    else if (!isOurs || isObject(value)) other.push([key, value]);
  }
  return { standard, other: Object.fromEntries(other) };
}

/** Splits a name into the first word and the rest: the guess that is right most often, and no more than a guess. */
function splitName(name: Json | undefined): JsonObject {
  if (name === null) return { first_name: null, last_name: null };
  const [first, ...rest] = typeof name === 'string' ? name.trim().split(/\s+/) : [];
  return { ...(first && { first_name: first }), ...(rest.length && { last_name: rest.join(' ') }) };
}

/** Lists the tags that are texts. A number, say, is no tag: nobody would find it under the name they gave it. */
const tagsOf = (tags: Json | undefined): string[] => [
  ...new Set([tags].flat().filter((tag): tag is string => typeof tag === 'string' && tag.trim() !== '')),
];

/** Flattens into one level of custom attributes. A key that is there as such wins over one that flattening makes. */
function flatten(object: JsonObject, path = ''): JsonObject {
  const made: JsonObject[] = [];
  const own: [string, Json][] = [];
  for (const [key, value] of Object.entries(object)) {
    const name = path && TAKEN.has(`${path}_${key}`) ? `${path}__${key}` : path ? `${path}_${key}` : key;
    if (!key || name.length > MAX_KEY) continue;
    if (isObject(value)) made.push(flatten(value, name));
    else own.push([name, Array.isArray(value) ? JSON.stringify(value) : value]);
  }
  return Object.fromEntries([...made.flatMap(Object.entries<Json>), ...own]);
}
