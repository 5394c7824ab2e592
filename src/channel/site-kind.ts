import { APPS, NO_CONTENT, SEARCH_LABELS, SITES, type SiteKind } from './site-lists.ts';

/** The site lists by name. The kind that stands first in {@link SITES} wins. */
const KINDS = new Map<string, SiteKind>();
for (const [kind, names] of Object.entries(SITES))
  for (const name of names) if (!KINDS.has(name)) KINDS.set(name, kind as SiteKind);

/** What stands behind the brand in the host of a country: `com`, `de`, `co.uk`, `com.au`. */
const COUNTRY = /^(com|net|org|tv|ru|[a-z]{2}|(com?|net|org|ne)\.[a-z]{2})$/;

/**
 * Returns the kind of a site by its name, as `utm_source` or a referring domain has it. Undefined for any other. A
 * host is compared label by label: `google.co.uk` is Google, `google.evil.example` and `notgoogle.com` are not.
 */
export function siteKindOf(source: string): SiteKind | undefined {
  const name = APPS[source] ?? source.replace(/\.$/, '');
  const labels = name.split('.');
  for (let at = 0; at < labels.length; at++) {
    const kind = KINDS.get(labels.slice(at).join('.')) ?? ofBrand(labels, at);
    if (kind) return isContent(labels.slice(0, at), kind) ? kind : undefined;
  }
  return undefined;
}

function ofBrand(labels: string[], at: number): SiteKind | undefined {
  return COUNTRY.test(labels.slice(at + 1).join('.')) ? KINDS.get(`${labels[at]}`) : undefined;
}

/** Checks that a subdomain holds what the site is known for, and is no page of its mail or sign-in. */
const isContent = (labels: string[], kind: SiteKind): boolean =>
  kind === 'search'
    ? labels.every(label => SEARCH_LABELS.includes(label) || /^[a-z]{2}$/.test(label))
    : !labels.some(label => NO_CONTENT.includes(label));
