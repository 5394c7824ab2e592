import { isObject, type Json, type JsonObject } from '../json.ts';

/** The number of characters of a profile that can be searched. Hardly anybody types what comes after. */
const MAX_LENGTH = 4000;

/**
 * Returns the values of a profile that a search reads, in lower case: its id, company, campaign and
 * metadata, without keys.
 */
export function searchTextOf(
  id: string,
  { company_id = null, campaign = {}, metadata = {} }: JsonObject,
): string {
  const words = [id];
  let length = id.length;
  const add = (value: Json) => {
    if (length > MAX_LENGTH) return;
    if (typeof value === 'string' || typeof value === 'number') {
      words.push(String(value));
      length += String(value).length + 1;
    } else if (Array.isArray(value)) value.forEach(add);
    else if (isObject(value)) Object.values(value).forEach(add);
  };
  [company_id, campaign, metadata].forEach(add);
  // Cut by code points: half a surrogate pair is nothing that PostgreSQL can hold.
  const text = words.join('\n').toLowerCase();
  return text.length <= MAX_LENGTH ? text : [...text.slice(0, MAX_LENGTH)].slice(0, -1).join('');
}
