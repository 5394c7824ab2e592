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
export const RETIRED_OPTIONS: Record<keyof RetiredOptions, string> = {
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

const told = new Set<string>();

/** Warns on the console, once a page, what to use instead of something of moesif-browser-js. */
export function note(name: string, instead: string): void {
  if (told.has(name)) return;
  told.add(name);
  console.warn('utmost:', `${name}: ${instead}`);
}
