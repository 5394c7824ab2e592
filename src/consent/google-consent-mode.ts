import { isBrowser, setTimer } from '../browser/page.ts';
import { onlyChanges, type SetConsent } from './only-changes.ts';

export interface ConsentModeOptions {
  /** The consent type that decides. Default `analytics_storage`. */
  type?: string | undefined;
  /**
   * The visitor's region, as ISO 3166-2 has it (`US`, `US-CA`), if your server knows. Google finds it by itself and
   * reveals it to no page. Without it, a default that is another one elsewhere decides nothing. Default: not known.
   */
  region?: string | undefined;
  /** Name of the global array that takes the commands. Default `dataLayer`. */
  dataLayer?: string | undefined;
}

/** Settings in a `gtag('consent', …)` command: `granted` or `denied` by consent type, and the regions they are for. */
interface Settings {
  [type: string]: unknown;
  region?: string[];
  wait_for_update?: number;
}

/**
 * Passes on the visitor's choice from Google Consent Mode, by `gtag('consent', …)`, before and from now on. An
 * `update` is a choice. A `default` is none, and `denied` leaves things as they are. A `default` that is `granted` in
 * the visitor's region asks for no choice. It is passed on after its `wait_for_update`.
 *
 * The data layer is watched, which is the documented way in. A Tag Manager template that sets consent within its
 * container does not appear there. Whether a visitor or their consent platform's settings made an update cannot be
 * known.
 *
 * @see https://developers.google.com/tag-platform/security/guides/consent
 * @param setConsent Takes each choice that differs from the last one: `setConsent` of utmost.
 * @param options Which consent type decides, where the visitor is, and the data layer's name. Default
 *   `analytics_storage`, not known, `dataLayer`.
 * @returns A function that stops following.
 */
export function followConsentMode(
  setConsent: SetConsent,
  { type = 'analytics_storage', region = '', dataLayer = 'dataLayer' }: ConsentModeOptions = {},
): () => void {
  const passOn = onlyChanges(setConsent);
  if (!isBrowser()) return () => {};
  const page = window as typeof window & Record<string, unknown[] | undefined>;
  page[dataLayer] ??= [];
  const layer = page[dataLayer];
  const defaults: Settings[] = [];
  let hasChosen = false;
  let cancel = () => {};
  let isStopped = false;

  const read = (entry: unknown) => {
    // As Google reads it: gtag() pushes its `arguments`. An array is another thing.
    if (isStopped || Object.prototype.toString.call(entry) !== '[object Arguments]') return;
    const [command, action, settings] = Array.from(entry as ArrayLike<unknown>) as [
      string,
      string,
      Settings?,
    ];
    const value = settings?.[type];
    if (command !== 'consent' || !settings || (value !== 'granted' && value !== 'denied')) return;
    if (action === 'update') {
      hasChosen = true;
      passOn(value);
    } else if (action === 'default') {
      defaults.push(settings);
      const wait = Math.max(...defaults.map(({ wait_for_update = 0 }) => wait_for_update));
      cancel();
      // Never synchronously: the default of another region may be the next command.
      cancel = setTimer(() => !hasChosen && isGranted(defaults, type, region) && passOn('granted'), wait);
    }
  };

  for (const entry of [...layer]) read(entry);
  const { push } = layer;
  const watchedPush: typeof push = (...entries) => {
    const result = push.apply(layer, entries);
    for (const entry of entries) read(entry);
    return result;
  };
  layer.push = watchedPush;
  return () => {
    isStopped = true;
    cancel();
    // Tag Manager wraps what it finds. Within its wrapper ours stays, and only passes calls on.
    if (layer.push === watchedPush) layer.push = push;
  };
}

/**
 * Checks whether a visitor of the region is granted by default. The most specific default decides, of equal ones the
 * last.
 */
function isGranted(defaults: Settings[], type: string, region: string): boolean {
  if (!region)
    return defaults.some(({ region }) => !region) && defaults.every(each => each[type] === 'granted');
  const [country = ''] = region.split('-');
  const rank = ({ region: regions }: Settings) =>
    !regions ? 1 : regions.includes(region) ? 3 : regions.includes(country) ? 2 : 0;
  const [first] = defaults.filter(rank).sort((a, b) => rank(b) - rank(a));
  return first?.[type] === 'granted';
}
