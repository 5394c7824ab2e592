import { fillChannels } from './fill-channels.ts';
import { fillSignups } from './fill-signups.ts';
import { LIST_INDEXES, SORT_INDEXES, TOKEN_INDEX, vacuum, type Work } from './indexes.ts';

/** The columns of sign-ups. The counts write them, so that they come before the first count, in a database of whatever age. */
const SIGNUPS = [
  // When a user was first named by a user_id. null for a visitor, a company, and where an older version wrote it.
  'alter table profiles add column if not exists identified_time timestamptz',
  'alter table campaign_counts add column if not exists signups int not null default 0',
];

/**
 * The tables, as steps in the order of their creation. Each step is done once to a database. Every statement
 * tolerates that what it creates is there already. None keeps other processes from writing for more than a moment.
 *
 * Plain PostgreSQL, so that distributed databases with its protocol (CockroachDB, YugabyteDB, Citus) can run
 * it. Every primary key begins with `application_id`, the key to shard by. No key or constraint spans two
 * applications. There are no sequences, triggers or foreign keys, and no extension that is needed
 * (see `createSearchIndex`). Partitions come afterwards, where the database can (see `partitionTables`): CockroachDB
 * has none by this syntax.
 */
export const STEPS: readonly (readonly (string | Work)[])[] = [
  [
    // One row a person or company: `id` is the user_id, anonymous_id or company_id. An anonymous row whose visitor has
    // logged in stays, as the record of who owns that anonymous_id: `merged_into` is the user_id.
    `create table if not exists profiles (
      application_id text not null,
      kind text not null,
      id text not null,
      merged_into text,
      company_id text,
      campaign jsonb not null default '{}',
      metadata jsonb not null default '{}',
      ip_address text,
      user_agent_string text,
      created_time timestamptz not null,
      modified_time timestamptz not null,
      primary key (application_id, kind, id)
    )`,
    // The other names of a profile, append-only. The key holds a digest, as a token may be longer than an index key.
    `create table if not exists aliases (
      application_id text not null,
      profile_kind text not null,
      profile_id text not null,
      name text not null,
      digest text not null,
      value text not null,
      created_time timestamptz not null default now(),
      primary key (application_id, profile_kind, profile_id, name, digest)
    )`,
  ],
  [
    'alter table profiles drop constraint if exists profiles_kind_check',
    'alter table profiles drop constraint if exists profiles_check',
    // What an update was made from: it is written only if nobody has been faster. 1 for rows from before it was counted.
    'alter table profiles add column if not exists version int not null default 1',
    'alter table profiles add column if not exists company_domain text',
    // When each value of the profile was written, see profiles/merge.ts. null for rows from before: all at modified_time.
    'alter table profiles add column if not exists times jsonb',
    `alter table profiles add column if not exists search_text text not null default ''`,
    'drop index if exists profiles_by_modified_time',
    `create index if not exists profiles_by_recency on profiles (application_id, modified_time desc)
      where merged_into is null and kind <> 'company'`,
    `create index if not exists profiles_by_owner on profiles (application_id, merged_into)
      where merged_into is not null`,
    // When a token was brought last: it leads to that user.
    'alter table aliases add column if not exists seen_time timestamptz not null default now()',
    'create index if not exists aliases_by_digest on aliases (application_id, name, digest)',
    `create table if not exists applications (application_id text primary key)`,
    `insert into applications select distinct application_id from profiles on conflict do nothing`,
    `create table if not exists metadata_types (
      application_id text not null,
      key text not null,
      type text not null,
      primary key (application_id, key)
    )`,
    `create table if not exists updates (
      application_id text not null,
      kind text not null,
      id text not null,
      time timestamptz not null,
      entry_id text not null,
      received_time timestamptz not null,
      body jsonb not null,
      primary key (application_id, kind, id, time, entry_id)
    )`,
    // `kind` and `id` say whose: a user's, a visitor's, or that of whom a session token leads to (the token's digest).
    `create table if not exists actions (
      application_id text not null,
      transaction_id text not null,
      kind text not null,
      id text not null,
      time timestamptz not null,
      action_name text not null,
      company_id text,
      request jsonb not null,
      metadata jsonb not null,
      primary key (application_id, transaction_id)
    )`,
    'create index if not exists actions_by_actor on actions (application_id, kind, id, time desc)',
  ],
  // For the export of conversions.
  ['create index if not exists actions_by_name on actions (application_id, action_name, time)'],
  [
    // Recorded API calls. `kind` and `id` say whose, as for actions.
    `create table if not exists api_calls (
      application_id text not null,
      transaction_id text not null,
      kind text not null,
      id text not null,
      time timestamptz not null,
      received_time timestamptz not null,
      company_id text,
      weight int not null,
      content jsonb not null,
      primary key (application_id, transaction_id)
    )`,
    'create index if not exists api_calls_by_actor on api_calls (application_id, kind, id, time desc)',
  ],
  [
    // The channel by profiles/channel.ts. A row without one, or a company, is not in `campaign_counts`.
    'alter table profiles add column if not exists channel text',
    // Bytes of the JSON, by which an answer is bounded. null where an older version wrote it.
    'alter table profiles add column if not exists size int',
    'alter table updates add column if not exists size int',
    'alter table actions add column if not exists size int',
    'alter table api_calls add column if not exists size int',
    // People by the day and by the month (`span`) in which they were first seen, see campaign-counts.ts.
    `create table if not exists campaign_counts (
      application_id text not null,
      span text not null,
      start date not null,
      digest text not null,
      shard int not null,
      channel text not null,
      source text,
      medium text,
      campaign text,
      visitors int not null,
      identified int not null,
      primary key (application_id, span, start, digest, shard)
    )`,
    ...SIGNUPS,
  ],
  // Before the indexes, which each row would be written to.
  [fillChannels],
  [
    ...LIST_INDEXES,
    'drop index concurrently if exists profiles_by_recency',
    TOKEN_INDEX,
    'drop index concurrently if exists aliases_by_digest',
    vacuum,
  ],
  // For a queue before the database, see queue/ and positions.ts. Workers and leases belong to no application.
  [
    `create table if not exists queue_positions (
      application_id text primary key,
      stream text not null,
      sequence bigint not null
    )`,
    'create table if not exists queue_workers (worker text primary key, until timestamptz not null)',
    `create table if not exists queue_leases (
      partition int primary key,
      worker text not null,
      until timestamptz not null
    )`,
  ],
  [
    ...SIGNUPS,
    // The keys of an action's metadata that were left out, as an update has them in its body.
    'alter table actions add column if not exists rejected jsonb',
    fillSignups,
    ...SORT_INDEXES,
    vacuum,
  ],
  [
    // The actions and API calls that are stored, by which a second one is dropped: the key of a table that is partitioned
    // by time has to have the time, which may be another the second time. `time` is what retention goes by.
    `create table if not exists transactions (
      application_id text not null,
      type text not null,
      transaction_id text not null,
      time timestamptz not null,
      primary key (application_id, transaction_id, type)
    )`,
  ],
];
