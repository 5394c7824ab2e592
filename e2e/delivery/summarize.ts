import type { Body } from './collector.ts';

/** The value of an update's own key. */
export type Value = string | boolean;

/** An update as a page made it: each brings a key of its own, and overwrites `latest`. */
export interface Update {
  /** Its place in the order of calls. */
  call: number;
  user: string;
  value: Value;
  token?: string | undefined;
  /** The `utm_source` that has to arrive with it. */
  campaign?: string | undefined;
}

/** A profile as the Users API merges it. */
interface Profile {
  anonymousIds: Set<string>;
  tokens: Set<string>;
  campaign: Record<string, string | null>;
  metadata: Json;
}

export interface Summary {
  /** Updates made. */
  n: number;
  /** Updates whose whole effect is in the final profile. */
  delivered: number;
  /** Profiles that ended in an older value than the newest that arrived. */
  outOfOrder: number;
  /** Aliases that a profile has got beyond those it was given. */
  duplicates: number;
  /** Stored requests that brought nothing new: harmless, but traffic. */
  repeats: number;
}

export const callKey = (call: number) => `call_${call}`;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const merge = (older: Json, newer: Json): Json => {
  const merged = Object.entries(newer).map(([key, value]) => {
    const under = older[key];
    return [key, isObject(under) && isObject(value) ? merge(under, value) : value];
  });
  return { ...older, ...Object.fromEntries(merged) };
};

const profileOf = (bodies: readonly Body[]): Profile => {
  const given = (name: 'anonymous_id' | 'session_token') => bodies.flatMap(body => body[name] ?? []);
  return {
    anonymousIds: new Set(given('anonymous_id')),
    tokens: new Set(given('session_token')),
    campaign: Object.assign({}, ...bodies.map(({ campaign }) => campaign)),
    metadata: bodies.map(({ metadata }) => metadata ?? {}).reduce(merge, {}),
  };
};

const newestOf = (calls: readonly number[]) => Math.max(-1, ...calls);

/** Returns the calls that a request speaks for; one of a visitor not identified speaks for itself. */
const bringsOf = ({ anonymous_id, metadata, user_id }: Body): string[] =>
  user_id ? Object.keys(metadata ?? {}).filter(key => /^call_\d+$/.test(key)) : [`visitor ${anonymous_id}`];

const countRepeats = (stored: readonly Body[]) => {
  const seen = new Set<string>();
  return stored.filter(body => {
    const brings = bringsOf(body);
    const isRepeat = brings.every(key => seen.has(key));
    for (const key of brings) seen.add(key);
    return isRepeat;
  }).length;
};

/**
 * Compares the updates that a visitor's pages made, in this order, with what the collector stored in that
 * order.
 */
export function summarize(said: readonly Update[], stored: readonly Body[]): Summary {
  const counts = {
    n: said.length,
    delivered: 0,
    outOfOrder: 0,
    duplicates: 0,
    repeats: countRepeats(stored),
  };
  for (const user of new Set(said.map(({ user }) => user))) {
    const updates = said.filter(update => update.user === user);
    const { anonymousIds, tokens, campaign, metadata } = profileOf(
      stored.filter(({ user_id }) => user_id === user),
    );
    const holds = ({ call, value }: Update) => metadata[callKey(call)] === value;
    counts.delivered += updates.filter(
      update =>
        holds(update) &&
        (!update.token || tokens.has(update.token)) &&
        (!update.campaign || campaign.utm_source === update.campaign),
    ).length;
    const newest = newestOf(updates.filter(holds).map(({ call }) => call));
    if (newest >= 0 && metadata.latest !== newest) counts.outOfOrder++;
    const given = new Set(updates.flatMap(({ token }) => token ?? []));
    counts.duplicates += Math.max(0, anonymousIds.size - 1) + [...tokens].filter(t => !given.has(t)).length;
  }
  return counts;
}

export const addUp = (summaries: readonly Summary[]): Summary => {
  const sum: Summary = { n: 0, delivered: 0, outOfOrder: 0, duplicates: 0, repeats: 0 };
  for (const each of summaries)
    for (const key of Object.keys(sum) as (keyof Summary)[]) sum[key] += each[key];
  return sum;
};
