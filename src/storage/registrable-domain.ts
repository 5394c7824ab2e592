import type { CookieStore } from './cookie-store.ts';

/** Lists the candidates for a registrable domain, shortest first. IP addresses and single labels have none. */
export function domainCandidates(hostname: string): string[] {
  const labels = hostname.split('.');
  if (/\.\d+$/.test(hostname)) return [];
  return labels.slice(1).map((_, index) => labels.slice(-2 - index).join('.'));
}

/**
 * Finds, among these domains, the one that a record says it lives on; an empty text is the host alone. A host's own
 * cookie may be an earlier choice, where there is a domain to share it with.
 */
export const toKnownDomain = (domain: unknown, domains: (string | undefined)[]): (string | undefined)[] =>
  domains.filter(each => domain !== undefined && (each ?? (domains[1] ? undefined : '')) === domain);

/**
 * Finds those of the domains on which the browser accepts a cookie, in the same order. It knows the public suffix list:
 * it refuses a cookie on a suffix, and accepts one a label further down.
 */
export function probeDomains(
  cookies: CookieStore,
  domains: (string | undefined)[],
  prefix: string,
): (string | undefined)[] {
  const probe = (domain?: string) => `${prefix}probe_${domain}`;
  for (const domain of domains) cookies.set(probe(domain), '1', domain);
  cookies.invalidate();
  return domains.filter(domain => {
    const isAccepted = cookies.get(probe(domain));
    if (isAccepted) cookies.delete(probe(domain), domain);
    return isAccepted;
  });
}
