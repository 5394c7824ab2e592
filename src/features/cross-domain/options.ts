import { tryOrUndefined } from '../../shared/try-or-undefined.ts';

/**
 * Options for sites of yours on other registrable domains, which are to know a visitor as the same one. A link or GET
 * form carries the anonymous id in a token. The token is good for two minutes, on that domain alone, and once.
 *
 * It keeps mistakes out, not an attacker. The token is no secret and not signed. Whoever makes one can give a visitor
 * of your site an anonymous id of their choice. A referrer that is on no list is refused, but a page can send none.
 * Whoever reads one, in a log or over a shoulder, learns an anonymous id. Neither reaches an identified user.
 */
export interface CrossDomainOptions {
  /**
   * Hosts whose links and GET forms carry the visitor along, and which may send visitors here; subdomains are
   * included. The same list can stand on all the sites: a domain that holds the page itself is passed over.
   */
  domains: string[];
  /** Name of the query parameter: letters, digits, `_` and `-`. Default `_utmost`. */
  parameter?: string | undefined;
}

export type CrossDomainSettings = Required<{
  [K in keyof CrossDomainOptions]: NonNullable<CrossDomainOptions[K]>;
}>;

/**
 * Makes complete settings, each domain in the form of a URL's host name. Throws a TypeError with a sentence that
 * tells the fix.
 */
export function normalizeCrossDomain({
  domains,
  parameter = '_utmost',
}: CrossDomainOptions): CrossDomainSettings {
  // A name that a form or a server had to encode could not be found again byte for byte.
  if (!/^[\w-]+$/.test(parameter))
    throw new TypeError('utmost: crossDomain.parameter must be letters, digits, "_" and "-".');
  const hosts = (Array.isArray(domains) ? domains : [undefined]).map(entry => {
    const name = `${entry ?? ''}`.replace(/^https?:\/\/|\/$/gi, '');
    // The URL standard's own reading, so that a name with umlauts or capitals is the one that links have.
    const host = tryOrUndefined(() => new URL(`https://${name}`))?.hostname.replace(/\.$/, '');
    if (!host || /[/?#@\s]/.test(name))
      throw new TypeError('utmost: crossDomain.domains must be a list of host names such as "shop.example".');
    return host;
  });
  return { domains: hosts, parameter };
}
