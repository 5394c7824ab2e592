import { rangesOf } from './campaigns.ts';
import { applicationsOf, type Parameter } from './conditions.ts';
import type { Database } from './database.ts';

/** What happened in a day or a month of UTC. */
export interface TrendPoint {
  /** The first day, such as `2026-01-31`. */
  start: string;
  /** People first seen. */
  visitors: number;
  /** People first named as a user, whenever they were first seen. */
  signups: number;
}

/** What to count: all of it, or of one application or channel, from the first day to the last. */
export interface TrendQuery {
  applicationId?: string | undefined;
  channel?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  by: 'day' | 'month';
}

/** The number of points that an answer has at most: the latest. */
const MAX_POINTS = 1000;

/** Counts visitors and sign-ups by time, oldest first, from the sums that are kept. What nothing happened in is left out. */
export async function readTrend(
  database: Database,
  { applicationId, channel, from, to, by }: TrendQuery,
): Promise<TrendPoint[]> {
  const parameters: unknown[] = [MAX_POINTS];
  const $: Parameter = value => `$${parameters.push(value)}`;
  // Whole months are read as such. The days before and after are parts of theirs.
  const ranges =
    by === 'month' ? rangesOf(from, to) : [{ span: by, first: from ?? '-infinity', until: to ?? 'infinity' }];
  const parts = ranges.map(
    ({ span, first, until }) => `
      select c.start, c.visitors, c.signups from ${applicationsOf({ applicationId }, $)} q join campaign_counts c
        on c.application_id = q.application_id and c.span = '${span}' and c.start >= ${$(first)}::date
          and c.start ${by === 'day' ? '<=' : '<'} ${$(until)}::date
          ${channel === undefined ? '' : `and c.channel = ${$(channel)}`}`,
  );
  const { rows } = await database.read<TrendPoint>(
    `select * from (
       select to_char(date_trunc('${by}', start), 'YYYY-MM-DD') as start, sum(visitors)::int as visitors,
         sum(signups)::int as signups
       from (${parts.join(' union all ')}) c
       group by date_trunc('${by}', start) having sum(visitors) > 0 or sum(signups) > 0
       order by date_trunc('${by}', start) desc limit $1::int
     ) t order by start`,
    parameters,
  );
  return rows;
}
