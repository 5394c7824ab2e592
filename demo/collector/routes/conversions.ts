import { type Context, Hono } from 'hono';
import { readClicks, readConversions } from '../database/conversions.ts';
import type { Database } from '../database/database.ts';
import { throwBadRequest } from '../http-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { lastClickBefore } from '../profiles/clicks.ts';
import { type Platform, TEMPLATES, toConversionFile } from '../profiles/conversion-file.ts';
import { readDay, readQuery } from './request.ts';

/** The number of conversions that one file has at most. */
const MAX_CONVERSIONS = 100_000;
const DAY = 86_400_000;

/**
 * Creates the route `GET /conversions`, a file of conversions for an ad platform's offline import. It is no path of
 * `/v1/`, which pages of other origins may read.
 */
export function createConversionRoutes(database: Database): Hono {
  const app = new Hono();
  app.get('/conversions', async c => {
    const platform = readPlatform(c);
    const action = readQuery(c, 'action');
    if (action === undefined) return throwBadRequest('action must be the name of an action.', 'action');
    const from = readDate(c, 'from');
    const to = readDate(c, 'to');
    if (from > to) throwBadRequest('from must not be after to.', 'from');
    const conversions = await readConversions(database, {
      applicationId: readQuery(c, 'application_id'),
      actionName: action,
      from,
      until: new Date(to.getTime() + DAY),
      limit: MAX_CONVERSIONS + 1,
    });
    if (conversions.length > MAX_CONVERSIONS)
      throwBadRequest(`There are more than ${MAX_CONVERSIONS} of these actions; choose fewer days.`, 'from');
    const clicksOf = await readClicks(database, conversions, TEMPLATES[platform].clickId, from);
    const valueField = readQuery(c, 'value_field') ?? 'value';
    const currencyField = readQuery(c, 'currency_field') ?? 'currency';
    const credited = conversions.flatMap(conversion => {
      const { time, metadata } = conversion;
      const clickId = lastClickBefore(clicksOf(conversion), time);
      const value = toValue(fieldOf(metadata, valueField));
      const currency = toCurrency(fieldOf(metadata, currencyField));
      return clickId === undefined ? [] : [{ clickId, time, value, currency }];
    });
    const days = [from, to].map(day => day.toISOString().slice(0, 10)).join('-to-');
    return c.body(toConversionFile(platform, readQuery(c, 'name') ?? action, credited), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${platform}-conversions-${days}.csv"`,
      'Cache-Control': 'no-store',
    });
  });
  return app;
}

function readPlatform(c: Context): Platform {
  const platform = readQuery(c, 'platform');
  if (platform === 'google' || platform === 'microsoft') return platform;
  return throwBadRequest('platform must be google or microsoft.', 'platform');
}

/** Reads a day, as the moment of UTC at which it begins. */
function readDate(c: Context, name: string): Date {
  const day = readDay(c, name);
  if (day === undefined)
    return throwBadRequest(`${name} must be a day of the calendar, such as 2026-01-31.`, name);
  return new Date(day);
}

/** Returns a field of metadata by its name, or by a path with dots. */
const fieldOf = (metadata: JsonObject, path: string) =>
  path
    .split('.')
    .reduce<Json | undefined>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      metadata,
    );

/** Returns a number from 0, also of a text. The platforms take no others. */
function toValue(value: Json | undefined): number | undefined {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}(\.\d+)?$/.test(value));
  return isNumber && Number(value) >= 0 && Number(value) < 1e15 ? Number(value) : undefined;
}

const toCurrency = (value: Json | undefined) =>
  typeof value === 'string' && /^[a-z]{3}$/i.test(value) ? value.toUpperCase() : undefined;
