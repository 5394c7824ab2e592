/** Writes a record as it stands in a cookie, without the library's help: base64url of JSON. */
export const toCookie = (name: string, record: unknown, prefix = 'utmost_'): string =>
  `${prefix}${name}=${Buffer.from(
    JSON.stringify(
      typeof record === 'object' && record && !Array.isArray(record) ? { v: 1, ...record } : record,
    ) ?? '',
  ).toString('base64url')}`;

/** Writes a `Cookie` header with these records, by name. */
export const toHeader = (records: Record<string, unknown>, prefix?: string): string =>
  Object.entries(records)
    .map(([name, record]) => toCookie(name, record, prefix))
    .join('; ');

/** The records of a visitor who came twice and has signed up, as a page of `utmost/full` writes them. */
export const RECORDS = {
  id: { anonymousId: 'anon', userId: '7', companyId: 'acme', domain: 'example.com' },
  campaign: {
    first: { campaign: { utm_source: 'a' }, at: 1768435200000, rule: 'campaign' },
    last: { campaign: { referrer: 'https://news.org/' }, at: 1768435300000, rule: 'referral' },
    count: 2,
  },
  state: { lastActivityAt: 1768435300000, fingerprint: 'f' },
  company: { fingerprint: 'c', confirmed: 1 },
  session: { fingerprint: 's', confirmed: 1 },
} as const;
