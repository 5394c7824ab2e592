/**
 * Options of moesif-browser-js that have no work here. They are accepted, and the console says what to use. Recording
 * the page's requests (`start` there) is not part of this library.
 */
export interface RetiredOptions {
  callback?: unknown;
  apiVersion?: unknown;
  getApiVersion?: unknown;
  getTags?: unknown;
  getMetadata?: unknown;
  maskContent?: unknown;
  skip?: unknown;
  disableFetch?: unknown;
  eagerBodyLogging?: unknown;
  batchTimeout?: unknown;
  batchStorageExpiration?: unknown;
  enableCrossDomainTracking?: unknown;
  crossDomainTargets?: unknown;
  crossDomainTrackingParameterName?: unknown;
}

const RECORDING = 'no requests are recorded here; remove it.';
const CROSS_DOMAIN = 'use crossDomain: { domains, parameter }.';

/** The text for each option that says what to use instead. */
const RETIRED_OPTIONS: Record<keyof RetiredOptions, string> = {
  callback: 'use the receipt that each call returns, or onDelivery.',
  apiVersion: RECORDING,
  getApiVersion: RECORDING,
  getTags: RECORDING,
  getMetadata: RECORDING,
  maskContent: RECORDING,
  skip: RECORDING,
  disableFetch: RECORDING,
  eagerBodyLogging: RECORDING,
  batchTimeout: 'use timeout.',
  batchStorageExpiration: 'what waits is kept for 30 days; remove it.',
  enableCrossDomainTracking: CROSS_DOMAIN,
  crossDomainTargets: CROSS_DOMAIN,
  crossDomainTrackingParameterName: CROSS_DOMAIN,
};

const noted = new Set<string>();

/** Warns on the console, once a page, what to use instead of something of moesif-browser-js. */
export function note(name: string, instead: string): void {
  if (noted.has(name)) return;
  noted.add(name);
  console.warn('utmost:', `${name}: ${instead}`);
}

/** Takes out the options that have no work here, and notes what to use instead. */
export function withoutRetired(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = { ...options };
  for (const [name, instead] of Object.entries(RETIRED_OPTIONS))
    if (name in given) {
      note(`option ${name}`, instead);
      delete given[name];
    }
  return given;
}
