import type { Profile } from '../database/profiles.ts';
import type { Json } from '../json.ts';
import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';

/** What a column has of a profile, before it is text. */
type Value = (profile: Profile) => Json | undefined;

const COLUMNS: Record<string, Value> = {
  application_id: ({ application_id }) => application_id,
  user_id: ({ user_id }) => user_id,
  anonymous_id: ({ anonymous_ids }) => anonymous_ids[0],
  name: ({ name, first_name, last_name }) => name || [first_name, last_name].filter(Boolean).join(' '),
  email: ({ email }) => email,
  company_id: ({ company_id }) => company_id,
  channel: ({ channel }) => channel,
  ...Object.fromEntries(
    CAMPAIGN_FIELDS.map((field): [string, Value] => [field, ({ campaign }) => campaign[field]]),
  ),
  first_seen: ({ created_time }) => created_time,
  signed_up: ({ identified_time }) => identified_time,
  last_seen: ({ modified_time }) => modified_time,
  ip_address: ({ ip_address }) => ip_address,
  user_agent_string: ({ user_agent_string }) => user_agent_string,
};

const METADATA = 'metadata.';

/** The columns of a file where nobody has chosen any. */
export const DEFAULT_COLUMNS = Object.keys(COLUMNS);

/** Checks whether a column is there: one of those with a name, or `metadata.` and a key. */
export const isColumn = (name: string): boolean =>
  Object.hasOwn(COLUMNS, name) || (name.startsWith(METADATA) && name.length > METADATA.length);

/** Returns a profile's cell of a column: a text, a number as such, and JSON of what is nested. */
export function cellOf(profile: Profile, column: string): string | number {
  const value = Object.hasOwn(COLUMNS, column)
    ? COLUMNS[column]?.(profile)
    : ownOf(profile.metadata, column.slice(METADATA.length));
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

const ownOf = (object: Profile['metadata'], key: string) =>
  Object.hasOwn(object, key) ? object[key] : undefined;
