import { toTouchFields } from '../campaign/payload.ts';
import { DAY } from '../campaign/rules.ts';
import type { Feature } from '../client/feature.ts';
import { isTouch } from '../identity/records.ts';
import { toText } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { Touch } from '../shared/types.ts';
import { forgetRecord } from './forget-record.ts';
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

/** The longest list that is stored or read, in characters of JSON. Within a request it leaves room for the rest. */
const MAX_SIZE = 16_384;

/** Reads a list that this origin has stored for that visitor. Any script of the site can write here. */
const readList = (key: string, anonymousId: string): Touch[] =>
  tryOrUndefined(() => {
    const text = localStorage.getItem(key);
    if (!text || text.length > 2 * MAX_SIZE) return;
    const stored = JSON.parse(text);
    return stored.anonymousId === anonymousId ? stored.touches.filter(isTouch) : [];
  }) ?? [];

/** Keeps the first touch and the latest ones, as many as the option says and as are short enough together. */
function cutList([first, ...others]: Touch[], most: number): Touch[] {
  let latest = others.slice(1 - most);
  while (latest[0] && toText([first, ...latest]).length > MAX_SIZE) latest = latest.slice(1);
  return first ? [first, ...latest] : [];
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
  create({ client: { getTouches, reset }, context, running, whenReady, page: { now } }) {
    /** What this page has seen of the visitor of that anonymous id: storage may refuse it, or a reset be taken back. */
    const seen = new Map<string, Touch[]>();
    /** Brings the list up to date with the visitor's touches. Returns undefined where the option is not given. */
    const listOf = (known: readonly (Touch | undefined)[], anonymousId: string): Touch[] | undefined => {
      const { settings, isMemoryOnly } = context() ?? {};
      if (!settings?.touches) return;
      const key = settings.persistenceKeyPrefix + RECORD;
      const before = isMemoryOnly ? [] : readList(key, anonymousId);
      const all = [...before, ...(seen.get(anonymousId) ?? []), ...known.filter(touch => !!touch)];
      const byTime = [...new Map(all.map(touch => [touch.at, touch])).values()].sort((a, b) => a.at - b.at);
      const list = cutList(byTime, settings.touches);
      seen.set(anonymousId, list);
      if (!isMemoryOnly && toText(list) !== toText(before))
        tryOrUndefined(() => localStorage.setItem(key, toText({ anonymousId, touches: list })));
      // A wrong clock destroys nothing: what is too old is kept, and not told.
      return list.filter(({ at }) => now() - at <= settings.campaignMaxAge * DAY);
    };
    return {
      toTouches: ({ first, last }, { anonymousId }) => listOf([first, last], anonymousId)?.map(toWire),
      methods: {
        getTouches() {
          const known = getTouches();
          const runtime = running();
          const list =
            known && runtime && listOf([known.first, known.last], runtime.visitor.identity().anonymousId);
          return known && { ...known, ...(list && { touches: list }) };
        },
        reset() {
          forgetRecord(whenReady, RECORD);
          reset();
        },
      },
    };
  },
};
