import { describe, expect, it } from 'vitest';
import { findEvictions, MAX_ENTRIES, MAX_SIZE } from '../../src/delivery/outbox-limits.ts';
import type { Entry, JsonObject } from '../../src/shared/types.ts';

const NOW = Date.UTC(2026, 0, 15);
const DAY = 24 * 60 * 60_000;
const MONTH = 30 * DAY;

const entry = (n: number, body: JsonObject = {}, at = NOW): Entry => ({
  id: `${n}`.padStart(6, '0'),
  profile: 'a',
  body,
  at,
});
const action = (n: number, body: JsonObject = {}) => entry(n, { action_name: 'x', ...body });
const some = (count: number, from = 0, make = entry) =>
  Array.from({ length: count }, (_, index) => make(from + index));
/** Characters of JSON, as many as are given. */
const sized = (size: number): JsonObject => ({ x: 'y'.repeat(size - '{"x":""}'.length) });
const lost = (entries: Entry[]) =>
  findEvictions(entries, NOW).map(([{ id }, reason]) => [Number(id), reason]);

describe('what the outbox gives up', () => {
  it('is nothing within the bounds', () => {
    expect(lost([])).toEqual([]);
    expect(lost(some(MAX_ENTRIES))).toEqual([]);
    expect(lost([entry(1, sized(MAX_SIZE / 2)), entry(2, sized(MAX_SIZE / 2))])).toEqual([]);
  });

  it('is what is older than 30 days, by a millisecond', () => {
    expect(lost([entry(1, {}, NOW - MONTH - 1), entry(2, {}, NOW - MONTH)])).toEqual([[1, 'expired']]);
  });

  it('is the oldest of what is too many', () => {
    expect(lost(some(MAX_ENTRIES + 2).reverse())).toEqual([
      [1, 'outbox-full'],
      [0, 'outbox-full'],
    ]);
  });

  it('is the oldest of what is too much', () => {
    const entries = [entry(1, sized(30)), entry(2, sized(MAX_SIZE / 2)), entry(3, sized(MAX_SIZE / 2))];
    expect(lost(entries)).toEqual([[1, 'outbox-full']]);
  });

  it('is actions before any profile, however old that is', () => {
    const entries = [...some(MAX_ENTRIES - 1), ...some(3, 1000, action)];
    expect(lost(entries)).toEqual([
      [1001, 'outbox-full'],
      [1000, 'outbox-full'],
    ]);
    expect(lost([entry(1, sized(MAX_SIZE)), action(2), entry(3)]).map(([id]) => id)).toEqual([1, 2]);
  });

  it('is never the newest, were it an action and as large as a request may be', () => {
    expect(lost([...some(MAX_ENTRIES), action(1000)])).toEqual([[0, 'outbox-full']]);
    expect(lost([entry(1), entry(2, sized(MAX_SIZE + 1))])).toEqual([[1, 'outbox-full']]);
    expect(lost([entry(1, sized(MAX_SIZE + 1))])).toEqual([]);
  });

  it('is not made more by what has expired', () => {
    const old = { ...entry(0), at: NOW - MONTH - 1 };
    expect(lost([...some(MAX_ENTRIES, 1), old])).toEqual([[0, 'expired']]);
  });

  it('leaves the caller’s list as it was', () => {
    const entries = [entry(1), entry(2), entry(0)];
    findEvictions(entries, NOW);
    expect(entries.map(({ id }) => Number(id))).toEqual([1, 2, 0]);
  });
});
