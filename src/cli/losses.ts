import { tagsOf } from './faults.ts';
import type { Fault, Hop } from './types.ts';

/**
 * Finds the tags and click ids that the last address lacks or has otherwise, each at the hop that did it. What is lost
 * and comes back later, from a redirector's memory, is no loss.
 */
export function findLosses(hops: readonly Hop[]): Fault[] {
  const tags = hops.map(({ url }) => tagsOf(url));
  const end = tags.at(-1) ?? {};
  const keys = [...new Set(tags.flatMap(Object.keys))];
  return keys.flatMap(key => {
    const values = tags.map(each => each[key]);
    const last = values.findLastIndex(value => value !== undefined);
    const where = (hop: number) => `at hop ${hop + 1} (${hostOf(hops[hop]?.url)})`;
    if (end[key] === undefined)
      return [
        toFault('lost', key, last, `${key} is lost ${where(last)}; let its redirect pass the query on.`),
      ];
    const before = values.findLastIndex(value => value !== undefined && value !== end[key]);
    if (before < 0) return [];
    const change = `from ${values[before]} to ${end[key]}`;
    return [
      toFault('changed', key, before, `${key} is changed ${where(before)}, ${change}; check its redirect.`),
    ];
  });
}

const toFault = (code: 'lost' | 'changed', key: string, hop: number, message: string): Fault => ({
  code,
  level: 'fault',
  key,
  hop,
  message,
});

const hostOf = (url = '') => (URL.canParse(url) ? new URL(url).host : url);
