/** The names under which zone.js keeps itself and what it has replaced. */
type Zoned = typeof globalThis & { Zone?: { __symbol__?: (name: string) => string } };

/**
 * Returns the browser's own function, also where zone.js (Angular) has replaced it. Zones hold an app unstable for as
 * long as one of their timers or requests is open. Ours may be open for minutes.
 */
export function unzoned<Name extends 'fetch' | 'setTimeout'>(name: Name): (typeof globalThis)[Name] {
  const page = globalThis as Zoned & Record<string, unknown>;
  return (page[page.Zone?.__symbol__?.(name) ?? ''] ?? page[name]) as (typeof globalThis)[Name];
}
