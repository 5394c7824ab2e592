import { checkNames } from '../server/option-names.ts';

/** Throws a TypeError with the sentence where a condition is not met. */
export function require(isMet: unknown, sentence: string): asserts isMet {
  if (!isMet) throw new TypeError(`utmost: ${sentence}.`);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Copies options without those that are `undefined`, or empty as an unset variable may be. Refuses other names. */
export function withoutAbsent<T extends object>(options: T, names: string[], what: string): Present<T> {
  require(typeof options === 'object' && options, `${what} has no options; pass an object`);
  checkNames(options, names, what);
  const isGiven = ([, value]: [string, unknown]) => value !== undefined && value !== '';
  return Object.fromEntries(Object.entries(options).filter(isGiven)) as Present<T>;
}
