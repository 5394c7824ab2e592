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
 * SQL that adds people to the counts of their campaigns, by the day and by the month of UTC: as visitors where they were
 * first seen, and as sign-ups where they were first named as a user. It is part of each statement that writes, fills or
 * deletes profiles, so that the counts are always true. Such a statement also changes the version of a row that it
 * keeps: another one that has read the row before begins again.
 *
 * @param rows SQL of rows of `profiles` with a `sign` besides: 1 for those that count from now on, -1 for those that do
 *   no longer. A row without a channel has never been counted, and is left out.
 */
export const countPeople = (rows: string) => `
  insert into campaign_counts
    (application_id, span, start, digest, shard, channel, source, medium, campaign, visitors, identified, signups)
  select application_id, span, start, digest, ${SHARD}, channel, source, medium, name, visitors, identified, signups
  from (
    select application_id, span, date_trunc(span, time at time zone 'UTC')::date as start,
      md5(jsonb_build_array(channel, source, medium, name)::text) as digest, channel, source, medium, name,
      sum(sign * is_first)::int as visitors, sum(sign * is_first * is_user)::int as identified,
      sum(sign * (1 - is_first))::int as signups
    from (
      select application_id, channel, sign, (kind = 'user')::int as is_user, time, is_first,
        coalesce(${field('utm_source')}, ${field('referring_domain')}) as source,
        case when campaign ->> 'utm_source' is null and campaign ->> 'referring_domain' is not null
          then coalesce(${field('utm_medium')}, 'referral') else ${field('utm_medium')} end as medium,
        ${field('utm_campaign')} as name
      from (${rows}) r cross join lateral (values (created_time, 1), (identified_time, 0)) e(time, is_first)
      where ${IS_PERSON} and channel is not null and time is not null
    ) p cross join (values ('day'), ('month')) s(span)
    group by application_id, span, start, channel, source, medium, name
  ) c
  where visitors <> 0 or identified <> 0 or signups <> 0
  order by application_id, span, start, digest
  on conflict (application_id, span, start, digest, shard) do update set
    visitors = campaign_counts.visitors + excluded.visitors,
    identified = campaign_counts.identified + excluded.identified,
    signups = campaign_counts.signups + excluded.signups`;

/** SQL that takes deleted people out of the counts: `deleted` names rows of `profiles`, as `delete … returning` gives them. */
export const uncountPeople = (deleted: string) =>
  countPeople(
    `select application_id, kind, merged_into, channel, campaign, created_time, identified_time, -1 as sign
     from ${deleted}`,
  );
