import type { JsonObject } from '../json.ts';
import type { Dated } from './merge.ts';
import type { Action, ApiCall, ProfileUpdate } from './updates.ts';

/** The kind of a profile. The id of an anonymous visitor is the anonymous_id. */
export type Kind = 'user' | 'anonymous' | 'company';

export interface Key {
  kind: Kind;
  id: string;
}

/** A key to read. With `follow` the user whom the visitor has become is read, too. */
export interface RequestedKey extends Key {
  follow?: boolean;
}

/** A row of `profiles`. What is not stored yet has version 0. */
export interface Row extends Key {
  version: number;
  /** The user that an anonymous visitor has become. */
  mergedInto: string | null;
  /** The fields of the profile by their names on the wire, each with its time. */
  doc: Dated;
  createdTime: number;
  /** When the user was first named by a user_id; infinite for everybody else. */
  identifiedTime: number;
  modifiedTime: number;
  /** Bytes of campaign and metadata as JSON; 0 where nobody has counted them. */
  size: number;
}

/** Another name of a profile. */
export interface Alias extends Key {
  name: 'anonymous_id' | 'session_token';
  value: string;
}

/** An update as the timeline keeps it. */
export interface Entry extends Key {
  time: number;
  /** When it was received, in milliseconds since 1970: with a queue that may be long before it is written. */
  received: number;
  update: JsonObject;
}

/** Rows to read and write. A row that was set is what `get` returns next. */
export interface Rows {
  /** The row, or one with version 0. */
  get(key: Key): Row;
  set(row: Row): void;
}

/** The records that one request adds besides the rows. */
export interface Additions {
  aliases: Alias[];
  entries: Entry[];
  actions: Action[];
  calls: ApiCall[];
}

/** The fields that the server adds to a body. */
export interface Sender {
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
}

export type Update = ProfileUpdate & Sender;

export const nameOf = ({ kind, id }: Key): string => `${kind}:${id}`;
