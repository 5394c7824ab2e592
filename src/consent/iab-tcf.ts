import { isBrowser, setTimer } from '../browser/page.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { onlyChanges, type SetConsent } from './only-changes.ts';

export interface TcfOptions {
  /**
   * Purposes that all need consent; a legitimate interest is none. Default `[1, 8]`: store and access information on
   * a device, measure content performance. A site whose law discloses no purpose 1 (`purposeOneTreatment`) leaves it
   * out.
   */
  purposes?: number[] | undefined;
  /** A vendor that needs consent too, by its id on the Global Vendor List. Default: none. */
  vendor?: number | undefined;
}

/** The part of the data that `addEventListener` hands out (`TCData`) which decides. */
interface TcData {
  gdprApplies?: boolean;
  eventStatus?: string;
  listenerId?: number;
  purpose?: Consents;
  vendor?: Consents;
}

/** Consents by purpose or vendor id. An id that is missing has no consent. */
interface Consents {
  consents?: Record<number, boolean>;
}
const hasConsent = (given: Consents | undefined, id: number) => given?.consents?.[id] === true;

type Tcf = (
  command: string,
  version: number,
  callback: (data: TcData | null, success: boolean) => void,
  parameter?: number,
) => void;

/** Interval of searching for the platform, and the time after which that ends, in milliseconds. */
const SEARCH_INTERVAL = 250;
const SEARCH_TIMEOUT = 30_000;

/**
 * Passes on the visitor's choice from an IAB TCF v2.2 consent platform, now and whenever they change it. Nothing is
 * passed on while they are being asked. Where the GDPR does not apply, `granted` is passed on. The page is searched
 * for `__tcfapi` for 30 seconds. Then the console reports that it is missing. A platform in a parent frame is not
 * seen.
 *
 * @see https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework (CMP API v2)
 * @param setConsent Takes each choice that differs from the last one: `setConsent` of utmost.
 * @param options The purposes and the vendor that need consent. Default: purposes 1 and 8, no vendor.
 * @returns A function that stops following.
 */
export function followTcf(
  setConsent: SetConsent,
  { purposes = [1, 8], vendor }: TcfOptions = {},
): () => void {
  const passOn = onlyChanges(setConsent);
  if (!isBrowser()) return () => {};
  const page = window as typeof window & { __tcfapi?: Tcf };
  let isStopped = false;
  let listenerId: number | undefined;
  const removeListener = () => {
    if (listenerId !== undefined) page.__tcfapi?.('removeEventListener', 2, () => {}, listenerId);
  };
  const onTcData = (data: TcData | null, success: boolean) => {
    if (!success || !data) return;
    listenerId = data.listenerId ?? listenerId;
    // Stopped while the platform was still loading: only now can the listener be removed.
    if (isStopped) return removeListener();
    if (data.gdprApplies === false) return passOn('granted');
    // Not `cmpuishown`: the string then holds no choice yet, or one about to change.
    if (!['tcloaded', 'useractioncomplete'].includes(`${data.eventStatus}`)) return;
    const isGranted =
      purposes.every(id => hasConsent(data.purpose, id)) &&
      (vendor === undefined || hasConsent(data.vendor, vendor));
    passOn(isGranted ? 'granted' : 'denied');
  };
  let searchesLeft = SEARCH_TIMEOUT / SEARCH_INTERVAL;
  let cancel = () => {};
  const search = () => {
    const tcf = page.__tcfapi;
    if (tcf) tryOrUndefined(() => tcf('addEventListener', 2, onTcData));
    else if (searchesLeft--) cancel = setTimer(search, SEARCH_INTERVAL);
    else console.warn('utmost: this page has no __tcfapi; load your consent platform first.');
  };
  search();
  return () => {
    isStopped = true;
    cancel();
    tryOrUndefined(removeListener);
  };
}
