import { IS_PERSON } from './conditions.ts';

/**
 * The part of the counts that this process writes to. Several processes so rarely wait for each other at the campaign
 * that most people come by.
 */
const SHARD = Math.floor(Math.random() * 8);

/** The number of characters of a campaign's value that are kept in the counts. */
const MAX_VALUE = 512;

const field = (name: string) => `left(campaign ->> '${name}', ${MAX_VALUE})`;

/**
 * SQL that adds people to the counts of their campaigns: by the day and by the month of UTC in which they were first
 * seen. It is part of each statement that writes, fills or deletes profiles, so that the counts are always true. Such a
 * statement also changes the version of a row that it keeps: another one that has read the row before begins again.
 *
 * @param rows SQL of rows of `profiles` with a `sign` besides: 1 for those that count from now on, -1 for those that do
 *   no longer. A row without a channel has never been counted, and is left out.
 */
export const countPeople = (rows: string) => `
  insert into campaign_counts
    (application_id, span, start, digest, shard, channel, source, medium, campaign, visitors, identified)
  select application_id, span, start, digest, ${SHARD}, channel, source, medium, name, visitors, identified
  from (
    select application_id, span, date_trunc(span, created_time at time zone 'UTC')::date as start,
      md5(jsonb_build_array(channel, source, medium, name)::text) as digest, channel, source, medium, name,
      sum(sign)::int as visitors, (coalesce(sum(sign) filter (where kind = 'user'), 0))::int as identified
    from (
      select application_id, kind, channel, created_time, sign,
        coalesce(${field('utm_source')}, ${field('referring_domain')}) as source,
        case when campaign ->> 'utm_source' is null and campaign ->> 'referring_domain' is not null
          then coalesce(${field('utm_medium')}, 'referral') else ${field('utm_medium')} end as medium,
        ${field('utm_campaign')} as name
      from (${rows}) r
      where ${IS_PERSON} and channel is not null
    ) p cross join (values ('day'), ('month')) s(span)
    group by application_id, span, start, channel, source, medium, name
  ) c
  where visitors <> 0 or identified <> 0
  order by application_id, span, start, digest
  on conflict (application_id, span, start, digest, shard) do update set
    visitors = campaign_counts.visitors + excluded.visitors,
    identified = campaign_counts.identified + excluded.identified`;

/** SQL that takes deleted people out of the counts: `deleted` names rows of `profiles`, as `delete … returning` gives them. */
export const uncountPeople = (deleted: string) =>
  countPeople(
    `select application_id, kind, merged_into, channel, campaign, created_time, -1 as sign from ${deleted}`,
  );
