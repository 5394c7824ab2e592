import { isObject, type Json, type JsonObject } from '../json.ts';

/**
 * The time a value was written, in milliseconds since 1970. An object has three: when it was last written to,
 * the time before which all in it was replaced, and the times of its keys.
 */
export type Times = number | ObjectTimes;
export type ObjectTimes = [written: number, cleared: number, keys: { [key: string]: Times }];

/**
 * A value with its times. The times of keys that the value no longer has are kept: they show which updates
 * are too late.
 */
export interface Dated {
  value: Json;
  times: Times;
}

/**
 * Merges an update as the Users API does: objects merge at every depth, everything else (arrays and null too)
 * is replaced. A value older than the one it would replace is left out, key by key. So updates lead to the
 * same value in whatever order they come. Of two with the same time, the one that comes later wins. No
 * argument is changed.
 */
export function merge(stored: Dated | undefined, update: Json, at: number): Dated {
  if (stored === undefined) return merge({ value: null, times: Number.NEGATIVE_INFINITY }, update, at);
  if (!isObject(update)) return replace(stored, update, at);
  const base = asObject(stored, at);
  if (!base) return stored;
  // Maps, because assigning to `merged['__proto__']` would set a prototype instead of a key.
  const values = new Map(Object.entries(base.value));
  const [written, cleared, keys] = base.times;
  const times = new Map(Object.entries(keys));
  for (const [key, part] of Object.entries(update)) {
    const before = times.get(key);
    const merged = merge(
      before === undefined ? undefined : { value: values.get(key) ?? null, times: before },
      part,
      at,
    );
    values.set(key, merged.value);
    times.set(key, merged.times);
  }
  return {
    value: Object.fromEntries(values),
    times: [Math.max(written, at), cleared, Object.fromEntries(times)],
  };
}

/**
 * Puts what only `below` has under `top`, whatever their times. That is how a visitor becomes part of a user.
 */
export function underlay(top: Dated, below: Dated): Dated {
  if (!isObject(top.value) || !isObject(below.value)) return top;
  if (typeof top.times === 'number' || typeof below.times === 'number') return top;
  const values = new Map(Object.entries(top.value));
  const times = new Map(Object.entries(top.times[2]));
  const belowValues = new Map(Object.entries(below.value));
  for (const [key, belowTimes] of Object.entries(below.times[2])) {
    const lower = { value: belowValues.get(key) ?? null, times: belowTimes };
    const upper = times.get(key);
    const both =
      upper === undefined ? lower : underlay({ value: values.get(key) ?? null, times: upper }, lower);
    if (upper !== undefined || belowValues.has(key)) values.set(key, both.value);
    times.set(key, both.times);
  }
  const written = Math.max(top.times[0], below.times[0]);
  return {
    value: Object.fromEntries(values),
    times: [written, top.times[1], Object.fromEntries(times)],
  };
}

/** Returns the times of a value that was written all at once. */
export function timesOf(value: Json, at: number): Times {
  if (!isObject(value)) return at;
  return [at, 0, Object.fromEntries(Object.entries(value).map(([key, part]) => [key, timesOf(part, at)]))];
}

function replace(stored: Dated, value: Json, at: number): Dated {
  const written = typeof stored.times === 'number' ? stored.times : stored.times[0];
  if (at >= written) return { value, times: at };
  if (typeof stored.times === 'number' || !isObject(stored.value)) return stored;
  return newerThan(at, stored.value, stored.times);
}

/** Returns what is left of an object of which everything up to a time was replaced. */
function newerThan(at: number, value: JsonObject, [written, cleared, keys]: ObjectTimes): Dated {
  const values = new Map(Object.entries(value));
  const times = new Map(Object.entries(keys));
  for (const [key, time] of Object.entries(keys)) {
    const part = values.get(key);
    if ((typeof time === 'number' ? time : time[0]) <= at) {
      values.delete(key);
      times.delete(key);
    } else if (typeof time !== 'number' && isObject(part)) {
      const left = newerThan(at, part, time);
      values.set(key, left.value);
      times.set(key, left.times);
    }
  }
  return {
    value: Object.fromEntries(values),
    times: [written, Math.max(cleared, at), Object.fromEntries(times)],
  };
}

/**
 * Returns the object that an update's keys go into, or undefined where the update is older than what it would
 * replace.
 */
function asObject(
  { value, times }: Dated,
  at: number,
): { value: JsonObject; times: ObjectTimes } | undefined {
  if (typeof times !== 'number' && isObject(value)) return at >= times[1] ? { value, times } : undefined;
  const since = typeof times === 'number' ? times : times[0];
  return at >= since ? { value: {}, times: [at, Math.max(since, 0), {}] } : undefined;
}
