import { createHash } from 'node:crypto';
import { throwBadRequest } from '../http-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array';

/** Keys of metadata with the JSON type that they have in an application. */
export type MetadataTypes = Map<string, JsonType>;

/** Types to look up. */
export type KnownTypes = Pick<MetadataTypes, 'get'>;

/** A key of metadata that was left out, as its type is not the one that it was first seen with. */
export interface Rejected {
  /** The path from the body, such as `metadata.info.phone`; cut after 200 characters. */
  path: string;
  expected: JsonType;
  got: JsonType;
}

// A key is part of an index key, which holds at most 2704 bytes.
const MAX_KEY_LENGTH = 256;
const MAX_SHOWN_LENGTH = 200;

/**
 * Returns the metadata without the keys whose type clashes, and adds those to `rejected`. Adds the type of every other
 * key to `added`, where neither `stored` nor `added` has it.
 *
 * Moesif's rule: a key keeps the type it was first seen with, "regardless of the number of levels relative to
 * the object root". The key alone counts: `phone` and `additional_info.phone` have one type. null agrees with
 * every type. An array may hold anything, but the keys of objects in it count.
 */
export function acceptTypes(
  metadata: JsonObject,
  typeOf: (key: string) => JsonType | undefined,
  added: MetadataTypes,
  rejected: Rejected[],
): JsonObject {
  const accept = (value: Json, path: string): Json => {
    if (Array.isArray(value)) {
      const items = value.map((item, index) => (isNested(item) ? accept(item, `${path}[${index}]`) : item));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    let isWhole = true;
    const kept: [string, Json][] = [];
    for (const [name, part] of Object.entries(value as JsonObject)) {
      const got = jsonTypeOf(part);
      const key = storedKey(name);
      const expected = got && (typeOf(key) ?? added.get(key));
      if (got && expected && expected !== got) {
        rejected.push({ path: shorten(`${path}.${name}`), expected, got });
        isWhole = false;
        continue;
      }
      if (got && !expected) added.set(key, got);
      const accepted = isNested(part) ? accept(part, `${path}.${name}`) : part;
      if (accepted !== part) isWhole = false;
      kept.push([name, accepted]);
    }
    return isWhole ? value : Object.fromEntries(kept);
  };
  return accept(metadata, 'metadata') as JsonObject;
}

/** Throws an HttpError that names a key with a wrong type. */
export function throwTypeConflict({ path, expected, got }: Rejected): never {
  const a = (of: JsonType) => (of === 'object' || of === 'array' ? `an ${of}` : `a ${of}`);
  const name = path.slice(path.lastIndexOf('.') + 1);
  return throwBadRequest(
    `${path} is ${a(got)}, but in this application the key ${name} is ${a(expected)}, at any depth.`,
    path,
  );
}

/** Adds the keys in metadata whose type is not known to be this one to `keys`. */
export function collectUnknown(value: Json, known: KnownTypes, keys: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) if (isNested(item)) collectUnknown(item, known, keys);
  } else if (isObject(value)) {
    for (const [name, part] of Object.entries(value)) {
      const type = jsonTypeOf(part);
      const key = storedKey(name);
      if (type && known.get(key) !== type) keys.add(key);
      if (isNested(part)) collectUnknown(part, known, keys);
    }
  }
}

/** Returns the name of a key as it is stored. */
export function storedKey(name: string): string {
  return name.length <= MAX_KEY_LENGTH ? name : `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

const isNested = (value: Json): value is Json[] | JsonObject => typeof value === 'object' && value !== null;

function jsonTypeOf(value: Json): JsonType | undefined {
  if (value === null) return undefined;
  return Array.isArray(value) ? 'array' : (typeof value as JsonType);
}

const shorten = (text: string) =>
  text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
