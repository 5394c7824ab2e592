import { isBrowser, later } from '../browser/page.ts';
import { onlyChanges, type SetConsent } from './only-changes.ts';

export interface ConsentModeOptions {
  /** The consent type that decides. Default `analytics_storage`. */
  type?: string | undefined;
  /**
   * Where the visitor is, as ISO 3166-2 has it (`US`, `US-CA`), if your server knows. Google finds it out for itself and tells
   * no page; without it, a default that is another one elsewhere decides nothing. Default: not known.
   */
  region?: string | undefined;
  /** Name of the global array that takes the commands. Default `dataLayer`. */
  dataLayer?: string | undefined;
}

/** What a `gtag('consent', …)` command brings: `granted` or `denied` by consent type, and for whom. */
interface Settings {
  [type: string]: unknown;
  region?: string[];
  wait_for_update?: number;
}

/**
 * Hands on what Google Consent Mode is told of the visitor's choice, by `gtag('consent', …)`, before and from now on. An
 * `update` is a choice. A `default` is none, and `denied` leaves things as they are; but one that is `granted` where the
 * visitor is asks for no choice, and is handed on after its `wait_for_update`.
 *
 * It watches the data layer, which is the documented way in; a Tag Manager template that sets consent within its container
 * does not come by there. It cannot know whether a visitor or their consent platform's settings made an update.
 *
 * @see https://developers.google.com/tag-platform/security/guides/consent
 * @param setConsent Takes each choice that differs from the last one: `setConsent` of utmost.
 * @param options Which consent type decides, where the visitor is, and the data layer's name. Default
 *   `analytics_storage`, not known, `dataLayer`.
 * @returns How to stop following.
 */
export function followConsentMode(
  setConsent: SetConsent,
  { type = 'analytics_storage', region = '', dataLayer = 'dataLayer' }: ConsentModeOptions = {},
): () => void {
  const tell = onlyChanges(setConsent);
  if (!isBrowser()) return () => {};
  const page = window as unknown as Record<string, unknown[] | undefined>;
  page[dataLayer] ??= [];
  const layer = page[dataLayer];
  const defaults: Settings[] = [];
  let hasChosen = false;
  let cancel = () => {};
  let isOver = false;

  const read = (entry: unknown) => {
    // As Google reads it: what gtag() pushes is its `arguments`; an array is another thing.
    if (isOver || Object.prototype.toString.call(entry) !== '[object Arguments]') return;
    const [command, action, settings] = Array.from(entry as ArrayLike<unknown>) as [
      string,
      string,
      Settings?,
    ];
    const value = settings?.[type];
    if (command !== 'consent' || !settings || (value !== 'granted' && value !== 'denied')) return;
    if (action === 'update') {
      hasChosen = true;
      tell(value);
    } else if (action === 'default') {
      defaults.push(settings);
      const wait = Math.max(...defaults.map(({ wait_for_update = 0 }) => wait_for_update));
      cancel();
      // Not at once in any case: the default of another region may be the next command.
      cancel = later(() => !hasChosen && isGranted(defaults, type, region) && tell('granted'), wait);
    }
  };

  for (const entry of [...layer]) read(entry);
  const { push } = layer;
  const watched: typeof push = (...entries) => {
    const result = push.apply(layer, entries);
    for (const entry of entries) read(entry);
    return result;
  };
  layer.push = watched;
  return () => {
    isOver = true;
    cancel();
    // Tag Manager wraps what it finds: within its wrapper ours stays, as a mere passage.
    if (layer.push === watched) layer.push = push;
  };
}

/** Whether a visitor of the region is granted by default: the most specific default decides, of equal ones the last. */
function isGranted(defaults: Settings[], type: string, region: string): boolean {
  if (!region)
    return defaults.some(({ region }) => !region) && defaults.every(each => each[type] === 'granted');
  const [country = ''] = region.split('-');
  const rank = ({ region: regions }: Settings) =>
    !regions ? 1 : regions.includes(region) ? 3 : regions.includes(country) ? 2 : 0;
  const [first] = defaults.filter(rank).sort((a, b) => rank(b) - rank(a));
  return first?.[type] === 'granted';
}
