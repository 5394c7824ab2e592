import { isObject, toText } from '../shared/json.ts';
import type { JsonObject } from '../shared/types.ts';

/**
 * Metadata as the server will store it: a copy with dates as ISO 8601 strings and dots in keys as underscores, without
 * what is no value.
 *
 * Throws a TypeError (or, nested past all sense, a RangeError) for what is no JSON object. `report` hears of each key
 * that was changed or left out.
 */
export function toJson(metadata: unknown, report: (message: string) => void): JsonObject {
  const undotted = (name: string) => {
    if (name.includes('.')) report(`dots become underscores in the key ${name}`);
    return name.replace(/\./g, '_');
  };
  const json = JSON.parse(toText(metadata, report), (_, value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, item]) => [undotted(name), item]))
      : value,
  );
  if (!isObject(json)) throw new TypeError('metadata must be an object');
  return json;
}
