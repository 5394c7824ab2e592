/** Splits a URL into its text before the query, the query's pairs (none where there is no query), and its hash. */
function split(url: string): [head: string, pairs: string[], hash: string] {
  const [, head = '', query, hash = ''] = url.match(/^([^?#]*)(?:\?([^#]*))?(.*)$/s) ?? [];
  return [head, query?.split('&') ?? [], hash];
}

const join = (head: string, pairs: string[], hash: string) =>
  head + (pairs.length ? `?${pairs.join('&')}` : '') + hash;

/**
 * Takes the parameter out of the URL, and returns its last value. All else stays byte for byte: order, encoding, bad
 * percent signs, empty pairs, an empty query, the hash with whatever a router keeps in it.
 */
export function takeParameter(url: string, name: string): { url: string; value: string | undefined } {
  const [head, pairs, hash] = split(url);
  const isOurs = (pair: string) => pair.startsWith(`${name}=`);
  const value = pairs
    .filter(isOurs)
    .at(-1)
    ?.slice(name.length + 1);
  // A URL without the parameter is not reassembled.
  return value === undefined
    ? { url, value }
    : {
        url: join(
          head,
          pairs.filter(pair => !isOurs(pair)),
          hash,
        ),
        value,
      };
}

/** Puts the parameter at the end of the URL's query, once. `takeParameter` restores the URL. */
export function putParameter(url: string, name: string, value: string): string {
  const [head, pairs, hash] = split(takeParameter(url, name).url);
  return join(head, [...pairs, `${name}=${value}`], hash);
}
