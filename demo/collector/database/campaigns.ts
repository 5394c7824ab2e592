import { applicationsOf, type Parameter } from './conditions.ts';
import type { Database } from './database.ts';

/** The number of people who came by a campaign, and of those identified since. */
export interface CampaignCount {
  /** The channel that the profiles' metadata names, else that of the campaign. */
  channel: string;
  /** `utm_source`, else the referring domain; null for those who came directly. Of each value the first 512 characters. */
  source: string | null;
  /** `utm_medium`; `referral` where the source is a referring domain. */
  medium: string | null;
  /** `utm_campaign`. */
  campaign: string | null;
  /** All profiles, the identified among them. */
  visitors: number;
  identified: number;
}

/** Whom to count: those first seen from the first day to the last, both of UTC such as `2026-01-31`. */
export interface CampaignQuery {
  applicationId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
}

/** Counts of one span, whose days begin at `first` and before `until`. */
export interface Range {
  span: 'day' | 'month';
  first: string;
  until: string;
}

/** Bytes of names after which the list ends, however many it was asked for. */
const MAX_SIZE = 8 * 1024 * 1024;

/** SQL of an order that no two counts share, of the columns of a table. */
const orderOf = (of: string) =>
  `${of}.visitors desc, ${of}.identified desc, ${['source', 'medium', 'campaign', 'channel']
    .map(name => `${of}.${name} nulls last`)
    .join(', ')}`;

/** Counts people by channel and campaign, the largest first. */
export async function countCampaigns(
  database: Database,
  { applicationId, from, to, limit }: CampaignQuery,
): Promise<CampaignCount[]> {
  const parameters: unknown[] = [limit];
  const $: Parameter = value => `$${parameters.push(value)}`;
  // Each range by itself, whose number of rows the planner knows best.
  const ranges = rangesOf(from, to).map(
    ({ span, first, until }) => `
      select c.* from ${applicationsOf({ applicationId }, $)} q join campaign_counts c
        on c.application_id = q.application_id and c.span = '${span}'
          and c.start >= ${$(first)}::date and c.start < ${$(until)}::date`,
  );
  // A visitor who logged in is counted with the user, and a user of many devices once.
  const { rows } = await database.read<CampaignCount>(
    `select channel, source, medium, campaign, visitors, identified from (
       select *, sum(octet_length(concat(channel, source, medium, campaign))) over (order by ${orderOf('n')}) as size
       from (
         select * from (
           select channel, source, medium, campaign, sum(visitors)::int as visitors, sum(identified)::int as identified
           from (${ranges.join(' union all ')}) c
           group by channel, source, medium, campaign having sum(visitors) > 0
         ) c order by ${orderOf('c')} limit $1
       ) n
     ) s
     where size <= ${MAX_SIZE} order by ${orderOf('s')}`,
    parameters,
  );
  return rows;
}

/** Returns the ranges that make up the days from the first to the last: whole months, and the days before and after. */
export function rangesOf(from = '-infinity', to = 'infinity'): Range[] {
  const until = to === 'infinity' ? to : dayAfter(to);
  const firstMonth = from === '-infinity' || from.endsWith('-01') ? from : monthAfter(from);
  const lastMonth = until === 'infinity' ? until : monthOf(until);
  // Digits and a minus are before letters.
  if (firstMonth > lastMonth) return [{ span: 'day', first: from, until }];
  const ranges: Range[] = [
    { span: 'day', first: from, until: firstMonth },
    { span: 'month', first: firstMonth, until: lastMonth },
    { span: 'day', first: lastMonth, until },
  ];
  return ranges.filter(range => range.first !== range.until);
}

const monthOf = (day: string) => `${day.slice(0, 7)}-01`;

const dayAfter = (day: string) => plus(day, 1);

/** Returns the first day of the next month. */
const monthAfter = (day: string) => {
  const next = plus(monthOf(day), 31);
  return next === 'infinity' ? next : monthOf(next);
};

/** Returns the day so many days later. PostgreSQL writes years past 9999 otherwise than `Date`, and there are none. */
function plus(day: string, days: number): string {
  const later = new Date(Date.parse(day) + days * 86_400_000);
  return later.getUTCFullYear() > 9999 ? 'infinity' : later.toISOString().slice(0, 10);
}
