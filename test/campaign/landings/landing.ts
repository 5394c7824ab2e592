import type { Campaign, Rule } from '../../../src/shared/types.ts';

/** One arrival as it is seen in the field, and what the rules say of it. */
export interface Landing {
  name: string;
  url: string;
  referrer?: string;
  /** The registrable domain of the site. Default `example.com`. */
  site?: string;
  excludeReferrers?: string[];
  /** The fields that go out, exactly; `{}` where the visit is no touch. */
  campaign: Campaign;
  rule: Rule;
  /** What was changed or dropped, as `key:code`, in order. Default none. */
  issues?: string[];
}

/** The address of the landing page with a query. */
export const home = (query = '') => `https://www.example.com/${query}`;

/** The two fields of a referrer. */
export const from = (referrer: string, referring_domain: string): Campaign => ({
  referrer,
  referring_domain,
});

/** UTM fields by position; an empty text leaves its field out. */
export function utm(source: string, medium = '', campaign = '', term = '', content = ''): Campaign {
  const fields = {
    utm_source: source,
    utm_medium: medium,
    utm_campaign: campaign,
    utm_term: term,
    utm_content: content,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}
