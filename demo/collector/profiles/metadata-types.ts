import { createHash } from 'node:crypto';
import { throwBadRequest } from '../http-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array';

/** Keys of metadata with the JSON type that they have in an application. */
export type MetadataTypes = Map<string, JsonType>;

// A key is part of an index key, which holds at most 2704 bytes.
const MAX_KEY_LENGTH = 256;

/**
 * Adds the type of every key in metadata to `added`. Throws an HttpError for a key whose type differs from
 * that in `stored` or `added`.
 *
 * Moesif's rule: a key keeps the type it was first seen with, "regardless of the number of levels relative to
 * the object root". The key alone counts: `phone` and `additional_info.phone` have one type. null agrees with
 * every type. An array may hold anything, but the keys of objects in it count.
 */
export function checkTypes(metadata: JsonObject, stored: MetadataTypes, added: MetadataTypes): void {
  for (const { name, key, type, path } of keysOf(metadata, 'metadata')) {
    const before = stored.get(key) ?? added.get(key);
    if (before === undefined) added.set(key, type);
    else if (before !== type) throwTypeConflict(path, type, name, before);
  }
}

/** Returns the keys in metadata that have no type yet. */
export function keysWithoutType(metadata: JsonObject, types: MetadataTypes): string[] {
  const keys = [...keysOf(metadata, '')].map(({ key }) => key);
  return keys.filter(key => !types.has(key));
}

interface TypedKey {
  name: string;
  /** The name as it is stored. */
  key: string;
  type: JsonType;
  path: string;
}

function* keysOf(value: Json, path: string): Generator<TypedKey> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object') yield* keysOf(item, `${path}[${index}]`);
    }
  } else if (isObject(value)) {
    for (const [name, part] of Object.entries(value)) {
      const type = typeOf(part);
      const inner = `${path}.${name}`;
      if (type) yield { name, key: storedKey(name), type, path: inner };
      if (typeof part === 'object') yield* keysOf(part, inner);
    }
  }
}

function storedKey(name: string): string {
  return name.length <= MAX_KEY_LENGTH ? name : `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

function typeOf(value: Json): JsonType | undefined {
  if (value === null) return undefined;
  return Array.isArray(value) ? 'array' : (typeof value as JsonType);
}

function throwTypeConflict(path: string, type: JsonType, name: string, before: JsonType): never {
  const short = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
  const a = (of: JsonType) => (of === 'object' || of === 'array' ? `an ${of}` : `a ${of}`);
  return throwBadRequest(
    `${short(path)} is ${a(type)}, but in this application the key ${short(name)} is ${a(before)}, at any depth.`,
    short(path),
  );
}
