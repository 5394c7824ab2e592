/** A parameter of an address. */
export interface Pair {
  /** The decoded key. */
  name: string;
  /** The value as the address has it, still encoded. */
  raw: string;
}

/** Lists the parameters of the query, and those of the fragment (`#utm_source=x`, `#/route?utm_source=x`). */
export function pairsOf(url: string): Pair[] {
  const [, query = '', fragment = ''] = url.match(/^[^?#]*(?:\?([^#]*))?(?:#(.*))?/s) ?? [];
  return [query, fragment.replace(/^[^?]*\?/, '')].flatMap(text =>
    text.split('&').flatMap(part => {
      const [pair] = new URLSearchParams(part);
      return pair && part.includes('=') ? [{ name: pair[0], raw: part.slice(part.indexOf('=') + 1) }] : [];
    }),
  );
}
