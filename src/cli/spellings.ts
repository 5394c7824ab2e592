import { tagsOf } from './faults.ts';
import type { Fault } from './types.ts';

/** Returns a value without what tells two spellings of it apart: case, and what stands between its words. */
const fold = (value: string) => value.toLowerCase().replace(/[\s_+-]+/g, '-');

/**
 * Finds values that several links spell in several ways, which reports count as several campaigns. The most frequent
 * spelling is right, or the earliest of them.
 *
 * @param urls For each link the address that has its tags.
 * @returns For each link its faults.
 */
export function findMixedSpellings(urls: readonly string[]): Fault[][] {
  const links = urls.map(url => Object.entries(tagsOf(url)).filter(([key]) => key.startsWith('utm_')));
  const counts = new Map<string, Map<string, number>>();
  for (const [key, value] of links.flat()) {
    const spellings = counts.get(`${key}=${fold(value)}`) ?? new Map<string, number>();
    counts.set(`${key}=${fold(value)}`, spellings.set(value, (spellings.get(value) ?? 0) + 1));
  }
  return links.map(tags =>
    tags.flatMap(([key, value]) => {
      const spellings = [...(counts.get(`${key}=${fold(value)}`) ?? [])].sort(([, a], [, b]) => b - a);
      const [right = value, count = 0] = spellings[0] ?? [];
      if (right === value) return [];
      const message = `${key} is ${value} here and ${right} in ${count} other link${count > 1 ? 's' : ''}; spell it so.`;
      return [{ code: 'mixed-spelling', level: 'fault', key, hop: 0, message }];
    }),
  );
}
