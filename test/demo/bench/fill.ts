import type { Database } from '../../../demo/collector/database/database.ts';
import { migrate } from '../../../demo/collector/database/migrate.ts';
import type { DatabaseOptions } from '../../../demo/collector/database/open-database.ts';
import { openPGlite } from '../../../demo/collector/database/pglite.ts';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';
import { STEPS } from '../../../demo/collector/database/schema.ts';

/** The application that is read. */
export const READ_APPLICATION = 'many';

/** The number of entries of the longest timeline, that of `user-0`. */
export const LONG_TIMELINE = 5000;

/** The number of steps that a database of version 0.1.0 has. */
const OLD_STEPS = 4;

/** A value of a campaign field: one that 3 in 10 have, one that 1 in 50,000 has, or one of two hundred others. */
const fieldValue = (salt: number) => `case when n % 50000 = 7 then 'rare'
  when (n * 7 + ${salt}) % 10 < 3 then 'common' else 'value-' || (n / ${salt}) % 200 end`;

const CAMPAIGN = `jsonb_strip_nulls(jsonb_build_object('utm_source', ${fieldValue(1)}, 'utm_medium', ${fieldValue(2)},
  'utm_campaign', ${fieldValue(3)}, 'utm_term', ${fieldValue(5)}, 'utm_content', ${fieldValue(7)},
  'referrer', ${fieldValue(11)}, 'referring_domain', ${fieldValue(13)}, 'gclid', case when n % 3 = 0 then ${fieldValue(17)} end))`;

// 1 in 5 is a user, and 1 in 3 clicked an ad. A word that all have, 1 in 100, 1 in 50,000, and an e-mail of their own.
const PROFILES = `
  insert into profiles (application_id, kind, id, company_id, campaign, metadata, search_text, created_time, modified_time)
  select '${READ_APPLICATION}', kind, id, company, campaign, metadata,
    concat_ws(E'\\n', id, company, (select string_agg(value, E'\\n') from jsonb_each_text(campaign)),
      (select string_agg(value, E'\\n') from jsonb_each_text(metadata))),
    now() - n * interval '31 seconds' - (n % 30) * interval '1 day', now() - n * interval '31 seconds'
  from (
    select n, case when n % 5 = 0 then 'user' else 'anonymous' end as kind,
      case when n % 5 = 0 then 'user-' else 'visitor-' end || n as id,
      case when n % 5 = 0 then 'company-' || n % 5000 end as company,
      ${CAMPAIGN} as campaign,
      jsonb_build_object('email', 'person-' || n || '@example.com', 'name', 'name ' || md5(n::text),
        'title', case when n % 50000 = 7 then 'lighthouse keeper' when n % 100 = 3 then 'harbour master' else 'engineer' end,
        'plan', case n % 3 when 0 then 'free' else 'pro' end, 'visits', n % 40) as metadata
    from generate_series($1::int, $2::int) n
  ) p`;

const ALIASES = `
  insert into aliases (application_id, profile_kind, profile_id, name, digest, value)
  select application_id, kind, id, 'anonymous_id', md5(id), 'visitor-of-' || id from profiles where kind = 'user'`;

const UPDATES = `
  insert into updates (application_id, kind, id, time, entry_id, received_time, body)
  select application_id, kind, id, modified_time, '0', modified_time, jsonb_build_object('campaign', campaign)
  from profiles`;

const TIMELINE = `
  insert into updates (application_id, kind, id, time, entry_id, received_time, body)
  select '${READ_APPLICATION}', 'user', 'user-0', now() - n * interval '1 hour', n::text, now(),
    jsonb_build_object('metadata', jsonb_build_object('visits', n))
  from generate_series(1, ${LONG_TIMELINE}) n`;

/** Fills a new database with so many profiles, as version 0.1.0 would have left it. */
export async function fill(options: DatabaseOptions, profiles: number): Promise<void> {
  const database = options.url ? openPostgres({ url: options.url }) : await openPGlite(options);
  try {
    await migrate(database, STEPS.slice(0, OLD_STEPS));
    await fillTables(database, profiles);
  } finally {
    await database.close();
  }
}

async function fillTables(database: Database, profiles: number): Promise<void> {
  for (let first = 0; first < profiles; first += 50_000)
    await database.query(PROFILES, [first, Math.min(first + 50_000, profiles) - 1]);
  await database.query('insert into applications values ($1)', [READ_APPLICATION]);
  await database.query(ALIASES);
  await database.query(UPDATES);
  await database.query(TIMELINE);
}

/** Tells what rows take on disk, each with its share of the indexes. */
export async function sizesOf(database: Database): Promise<string> {
  const { rows } = await database.query<{ name: string; count: number; bytes: number }>(
    ['profiles', 'updates', 'aliases']
      .map(
        name => `select '${name}' as name, count(*)::int as count,
          (select sum(pg_total_relation_size(relid)) from (
            select '${name}'::regclass as relid union select relid from pg_partition_tree('${name}')
          ) r)::float8 as bytes from ${name}`,
      )
      .join(' union all '),
  );
  return rows
    .map(
      ({ name, count, bytes }) =>
        `${count.toLocaleString('en')} ${name} of ${Math.round(bytes / count)} bytes`,
    )
    .join(', ');
}
