import type { Context } from 'hono';
import type { ProfileFilter } from '../database/conditions.ts';
import { fromCursor, type Place } from '../database/cursor.ts';
import { LIST_KEYS, type ListQuery } from '../database/list.ts';
import { DATES, type DateName, SORTS, type SortName, sortOf } from '../database/sorts.ts';
import { throwBadRequest } from '../http-error.ts';
import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';
import { readDay, readQuery } from './request.ts';

/** Reads which profiles a request is about, and in which order. */
export function readFilter(c: Context): ProfileFilter & Pick<ListQuery, 'direction'> {
  const campaign = CAMPAIGN_FIELDS.flatMap(field => {
    const value = readQuery(c, field);
    return value === undefined ? [] : [[field, value]];
  });
  const days = readDays(c);
  const of = readChoice(c, 'date', Object.keys(DATES) as DateName[]) ?? 'last_seen';
  return {
    applicationId: readQuery(c, 'application_id'),
    anonymousId: readQuery(c, 'anonymous_id'),
    companyId: readQuery(c, 'company_id'),
    sessionToken: readQuery(c, 'session_token'),
    channel: readQuery(c, 'channel'),
    kind: readChoice(c, 'kind', ['user', 'anonymous']),
    campaign: Object.fromEntries(campaign),
    text: readQuery(c, 'q')?.slice(0, 200),
    days: days.from === undefined && days.to === undefined ? undefined : { of, ...days },
    sort: readChoice(c, 'sort', Object.keys(SORTS) as SortName[]),
    direction: readChoice(c, 'order', ['asc', 'desc']),
  };
}

/** Reads the days from the first to the last. */
export function readDays(c: Context): { from: string | undefined; to: string | undefined } {
  const from = readDay(c, 'from');
  const to = readDay(c, 'to');
  if (from !== undefined && to !== undefined && from > to)
    throwBadRequest('from must not be after to.', 'from');
  return { from, to };
}

/** Reads where in a list of this order to go on. */
export function readPlaces(
  c: Context,
  sort: SortName | undefined,
): { after: Place | undefined; before: Place | 'end' | undefined } {
  if (c.req.query('page') !== undefined)
    throwBadRequest('page is no parameter: send after, with the next of the page before.', 'page');
  const { type } = sortOf(sort);
  const read = (name: string) => readCursor(c, name, LIST_KEYS, type);
  const after = read('after');
  const before = c.req.query('before') === 'end' ? 'end' : read('before');
  if (after && before) throwBadRequest('Either after or before can be given.', 'before');
  return { after, before };
}

/** Reads a cursor as an answer gave it. */
export function readCursor(
  c: Context,
  name: string,
  keys: number,
  type?: 'timestamptz' | 'text',
): Place | undefined {
  const cursor = readQuery(c, name);
  return cursor === undefined ? undefined : fromCursor(cursor, name, keys, type);
}

/** Reads a parameter that is one of some words. */
export function readChoice<Choice extends string>(
  c: Context,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readQuery(c, name);
  if (text === undefined) return undefined;
  const words = [choices.slice(0, -1).join(', '), choices.at(-1)].join(' or ');
  return choices.find(choice => choice === text) ?? throwBadRequest(`${name} must be ${words}.`, name);
}
