import { gunzipSync } from 'node:zlib';
import type { Body } from '../delivery/collector.ts';

type Json = Record<string, unknown>;

const updateOf = (user: unknown, metadata: unknown): Body[] =>
  metadata && typeof metadata === 'object' && 'latest' in metadata
    ? [{ user_id: `${user}`, metadata: metadata as Json }]
    : [];
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value : [value]) as Json[];
const isGzip = (body: Buffer) => body[0] === 0x1f && body[1] === 0x8b;

/** Reads the field `data` of a form: JSON, or base64 of it. */
function dataOf(body: Buffer): unknown {
  const data = new URLSearchParams(`${body}`).get('data') ?? '';
  return JSON.parse(/^[[{]/.test(data) ? data : `${Buffer.from(data, 'base64')}`);
}

/** Reads updates of users in a request to the Users API, and in none to its other endpoints. */
export const moesifOf = (body: Buffer, { pathname }: URL): Body[] => {
  if (!pathname.endsWith('/v1/users')) return [];
  const { user_id, metadata } = JSON.parse(`${body}`) as Body;
  return updateOf(user_id, metadata);
};

/** Reads `identify` calls, one by one or in a batch. */
export const segmentOf = (body: Buffer): Body[] => {
  const { batch, ...one } = JSON.parse(`${body}`) as { batch?: Json[] } & Json;
  return (batch ?? [one]).flatMap(({ userId, traits }) => updateOf(userId, traits));
};

/** Reads events that set properties of a person; packed or plain, one or many. */
export const posthogOf = (body: Buffer): Body[] => {
  const plain = isGzip(body) ? gunzipSync(body) : body;
  const sent = /^data=/.test(`${plain}`) ? dataOf(plain) : (JSON.parse(`${plain}`) as Json);
  const events = listOf((sent as { batch?: Json[] }).batch ?? sent);
  return events.flatMap(({ properties = {}, $set, distinct_id }) => {
    const about = properties as Json;
    return updateOf(distinct_id ?? about.distinct_id, $set ?? about.$set);
  });
};

/** Reads `people.set`; other endpoints carry no `$set`. */
export const mixpanelOf = (body: Buffer): Body[] =>
  listOf(dataOf(body)).flatMap(({ $distinct_id, $set }) => updateOf($distinct_id, $set));
