import { createHash } from 'node:crypto';
import type { UserUpdate } from './body.ts';
import type { Database, Sql } from './database.ts';
import type { JsonObject } from './json.ts';
import { type Campaign, mergeCampaign, mergeMetadata } from './merge.ts';

/** What became of an update. `user_id` is null while the visitor is anonymous. */
export interface Upserted {
  created: boolean;
  user_id: string | null;
  anonymous_id: string | null;
}

/** The row of `profiles`, without its key. */
interface Row {
  merged_into: string | null;
  company_id: string | null;
  campaign: Campaign;
  metadata: JsonObject;
  ip_address: string | null;
  user_agent_string: string | null;
  created_time: Date;
  modified_time: Date;
}

type Kind = 'user' | 'anonymous';
type Key = [applicationId: string, kind: Kind, id: string];

/**
 * Creates or updates the profile that an update is about, in one short transaction.
 *
 * An `anonymous_id` belongs to the first user who brought it: what that visitor left is folded into the user, and later
 * updates with that `anonymous_id` alone go to the same user. A second user who brings it (a shared computer) has it
 * listed too, but gets nothing of the first one's.
 */
export function upsertUser(database: Database, applicationId: string, update: UserUpdate): Promise<Upserted> {
  const seen = update.modifiedTime ?? new Date();
  return database.transaction(async sql => {
    // The visitor's row is always locked before the user's: one order, so no deadlocks.
    const { anonymousId } = update;
    const visitorKey: Key | undefined =
      anonymousId === undefined ? undefined : [applicationId, 'anonymous', anonymousId];
    const visitor = visitorKey && (await lock(sql, visitorKey, seen));
    const userId = update.userId ?? visitor?.row.merged_into ?? undefined;
    const answer = { user_id: userId ?? null, anonymous_id: anonymousId ?? null };

    if (userId === undefined) {
      if (!visitor || !visitorKey) throw new Error('An update needs a user_id or an anonymous_id.');
      await write(sql, visitorKey, applied(visitor.row, update, seen));
      await addAlias(sql, visitorKey, 'session_token', update.sessionToken);
      return { ...answer, created: visitor.created };
    }

    const userKey: Key = [applicationId, 'user', userId];
    const user = await lock(sql, userKey, seen);
    let row = applied(user.row, update, seen);
    if (visitor && visitorKey && visitor.row.merged_into === null) {
      row = folded(row, visitor.row);
      await moveAliases(sql, visitorKey, userKey);
      await write(sql, visitorKey, { ...visitor.row, merged_into: userId });
    }
    await write(sql, userKey, row);
    await addAlias(sql, userKey, 'anonymous_id', anonymousId);
    await addAlias(sql, userKey, 'session_token', update.sessionToken);
    return { ...answer, created: user.created };
  });
}

/** The row with the update merged in. */
function applied(row: Row, update: UserUpdate, seen: Date): Row {
  return {
    ...row,
    company_id: update.companyId ?? row.company_id,
    campaign: mergeCampaign(row.campaign, update.campaign ?? {}),
    metadata: mergeMetadata(row.metadata, update.metadata ?? {}),
    ip_address: update.ipAddress ?? row.ip_address,
    user_agent_string: update.userAgentString ?? row.user_agent_string,
    modified_time: seen,
  };
}

/** The user's row with what the visitor was before. What the user has wins, and two campaigns are never blended. */
function folded(user: Row, visitor: Row): Row {
  return {
    ...user,
    company_id: user.company_id ?? visitor.company_id,
    campaign: Object.keys(user.campaign).length > 0 ? user.campaign : visitor.campaign,
    metadata: mergeMetadata(visitor.metadata, user.metadata),
    created_time: new Date(Math.min(visitor.created_time.getTime(), user.created_time.getTime())),
  };
}

/** The row under this key, created if missing and locked until the transaction ends: updates that meet lose nothing. */
async function lock(sql: Sql, key: Key, seen: Date): Promise<{ row: Row; created: boolean }> {
  // Someone may be first seen by a record that arrives late: then that is when they were first seen.
  const created = await sql.query(
    `insert into profiles (application_id, kind, id, created_time, modified_time)
     values ($1, $2, $3, least(now(), $4::timestamptz), $4) on conflict do nothing returning id`,
    [...key, seen],
  );
  const { rows } = await sql.query<Row>(
    `select merged_into, company_id, campaign, metadata, ip_address, user_agent_string, created_time, modified_time
     from profiles where application_id = $1 and kind = $2 and id = $3 for update`,
    key,
  );
  const [row] = rows;
  if (!row) throw new Error('A profile that was just written is gone.');
  return { row, created: created.rows.length > 0 };
}

async function write(sql: Sql, key: Key, row: Row): Promise<void> {
  await sql.query(
    `update profiles set merged_into = $4, company_id = $5, campaign = $6::jsonb, metadata = $7::jsonb,
       ip_address = $8, user_agent_string = $9, created_time = $10, modified_time = $11
     where application_id = $1 and kind = $2 and id = $3`,
    [
      ...key,
      row.merged_into,
      row.company_id,
      JSON.stringify(row.campaign),
      JSON.stringify(row.metadata),
      row.ip_address,
      row.user_agent_string,
      row.created_time,
      row.modified_time,
    ],
  );
}

async function addAlias(
  sql: Sql,
  key: Key,
  name: 'anonymous_id' | 'session_token',
  value?: string,
): Promise<void> {
  if (value === undefined) return;
  const digest = createHash('sha256').update(value).digest('hex');
  await sql.query(
    `insert into aliases (application_id, profile_kind, profile_id, name, digest, value)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [...key, name, digest, value],
  );
}

async function moveAliases(sql: Sql, from: Key, [, kind, id]: Key): Promise<void> {
  await sql.query(
    `insert into aliases (application_id, profile_kind, profile_id, name, digest, value, created_time)
     select application_id, $4, $5, name, digest, value, created_time from aliases
     where application_id = $1 and profile_kind = $2 and profile_id = $3 on conflict do nothing`,
    [...from, kind, id],
  );
  await sql.query(
    'delete from aliases where application_id = $1 and profile_kind = $2 and profile_id = $3',
    from,
  );
}
