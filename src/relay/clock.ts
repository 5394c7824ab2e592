import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/types.ts';
import type { Update } from './schema.ts';

const MINUTE = 60_000;
/** The age up to which the API takes actions and events: 30 days, less the time that the way there may take. */
const MAX_AGE = 30 * 24 * 60 * MINUTE - MINUTE;
/** The difference up to which it is the way from the page, and no wrong clock. */
const MAX_TRANSIT = 10_000; // milliseconds

/**
 * Corrects the times in an update. Pages send what their clock shows at sending, as `?sent_at=`. That makes the age
 * of an action or event right on any clock. The server's clock less that age is when it happened.
 *
 * No time is left in the future, and no action or event is older than the API takes. Without `sent_at`, as from an older
 * script, the age is unknown, and only the future is corrected.
 */
export function correctTimes({ endpoint, body }: Update, { url }: Pick<Request, 'url'>, now: number): Update {
  const [, sentAt] = /[?&]sent_at=(\d{1,16})/.exec(url) ?? [];
  const difference = sentAt === undefined ? 0 : now - Number(sentAt);
  const shift = Math.abs(difference) > MAX_TRANSIT ? difference : 0;
  const oldest = sentAt === undefined ? 0 : now - MAX_AGE;

  const correct = <T extends JsonObject>(object: T, name: string, oldest: number): T => {
    const time = object[name];
    if (typeof time !== 'string') return object;
    const at = Date.parse(time);
    const right = Math.min(Math.max(at + shift, oldest), now);
    return right === at ? object : { ...object, [name]: new Date(right).toISOString() };
  };
  const correctItem = (item: JsonObject): JsonObject => ({
    ...item,
    request: correct(item.request as JsonObject, 'time', oldest),
    ...(isObject(item.response) && { response: correct(item.response, 'time', oldest) }),
  });

  if (Array.isArray(body)) return { endpoint, body: body.map(correctItem) };
  if (endpoint === 'actions' || endpoint === 'events') return { endpoint, body: correctItem(body) };
  return { endpoint, body: correct(body, 'modified_time', 0) };
}
