import type { Visit } from '../campaign/rules.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { unzoned } from './unzoned.ts';

/** Everything that is asked of the browser's page. All other code gets plain values, so that it runs and tests anywhere. */
export interface Page {
  /** Returns the visit as it stands: address, referrer, and whether it is a reload or a step through the history. */
  visit(): Visit;
  url(): string;
  now(): number;
  /** Returns a random number n with 0 ≤ n < 1. */
  random(): number;
  uuid(): string;
  /** Runs after some milliseconds. Returns a function that cancels it. */
  setTimer(run: () => void, milliseconds: number): () => void;
  /** Runs now, or when a prerendered page is shown for the first time. */
  whenActivated(run: () => void): void;
  /** Runs when the page is hidden, and when it is left (`isLeaving`), also for the back/forward cache. */
  onHide(run: (isLeaving: boolean) => void): void;
  /** Runs when sending may work again: back online, visible again, or out of the back/forward cache. */
  onResume(run: () => void, signal: AbortSignal): void;
  /** Checks whether the browser asks sites not to share data (Global Privacy Control). */
  hasGlobalPrivacyControl(): boolean;
  /** Web Locks; undefined where the browser has none, as on plain-http origins. */
  readonly lockManager: LockManager | undefined;
}

/** Returns a number from 0 to 255, by `Math.random` where there is no Web Crypto, as in jsdom. */
const randomByte = (): number =>
  tryOrUndefined(() => crypto.getRandomValues(new Uint8Array(1))[0]) ?? Math.random() * 256;

/** Makes a UUID of version 4 (RFC 9562, 5.4). `crypto.randomUUID` is missing on plain-http origins. */
const uuid = (): string =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, digit =>
    (+digit ^ (randomByte() & (15 >> (+digit / 4)))).toString(16),
  );

/**
 * Checks whether there is a page: a document, an address and events. There is none in a worker, nor on a server, even
 * with a DOM shim.
 */
export const isBrowser = (): boolean =>
  !!tryOrUndefined(() => [document.nodeType, addEventListener.name, new URL(location.href)]);

/** Runs after some milliseconds, outside of zones. Returns a function that cancels it. */
export const setTimer = (run: () => void, milliseconds: number): (() => void) => {
  const timer = unzoned('setTimeout')(run, milliseconds);
  return () => clearTimeout(timer);
};

/** Returns the page's address. A frame without one of its own (`srcdoc`) has that of its origin, the page around it. */
const url = (): string => (!location.host && /^http/.test(self.origin) ? `${self.origin}/` : location.href);

/** The address that the loader snippet noted, before any script could change it. */
let noted: string | undefined;
export const noteLanding = (url: string | undefined): void => {
  noted = url;
};

/** The browser's page. It reads nothing before it is asked. */
export const browserPage: Page = {
  visit() {
    const entry = tryOrUndefined(() => performance.getEntriesByType('navigation')[0]) as
      | PerformanceNavigationTiming
      | undefined;
    const { name = '', type = '' } = entry ?? {};
    return {
      // A router or a script in the head may have changed the address since the document was loaded.
      url: noted ?? (name.startsWith(`${location.origin}/`) ? name : url()),
      referrer: document.referrer,
      at: Date.now(),
      isReload: /^(reload|back)/.test(type),
    };
  },
  url,
  now: () => Date.now(),
  random: () => Math.random(),
  uuid,
  setTimer: setTimer,
  whenActivated(run) {
    if ((document as { prerendering?: boolean }).prerendering)
      document.addEventListener('prerenderingchange', run, { once: true });
    else run();
  },
  onHide(run) {
    // Capturing, so that it runs before the site's own listeners: their calls must find a page that knows it is left.
    // Not beforeunload, which defeats the back/forward cache.
    addEventListener('pagehide', () => run(true), true);
    addEventListener('visibilitychange', () => document.hidden && run(false), true);
  },
  onResume(run, signal) {
    for (const type of ['online', 'visibilitychange', 'pageshow'])
      addEventListener(
        type,
        // A page shown for the first time was never asleep.
        event => document.hidden || (event as PageTransitionEvent).persisted === false || run(),
        { signal },
      );
  },
  hasGlobalPrivacyControl: () =>
    !!(globalThis.navigator as { globalPrivacyControl?: boolean })?.globalPrivacyControl,
  get lockManager() {
    return globalThis.navigator?.locks;
  },
};
