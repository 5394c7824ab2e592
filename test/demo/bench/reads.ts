import { CAMPAIGN_FIELDS } from '../../../demo/collector/profiles/updates.ts';
import { READ_APPLICATION } from './fill.ts';

/** A read of the dashboard, beside the least SQL that finds the same rows. */
export interface Read {
  what: string;
  /** Addresses, asked in turn. */
  paths: string[];
  /** The bare statement, with its parameters. Absent where it would be the collector's own. */
  bare?: [statement: string, parameters: unknown[]];
}

const ROWS = `select * from profiles
  where application_id = '${READ_APPLICATION}' and merged_into is null and kind <> 'company'`;
const NEWEST = 'order by modified_time desc, kind desc, id desc limit 50';

/** Returns so many numbers below `profiles`, all over the table. */
const some = (profiles: number, step = 1) =>
  Array.from({ length: 20 }, (_, n) => Math.floor((((n + 1) * 7919 * step) % profiles) / step) * step);

/** Returns the reads of a table with so many profiles. */
export function readsOf(profiles: number): Read[] {
  const list = (query: string) => `/profiles?limit=50${query && `&${query}`}`;
  const search = (what: string, words: string[]): Read => ({
    what: `search: ${what}`,
    paths: words.map(word => list(`q=${encodeURIComponent(word)}`)),
    bare: [`${ROWS} and search_text like $1 ${NEWEST}`, [`%${words[0]}%`]],
  });
  const field = (what: string, value: string): Read => ({
    what: `each campaign field: ${what}`,
    paths: CAMPAIGN_FIELDS.map(name => list(`${name}=${value}`)),
    bare: [`${ROWS} and md5(campaign ->> 'utm_source') = md5($1) ${NEWEST}`, [value]],
  });
  const other = (what: string, query: string, condition: string): Read => ({
    what,
    paths: [list(query)],
    bare: [`${ROWS} and ${condition} ${NEWEST}`, []],
  });
  const numbers = some(profiles);
  const today = Date.now();
  const day = (ago: number) => new Date(today - ago * 86_400_000).toISOString().slice(0, 10);
  return [
    { what: 'list, newest', paths: [list('')], bare: [`${ROWS} ${NEWEST}`, []] },
    {
      what: 'list, last page',
      paths: [list('before=end')],
      bare: [`${ROWS} order by modified_time, kind, id limit 50`, []],
    },
    search(
      'an e-mail',
      numbers.map(n => `person-${n}@example.com`),
    ),
    search(
      'an id',
      numbers.map(n => `visitor-${n}`),
    ),
    search('a word that all have', ['example.com']),
    search('a word that 1 in 100 has', ['harbour master']),
    search('a word that 1 in 50,000 has', ['lighthouse']),
    search('two words', ['harbour free']),
    search('a word that nobody has', ['windmill']),
    field('a value that 3 in 10 have', 'common'),
    field('a value that 1 in 50,000 has', 'rare'),
    field('a value that nobody has', 'nobody'),
    other('channel of 1 in 3', 'channel=Paid+Search', `md5(channel) = md5('Paid Search')`),
    other('channel of nobody', 'channel=Audio', `md5(channel) = md5('Audio')`),
    other('users only', 'kind=user', `kind = 'user'`),
    other('a company', 'company_id=company-5', `md5(company_id) = md5('company-5')`),
    { what: 'by first seen', paths: [list('sort=first_seen'), list('sort=first_seen&order=asc')] },
    { what: 'by name', paths: [list('sort=name'), list('sort=name&order=desc')] },
    { what: 'by sign-up, of a channel', paths: [list('sort=signed_up&channel=Paid+Search')] },
    { what: 'first seen in 20 days', paths: [list(`date=first_seen&from=${day(40)}&to=${day(20)}`)] },
    { what: 'one profile', paths: some(profiles, 5).map(n => `/profile?user_id=user-${n}`) },
    { what: 'timeline, newest of 5,000', paths: ['/timeline?user_id=user-0'] },
    { what: 'campaigns, of all time', paths: ['/campaigns'] },
    { what: 'campaigns, 200 days', paths: [`/campaigns?from=${day(220)}&to=${day(20)}`] },
    { what: 'trend, 30 days', paths: [`/trend?from=${day(30)}&to=${day(0)}`] },
    { what: 'trend, by month, of all time', paths: ['/trend?by=month'] },
    { what: 'campaigns, 20 days', paths: [`/campaigns?from=${day(40)}&to=${day(20)}`] },
  ];
}

/** The searches that run while writes are measured. */
export const searchesOf = (profiles: number) =>
  readsOf(profiles)
    .filter(({ what }) => what.startsWith('search'))
    .flatMap(({ paths }) => paths);
