import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { INTERMEDIARIES } from './excluded-referrers.ts';
import { cleanValue, type ParameterIssue } from './parameters.ts';

/** An address fit to be stored and sent, and what was changed about it. */
export interface Address {
  /** The address as fields of a campaign. */
  fields: {
    /** Without credentials, query and fragment. */
    referrer: string;
    /** Bare host name: no port, `www.` kept. */
    referring_domain: string;
  };
  path: string;
  issues: ParameterIssue[];
}

/**
 * Reads a referrer, or a page's own address, of any scheme. Credentials, query and fragment never leave. A path that
 * holds an e-mail address or a token is cut off. Returns undefined where there is no host. Total: no input throws.
 */
export function readAddress(raw: string): Address | undefined {
  const [, scheme = '', name = '', path = ''] =
    raw.match(/^([a-z][a-z\d+.-]*:\/\/)(?:[^/?#@]*@)?([^/?#:@\s]+)(?::\d+)?([^?#]*)/i) ?? [];
  if (!name) return undefined;
  return tryOrUndefined(() => {
    // Browsers disagree on the host of what the URL standard does not name (`android-app:`): it is kept as it stands.
    const { origin, hostname, pathname } = /^https?:/i.test(scheme)
      ? new URL(raw)
      : { origin: scheme + name, hostname: name, pathname: path };
    const issues: ParameterIssue[] = [];
    const referrer =
      cleanValue(origin + pathname, code => issues.push({ key: 'referrer', code })) ?? `${origin}/`;
    return { fields: { referrer, referring_domain: hostname }, path: referrer.slice(origin.length), issues };
  });
}

/**
 * Checks whether `host` is `domain` or lies below it, label by label: `notexample.com` is not within `example.com`.
 * The trailing dot of a fully qualified name does not count.
 */
export function isWithin(host: string, domain: string): boolean {
  return !!domain && `.${host}`.replace(/\.$/, '').endsWith(`.${domain.replace(/\.$/, '')}`);
}

/** The end of a country's host, where the main host is a `.com`. */
const COUNTRY = /\.(com?\.)?[a-z]{2}$/;

/**
 * Checks whether an address is on the list of sign-in and payment hosts, or on the site's own list, `exclude`. That
 * has entries `host` and `host/path`. An entry `!host` takes a host off the default list.
 */
export function isExcluded({ fields, path }: Address, exclude: readonly string[]): boolean {
  const name = fields.referring_domain.replace(/\.$/, '');
  return [...INTERMEDIARIES, ...exclude].some((entry, index) => {
    const [domain = '', part = ''] = entry.split(/(\/.*)/);
    const host = index < INTERMEDIARIES.length ? name.replace(COUNTRY, '.com') : name;
    const isHost = domain.startsWith('.')
      ? host.endsWith(domain) && host !== `www${domain}`
      : isWithin(host, domain);
    return isHost && `${path}/`.startsWith(`${part}/`) && !exclude.includes(entry.replace(/^\.?/, '!'));
  });
}
