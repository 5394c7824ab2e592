import { isObject, toText } from '../shared/json.ts';
import type { JsonObject } from '../shared/types.ts';

/**
 * Brings metadata into the form that the server stores. Returns a copy without what is no value. Dates become ISO
 * 8601 strings, and dots in keys become underscores.
 *
 * Throws a TypeError for what is no JSON object, or a RangeError where it is nested past all sense. `report` hears of
 * each key that was changed or left out.
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
