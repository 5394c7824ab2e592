import { isObject, type Json, type JsonObject } from '../json.ts';
import { MAX_AHEAD } from '../limits.ts';
import { type Dated, merge, timesOf, underlay } from './merge.ts';
import type { Additions, Key, Row, Rows, Update } from './rows.ts';
import type { CompanyUpdate, UserUpdate } from './updates.ts';

/** The result of a user's update. `user_id` is null while the visitor is anonymous. */
export interface UserResult {
  created: boolean;
  user_id: string | null;
  anonymous_id: string | null;
}

/** The result of a company's update. */
export interface CompanyResult {
  created: boolean;
  company_id: string;
}

/**
 * Applies an update to the profile it is about.
 *
 * An `anonymous_id` belongs to the first user who sends it. What that visitor left is put under what the user
 * has. Later updates with that `anonymous_id` alone go to the same user. A second user who sends it (a shared
 * computer) has it listed too, but gets nothing of the first one's.
 */
export function applyUser(rows: Rows, update: UserUpdate, now: number, additions: Additions): UserResult {
  const { anonymousId } = update;
  const visitor = anonymousId === undefined ? undefined : rows.get({ kind: 'anonymous', id: anonymousId });
  const userId = update.userId ?? visitor?.mergedInto ?? undefined;
  const ids = { user_id: userId ?? null, anonymous_id: anonymousId ?? null };
  const fields = { ...(update.companyId !== undefined && { company_id: update.companyId }) };

  if (userId === undefined) {
    if (!visitor) throw new Error('An update needs a user_id or an anonymous_id.');
    rows.set(withUpdate(visitor, update, fields, now, additions));
    return { ...ids, created: isNew(visitor) };
  }
  const user = rows.get({ kind: 'user', id: userId });
  const row = withIdentity(withUpdate(user, update, fields, now, additions), update, now);
  if (visitor && visitor.mergedInto === null) {
    rows.set(isNew(visitor) ? row : withVisitor(row, visitor));
    const { createdTime, modifiedTime } = isNew(visitor) ? row : visitor;
    rows.set({ ...visitor, createdTime, modifiedTime, mergedInto: userId });
  } else rows.set(row);
  // Whose visitor it is already has it listed.
  if (anonymousId !== undefined && visitor?.mergedInto !== userId) {
    additions.aliases.push({ kind: 'user', id: userId, name: 'anonymous_id', value: anonymousId });
  }
  return { ...ids, created: isNew(user) };
}

/** Applies an update to the company it is about. */
export function applyCompany(
  rows: Rows,
  update: CompanyUpdate,
  now: number,
  additions: Additions,
): CompanyResult {
  const { companyId, companyDomain } = update;
  const company = rows.get({ kind: 'company', id: companyId });
  const fields = { ...(companyDomain !== undefined && { company_domain: companyDomain }) };
  rows.set(withUpdate(company, update, fields, now, additions));
  return { created: isNew(company), company_id: companyId };
}

/** Returns a row that nobody has written yet. */
export function emptyRow({ kind, id }: Key): Row {
  const doc: Dated = { value: {}, times: [0, 0, {}] };
  return {
    kind,
    id,
    version: 0,
    mergedInto: null,
    doc,
    createdTime: Number.POSITIVE_INFINITY,
    identifiedTime: Number.POSITIVE_INFINITY,
    modifiedTime: 0,
    size: 0,
  };
}

/** Checks whether a row is neither stored nor about to be. */
function isNew({ createdTime }: Row): boolean {
  return createdTime === Number.POSITIVE_INFINITY;
}

/**
 * Returns the row with the update merged in. Adds the update to the timeline, and its session token to the
 * aliases.
 */
function withUpdate(row: Row, update: Update, fields: JsonObject, now: number, additions: Additions): Row {
  const { kind, id } = row;
  // Without a time it is the newest there is, even if somebody's clock was ahead of ours.
  const time = timeOf(update.modifiedTime, now) ?? Math.max(now, row.modifiedTime);
  const { campaign, metadata, sessionToken } = update;
  const content = { ...fields, ...(campaign && { campaign }), ...(metadata && { metadata }) };
  const doc: JsonObject = {
    ...content,
    ...(update.ipAddress !== undefined && { ip_address: update.ipAddress }),
    ...(update.userAgentString !== undefined && { user_agent_string: update.userAgentString }),
  };
  if (sessionToken !== undefined)
    additions.aliases.push({ kind, id, name: 'session_token', value: sessionToken });
  const rejected = update.rejected?.length ? { rejected: update.rejected as unknown as Json } : {};
  additions.entries.push({ kind, id, time, received: now, update: { ...content, ...rejected } });
  return {
    ...row,
    doc: withoutNulls(merge(row.doc, doc, time)),
    // Someone may be first seen by a record that arrives late: then that is when they were first seen.
    createdTime: Math.min(row.createdTime, now, time),
    modifiedTime: Math.max(row.modifiedTime, time),
  };
}

/** Returns the user's row with the time of the first update that names the user. A visitor's late one does not. */
function withIdentity(user: Row, update: UserUpdate, now: number): Row {
  if (update.userId === undefined) return user;
  const time = timeOf(update.modifiedTime, now) ?? now;
  return { ...user, identifiedTime: Math.min(user.identifiedTime, now, time) };
}

/** Returns a sender's time, or undefined for one of a clock that is too far ahead: it counts as none. */
export function timeOf(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time <= now + MAX_AHEAD ? time : undefined;
}

/** Removes campaign fields that are null. Their times stay, as they show which fields were taken away. */
function withoutNulls(doc: Dated): Dated {
  const value = doc.value as JsonObject;
  const { campaign } = value;
  if (!isObject(campaign) || !Object.values(campaign).includes(null)) return doc;
  const kept = Object.entries(campaign).filter(([, field]) => field !== null);
  return { ...doc, value: { ...value, campaign: Object.fromEntries(kept) } };
}

/**
 * Returns the user's row with what the visitor had before. What the user has wins, and two campaigns are
 * never blended.
 */
function withVisitor(user: Row, visitor: Row): Row {
  const doc = underlay(user.doc, visitor.doc);
  const own = user.doc.value as JsonObject;
  const hasCampaign = isObject(own.campaign) && Object.keys(own.campaign).length > 0;
  return {
    ...user,
    doc: withCampaignOf(doc, hasCampaign ? user.doc : visitor.doc),
    createdTime: Math.min(visitor.createdTime, user.createdTime),
  };
}

function withCampaignOf(doc: Dated, source: Dated): Dated {
  const { campaign = {} } = source.value as JsonObject;
  if (typeof doc.times === 'number' || typeof source.times === 'number') return doc;
  const [written, cleared, keys] = doc.times;
  const times = source.times[2].campaign ?? timesOf({}, 0);
  return {
    value: { ...(doc.value as JsonObject), campaign },
    times: [written, cleared, { ...keys, campaign: times }],
  };
}
