/**
 * Options of moesif-browser-js that have no work here. They are accepted, and the console says what to use.
 */
export interface RetiredOptions {
  callback?: unknown;
  eagerBodyLogging?: unknown;
  batchTimeout?: unknown;
  batchStorageExpiration?: unknown;
  enableCrossDomainTracking?: unknown;
  crossDomainTargets?: unknown;
  crossDomainTrackingParameterName?: unknown;
}

const CROSS_DOMAIN = 'use crossDomain: { domains, parameter }.';

/** The text for each option that says what to use instead. */
const RETIRED_OPTIONS: Record<keyof RetiredOptions, string> = {
  callback: 'use the receipt that each call returns, or onDelivery.',
  eagerBodyLogging: 'bodies are read before the page can abort the request; remove it.',
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
