import { tryOrUndefined } from '../shared/try-or-undefined.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** Words a number of things: `1 visit`, `2 visits`. */
export const countOf = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Words a time in its largest unit, rounded: `3 days`. */
export function durationOf(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => milliseconds >= each) ?? ['second', 1000];
  return countOf(Math.round(milliseconds / size), unit);
}

/** Words how a time lies to now: `3 days ago`, `in 2 hours`, `just now`. */
export const whenOf = (at: number, now: number): string =>
  Math.abs(at - now) < 1000
    ? 'just now'
    : at < now
      ? `${durationOf(now - at)} ago`
      : `in ${durationOf(at - now)}`;

/** Writes a time as a date and minutes, in UTC. */
export const dateOf = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Reads the host of an address; a text that is none has none. */
export function hostOf(address: string, base?: string): string {
  return tryOrUndefined(() => new URL(address, base).host) ?? '';
}
