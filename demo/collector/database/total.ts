import { rangesOf } from './campaigns.ts';
import { applicationsOf, conditionOf, type Parameter, type ProfileFilter } from './conditions.ts';
import type { Database } from './database.ts';

/**
 * The number of profiles up to which a total is counted, and that of a search, whose rows have to be read to know that
 * the words are in them.
 */
const MAX_TOTAL = 10_000;
const MAX_FOUND = 1000;
/** The number of sums that are added up. More of them are slower to read than people are to count. */
const MAX_SUMS = 50_000;

/** The number of profiles that meet the conditions. */
export interface Total {
  /** At most 10,000, or 1,000 of a search for words, where they had to be counted one by one. */
  count: number;
  /** False where there are more than `count`. */
  is_exact: boolean;
}

/**
 * Counts profiles, up to a bound: the cost of counting on would grow with the table. Past it the sums that are kept for
 * campaigns are asked, which know of channels, kinds and days alone.
 */
export async function readTotal(database: Database, filter: ProfileFilter): Promise<Total> {
  const max = filter.text === undefined ? MAX_TOTAL : MAX_FOUND;
  const parameters: unknown[] = [max + 1];
  const $: Parameter = value => `$${parameters.push(value)}`;
  const { rows } = await database.read<{ count: number }>(
    `select count(*)::int as count from (
       select 1 from ${applicationsOf(filter, $)} q cross join lateral (
         select 1 from profiles p where ${conditionOf(filter, $)} limit $1::int
       ) p limit $1::int
     ) p`,
    parameters,
  );
  const { count = 0 } = rows[0] ?? {};
  if (count <= max) return { count, is_exact: true };
  const sum = isSummed(filter) ? await sumPeople(database, filter) : undefined;
  // Rows that an older version has just written are not in the sums yet.
  return sum !== undefined && sum > max ? { count: sum, is_exact: true } : { count: max, is_exact: false };
}

/** Checks whether the sums know how many profiles meet the conditions. */
function isSummed({
  userId,
  anonymousId,
  companyId,
  sessionToken,
  campaign = {},
  text,
  days,
}: ProfileFilter): boolean {
  const others = [userId, anonymousId, companyId, sessionToken, text, ...Object.values(campaign)];
  return others.every(value => value === undefined) && days?.of !== 'last_seen';
}

/** Returns undefined where there are too many sums. */
async function sumPeople(database: Database, filter: ProfileFilter): Promise<number | undefined> {
  const { channel, days } = filter;
  const kind = filter.sort === 'signed_up' ? 'user' : filter.kind;
  const parameters: unknown[] = [];
  const $: Parameter = value => `$${parameters.push(value)}`;
  const users = days?.of === 'signed_up' ? 'signups' : 'identified';
  // Who signed up is a user, and no visitor.
  const visitors = days?.of === 'signed_up' ? 'signups' : 'visitors';
  const counted = kind === 'user' ? users : kind === 'anonymous' ? `${visitors} - ${users}` : visitors;
  const ranges = rangesOf(days?.from, days?.to).map(
    ({ span, first, until }) => `
      select ${counted} as counted from ${applicationsOf(filter, $)} q join campaign_counts c
        on c.application_id = q.application_id and c.span = '${span}'
          and c.start >= ${$(first)}::date and c.start < ${$(until)}::date
          ${channel === undefined ? '' : `and c.channel = ${$(channel)}`}`,
  );
  const { rows } = await database.read<{ sum: number; sums: number }>(
    `select coalesce(sum(counted), 0)::int as sum, count(*)::int as sums
     from (select * from (${ranges.join(' union all ')}) c limit ${MAX_SUMS + 1}) c`,
    parameters,
  );
  const { sum = 0, sums = 0 } = rows[0] ?? {};
  return sums > MAX_SUMS ? undefined : sum;
}
