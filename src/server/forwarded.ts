/** Headers of a request, as far as they are read by their names. */
export type HeaderReader = Pick<Headers, 'get'>;

/**
 * Lists what the site's own proxies have noted of a request, the outermost first. It stands in `X-Forwarded-For`,
 * `X-Forwarded-Host` or `X-Forwarded-Proto`, or where that is absent in `Forwarded` (RFC 7239).
 *
 * Each proxy appends, so the last `trustProxy` entries are theirs, and what a visitor made up is further left. A list
 * shorter than that was written by the proxies alone.
 */
export function trustedHops(
  headers: HeaderReader,
  trustProxy: number | string,
  field: 'for' | 'host' | 'proto',
): string[] {
  if (!trustProxy || typeof trustProxy === 'string') return [];
  const list = headers.get(`X-Forwarded-${field}`);
  const hops = list ? list.split(',') : forwardedValues(headers.get('Forwarded') ?? '', field);
  return hops.slice(-trustProxy).map(hop => hop.trim());
}

/** Reads one field of `Forwarded`: a value for each proxy, which is empty where a proxy gives none. */
function forwardedValues(header: string, field: string): string[] {
  return splitUnquoted(header, ',').map(element => {
    const pairs = splitUnquoted(element, ';').map(pair => /^([^=]*)=(.*)$/.exec(pair.trim()));
    const value = pairs.find(pair => pair?.[1]?.toLowerCase() === field)?.[2] ?? '';
    return value.replace(/^"(.*)"$/, '$1');
  });
}

/** Splits outside quotes. Quotes are paired from the right, so that an open one of a visitor swallows no proxy's entry. */
function splitUnquoted(text: string, separator: string): string[] {
  const stretches = text.split('"');
  // No header holds a line feed.
  const marked = stretches.map((stretch, index) =>
    (stretches.length - 1 - index) % 2 ? stretch : stretch.replaceAll(separator, '\n'),
  );
  return marked.join('"').split('\n');
}
