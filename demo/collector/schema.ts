/**
 * The tables, created at start. Plain PostgreSQL.
 *
 * Every key begins with `application_id` and nothing refers from one application to another, so that the tables can be
 * partitioned or sharded by application without changing a statement.
 */
export const SCHEMA: readonly string[] = [
  // One row a person: `kind` is 'user' (id = user_id) or 'anonymous' (id = anonymous_id). An anonymous row whose visitor
  // has logged in stays, as the record of who owns that anonymous_id: `merged_into` is the user_id.
  `create table if not exists profiles (
    application_id text not null,
    kind text not null check (kind in ('user', 'anonymous')),
    id text not null,
    merged_into text check (merged_into is null or kind = 'anonymous'),
    company_id text,
    campaign jsonb not null default '{}',
    metadata jsonb not null default '{}',
    ip_address text,
    user_agent_string text,
    created_time timestamptz not null,
    modified_time timestamptz not null,
    primary key (application_id, kind, id)
  )`,
  `create index if not exists profiles_by_modified_time on profiles (application_id, modified_time desc)
    where merged_into is null`,
  // The other names of a profile, append-only. The key holds a digest, because a token may be longer than an index key.
  `create table if not exists aliases (
    application_id text not null,
    profile_kind text not null,
    profile_id text not null,
    name text not null check (name in ('anonymous_id', 'session_token')),
    digest text not null,
    value text not null,
    created_time timestamptz not null default clock_timestamp(),
    primary key (application_id, profile_kind, profile_id, name, digest)
  )`,
];
