import type { Key } from '../profiles/rows.ts';
import { uncountPeople } from './campaign-counts.ts';
import { notifyOfDeletion } from './change-feed.ts';
import type { Database } from './database.ts';
import { dropMonths } from './months.ts';

const DAY = 86_400_000;

/** The number of rows that one statement deletes by default. PGlite does nothing else meanwhile. */
const STEP = 2000;

/** The rows that were deleted for their age. */
export interface Expiry {
  profiles: number;
  /** Updates, actions and API calls that were deleted one by one. */
  entries: number;
  /** Partitions that were dropped, with all entries of a month in a table. */
  partitions: number;
}

/** What retention is to do. */
export interface RetentionOptions {
  database: Database;
  /** The age in days from which rows are deleted. */
  days: number;
  /** Called with profiles that were deleted. */
  onDelete?: (applicationId: string, keys: Key[]) => void;
  /** The clock, in milliseconds since 1970. Default: the system's. */
  now?: () => number;
}

/**
 * The time of an entry is its sender's: one in the future must not keep an update for ever. Another process that deletes,
 * too, is not waited for.
 */
const ENTRIES = [
  `delete from updates where (application_id, kind, id, time, entry_id) in (
     select application_id, kind, id, time, entry_id from updates
     where least(time, received_time) < $1 limit $2 for update skip locked)
   returning 1`,
  // With `id` and `time`, by which it is known in which partition a row is.
  `delete from actions where (application_id, transaction_id, id, time) in (
     select application_id, transaction_id, id, time from actions
     where time < $1 limit $2 for update skip locked) returning 1`,
  `delete from api_calls where (application_id, transaction_id, id, time) in (
     select application_id, transaction_id, id, time from api_calls
     where least(time, received_time) < $1 limit $2 for update skip locked)
   returning 1`,
];

/** Whoever sends an action or a call again that retention has deleted is not recognised any more, as ever. */
const TRANSACTIONS = `
  delete from transactions where (application_id, transaction_id, type) in (
    select application_id, transaction_id, type from transactions
    where time < $1 limit $2 for update skip locked) returning 1`;

/** Whether an entry is left of somebody, whose `application_id`, `kind` and `id` these are. */
const hasEntries = (application: string, kind: string, id: string) =>
  ['updates', 'actions', 'api_calls']
    .map(
      table =>
        `exists (select 1 from ${table} e where e.application_id = ${application} and e.kind = ${kind} and e.id = ${id})`,
    )
    .join(' or ');

const isActor = hasEntries('x.application_id', 'x.kind', 'x.id');
const isToken = hasEntries('a.application_id', "'token'", 'a.digest');

// A profile is seen by what its person does as well, under whichever of their names: visitors who became the user, and
// session tokens. Those visitors stay and go with the user.
const PROFILES = `
  with old as (
    select p.application_id, p.kind, p.id from profiles p
    where p.modified_time < $1 and p.merged_into is null and not exists (
      select 1 from profiles x
      where x.application_id = p.application_id and ((x.kind = p.kind and x.id = p.id)
          or (p.kind = 'user' and x.kind = 'anonymous' and x.merged_into = p.id))
        and (x.modified_time >= $1 or ${isActor} or exists (
          select 1 from aliases a where a.application_id = x.application_id and a.profile_kind = x.kind
            and a.profile_id = x.id and a.name = 'session_token' and (${isToken}))))
    limit $2 for update of p skip locked
  ), gone as (
    delete from profiles x using old p
    where x.application_id = p.application_id and x.modified_time < $1 and ((x.kind = p.kind and x.id = p.id)
      or (p.kind = 'user' and x.kind = 'anonymous' and x.merged_into = p.id))
    returning x.*
  ), gone_counts as (${uncountPeople('gone')}
  ), gone_aliases as (
    delete from aliases a using gone g
    where a.application_id = g.application_id and a.profile_kind = g.kind and a.profile_id = g.id
  )
  select application_id, kind, id from gone`;

// A session token is a secret: an old one that nobody uses goes, also where its profile stays.
const TOKENS = `
  delete from aliases a where a.name = 'session_token' and a.seen_time < $1 and not (${isToken})`;

/**
 * Deletes the timeline's entries from before a time, and then the profiles that were not seen since and of which no
 * entry is left. Months that ended before are dropped as a whole; what else is too old is deleted row by row. `step`: the
 * number of rows that one statement deletes.
 */
export async function deleteExpired(
  database: Database,
  before: Date,
  onDelete?: RetentionOptions['onDelete'],
  step = STEP,
): Promise<Expiry> {
  const expiry: Expiry = { profiles: 0, entries: 0, partitions: await dropMonths(database, before) };
  for (const statement of ENTRIES) expiry.entries += await deleteAll(database, statement, before, step);
  await deleteAll(database, TRANSACTIONS, before, step);
  for (let isMore = true; isMore; ) {
    const { rows } = await database.query<Key & { application_id: string }>(PROFILES, [before, step]);
    for (const { application_id, kind, id } of rows) onDelete?.(application_id, [{ kind, id }]);
    expiry.profiles += rows.length;
    isMore = rows.length >= step;
  }
  await database.query(TOKENS, [before]);
  return expiry;
}

/** Runs a statement that deletes a step's rows until none is left. Returns their number. */
async function deleteAll(database: Database, statement: string, before: Date, step: number): Promise<number> {
  let all = 0;
  for (let count = step; count === step; all += count)
    count = (await database.query(statement, [before, step])).rows.length;
  return all;
}

/** Deletes what is too old now, and from now on every day. Returns a function that ends it. */
export function startRetention({
  database,
  days,
  onDelete,
  now = Date.now,
}: RetentionOptions): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running
      .then(() => deleteExpired(database, new Date(now() - days * DAY), onDelete))
      .then(async ({ profiles, entries, partitions }) => {
        if (profiles > 0) await notifyOfDeletion(database);
        if (profiles + entries + partitions > 0) {
          const months =
            partitions > 0 ? `, and dropped ${partitions} partitions of timelines as a whole` : '';
          console.log(
            `Retention of ${days} days: deleted ${profiles} profiles and ${entries} entries of timelines${months}.`,
          );
        }
      })
      .catch(error => console.error('Retention failed. It is tried again in a day.', error));
  };
  run();
  const timer = setInterval(run, DAY);
  return () => {
    clearInterval(timer);
    return running;
  };
}
