import type { Context } from 'hono';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { isStorable } from '../json.ts';

const APPLICATION_ID = 'X-Moesif-Application-Id';

// What JSON is sent as: the documented curl example has curl's own type, and a plain `fetch` says text/plain.
const JSON_TYPE =
  /^(application\/json|application\/[\w.-]+\+json|text\/json|text\/plain|application\/x-www-form-urlencoded)$/;

/**
 * Reads the application that a request is for, or throws a 401. `allowed` is undefined where every
 * application may send.
 */
export function readApplicationId(c: Context, allowed: ReadonlySet<string> | undefined): string {
  const id = c.req.header(APPLICATION_ID)?.trim();
  if (!id) throw new HttpError(401, `The header ${APPLICATION_ID} is missing or empty.`);
  // Printable ASCII, and short enough to be part of an index key.
  if (!/^[\x21-\x7e]{1,512}$/.test(id)) {
    throw new HttpError(401, `The header ${APPLICATION_ID} holds no application id.`);
  }
  if (allowed && !allowed.has(id)) {
    throw new HttpError(
      401,
      `The header ${APPLICATION_ID} holds an application id that is not known here; use one that the collector was started with.`,
    );
  }
  return id;
}

/** Reads how the body is packed. Throws a 415 for what is no JSON by its own account. */
export function readEncoding(c: Context): 'gzip' | 'identity' {
  const [type = '', ...parameters] = (c.req.header('Content-Type') ?? '').toLowerCase().split(';');
  if (type.trim() !== '' && !JSON_TYPE.test(type.trim())) {
    throw new HttpError(415, 'The Content-Type must be application/json.');
  }
  const charset = parameters.map(parameter => parameter.trim()).find(text => text.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) {
    throw new HttpError(415, 'The charset of a JSON body is UTF-8.');
  }
  const encoding = (c.req.header('Content-Encoding') ?? 'identity').trim().toLowerCase();
  if (!['', 'identity', 'gzip', 'x-gzip'].includes(encoding)) {
    throw new HttpError(415, 'The Content-Encoding must be gzip or absent.');
  }
  return encoding.endsWith('gzip') ? 'gzip' : 'identity';
}

/** Throws a 406 where the sender takes no JSON. */
export function checkAccept(c: Context): void {
  const accepted = (c.req.header('Accept') ?? '*/*').split(',').map(range => {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
    return { type, isRefused: parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter)) };
  });
  const most = ['application/json', 'application/*', '*/*'].map(name =>
    accepted.find(({ type }) => type === name),
  );
  const range = most.find(found => found !== undefined);
  if (!range && accepted.every(({ type }) => type === '')) return;
  if (!range || range.isRefused)
    throw new HttpError(406, 'The answer is application/json, which Accept leaves out.');
}

export function readQuery(c: Context, name: string): string | undefined {
  const value = c.req.query(name);
  if (value && !isStorable(value))
    throwBadRequest(`${name} must not hold NUL characters or unpaired surrogates.`, name);
  return value || undefined;
}

export function readCount(c: Context, name: string, fallback: number, max: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) throwBadRequest(`${name} must be a whole number from 1 to ${max}.`, name);
  return count;
}

/** Reads a day of the calendar, such as `2026-01-31`. */
export function readDay(c: Context, name: string): string | undefined {
  const text = readQuery(c, name);
  if (text === undefined) return undefined;
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? text : Number.NaN);
  // Of the 31st of February `Date` makes a day of March. PostgreSQL has no year 0.
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text && text > '0001';
  return isDay ? text : throwBadRequest(`${name} must be a day of the calendar, such as 2026-01-31.`, name);
}
