import { toTouchFields } from '../campaign/payload.ts';
import { DAY } from '../campaign/rules.ts';
import type { Feature } from '../client/feature.ts';
import { isTouch, toIdentity } from '../identity/records.ts';
import { loadTouches } from '../identity/touches.ts';
import { byteLength } from '../shared/byte-length.ts';
import { isObject, toText } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { Touch } from '../shared/types.ts';
import { MAX_COOKIE } from '../storage/codec.ts';
import type { PersistenceSettings } from './persistence.ts';

export interface TouchesOption {
  /**
   * The number of touches to keep, from 2 to 50: the first, and the latest. They are kept in this origin's localStorage,
   * sent as `metadata.attribution.touches`, and returned by `getTouches`. It sets `includeAttribution`, unless that is
   * given. Default: the first and the last alone, which all subdomains share.
   */
  touches?: number | undefined;
}

/** The list's name in localStorage, behind the prefix. */
const RECORD = 'touches';

type WithTouches = PersistenceSettings & { touches?: number | undefined };

/** The longest list that is stored, in bytes of JSON. Within a request, and the keepalive budget, it leaves room for the rest. */
const MAX_LIST = 16_384;

/** The longest text of a touch that is read, in UTF-16 code units. No cookie holds a longer one. */
const MAX_TEXT = MAX_COOKIE;

const isText = (value: unknown) => typeof value === 'string' && value.length <= MAX_TEXT;

/** Checks whether all of a stored touch has its type and length. Any script of the site can write here. */
const isSound = (stored: unknown): stored is Touch =>
  isTouch(stored) &&
  isObject(stored.clickIds ?? {}) &&
  [stored.rule, stored.path ?? '', ...Object.values({ ...stored.clickIds, ...stored.campaign })].every(
    isText,
  );

/** A list, and the visitor it was kept of. */
interface Kept {
  anonymousId?: unknown;
  touches: Touch[];
}

/** Reads the list that this origin has stored, whoever's it is. */
const readKept = (key: string): Kept | undefined =>
  tryOrUndefined(() => {
    const text = localStorage.getItem(key);
    if (text === null) return undefined;
    const { anonymousId, touches } = text.length > 2 * MAX_LIST ? { touches: [] } : JSON.parse(text);
    return { anonymousId, touches: touches.filter(isSound) };
  });

/**
 * Checks whether a list is of this visitor. A new anonymous id alone makes no other visitor: `resetAnonymousId` and a
 * reset without a user keep the touches, which the list then shares.
 */
const isOf = (kept: Kept, anonymousId: unknown, known: readonly Touch[]) =>
  kept.anonymousId === anonymousId || kept.touches.some(({ at }) => known.some(touch => touch.at === at));

/**
 * Makes the list: the first touch, the latest others, and the last one, as many as the option says and as are short
 * enough together. The two of the cookies always stay. A time in the future was written by a wrong clock: such a touch
 * goes before any other.
 */
function toList(
  others: readonly Touch[],
  [first, last]: readonly Touch[],
  most: number,
  now: number,
): Touch[] {
  if (!first) return [];
  const ends = last ? [last] : [];
  const isBetween = ({ at }: Touch) => at !== first.at && at !== last?.at;
  const order = ({ at }: Touch) => (at > now ? 0 : at);
  let between = [...new Map(others.filter(isBetween).map(touch => [touch.at, touch])).values()].sort(
    (a, b) => order(a) - order(b),
  );
  const list = () => [first, ...between, ...ends];
  while (between[0] && (list().length > most || byteLength(toText(list())) > MAX_LIST))
    between = between.slice(1);
  return list();
}

/** Leaves out what a touch does not have. In a list, nothing has to be cleared on the server. */
const toWire = (touch: Touch) =>
  Object.fromEntries(Object.entries(toTouchFields(touch)).filter(([, value]) => value !== null));

/** Keeps more touches of a visitor than the first and the last, and sends them. */
export const touches: Feature<WithTouches> = {
  checks: {
    touches: [
      'a whole number from 2 to 50',
      (most: unknown) =>
        Number.isInteger(most) && Number(most) >= 2 && Number(most) <= 50 ? most : undefined,
    ],
  },
  prepare: options =>
    options.touches === undefined
      ? { ...options }
      : { ...options, includeAttribution: options.includeAttribution ?? true },
  create: ({ client: { getTouches, reset }, context, whenReady, page: { now } }) => {
    /** What this page has seen of the visitor of that anonymous id: storage may refuse it, or a reset be taken back. */
    const seen = new Map<unknown, Touch[]>();
    /** Brings the list up to date with the records. Returns undefined where the option is not given. */
    const update = (): Touch[] | undefined => {
      const { settings, isMemoryOnly, records } = context() ?? {};
      if (!settings?.touches || !records) return undefined;
      const key = settings.persistenceKeyPrefix + RECORD;
      const { anonymousId } = toIdentity(records.load('id'));
      const { first, last } = loadTouches(records);
      const known = [first, last].filter(touch => !!touch);
      const kept = isMemoryOnly ? undefined : readKept(key);
      const before = kept && isOf(kept, anonymousId, known) ? kept.touches : [];
      const list = toList([...before, ...(seen.get(anonymousId) ?? [])], known, settings.touches, now());
      seen.set(anonymousId, list);
      const next = toText({ anonymousId, touches: list });
      if (!isMemoryOnly && (list[0] ? next !== toText(kept) : kept && kept.anonymousId !== anonymousId))
        tryOrUndefined(() => (list[0] ? localStorage.setItem(key, next) : localStorage.removeItem(key)));
      // A wrong clock destroys nothing: what is too old is kept, and not told.
      return list.filter(({ at }) => now() - at <= settings.campaignMaxAge * DAY);
    };
    return {
      toTouches: () => update()?.map(toWire),
      onErase: () => seen.clear(),
      methods: {
        getTouches() {
          const known = getTouches();
          const list = known && update();
          return known && { ...known, ...(list && { touches: list }) };
        },
        reset() {
          reset();
          void whenReady(update);
        },
      },
    };
  },
};
