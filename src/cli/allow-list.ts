import { KEYS } from './misspelt-keys.ts';
import type { AllowList } from './types.ts';

/**
 * Reads an allow-list: JSON, an object of keys with a list of values each (`{ "utm_medium": ["cpc", "email"] }`).
 *
 * @throws Error with a sentence that tells the fix.
 */
export function readAllowList(file: string, text: string): AllowList {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON (${(error as Error).message})`);
  }
  if (typeof list !== 'object' || !list || Array.isArray(list))
    throw new Error(`${file} has to be an object, such as { "utm_medium": ["cpc", "email"] }`);
  for (const [key, values] of Object.entries(list)) {
    if (!KEYS.includes(key))
      throw new Error(`${file} names ${key}, which is no parameter: ${KEYS.join(', ')}`);
    if (!Array.isArray(values) || !values.every(value => typeof value === 'string'))
      throw new Error(`${file}: the values of ${key} have to be a list of texts`);
  }
  return list as AllowList;
}
