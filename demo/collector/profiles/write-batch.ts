import { forItem, HttpError } from '../http-error.ts';
import type { JsonObject } from '../json.ts';
import { MAX_ITEM_SIZE, MAX_TIMES_SIZE } from '../limits.ts';
import { emptyRow } from './apply.ts';
import {
  acceptTypes,
  type JsonType,
  type KnownTypes,
  type MetadataTypes,
  type Rejected,
  throwTypeConflict,
} from './metadata-types.ts';
import { type Additions, type Key, nameOf, type RequestedKey, type Row, type Rows } from './rows.ts';

/** What the check of types made of an item's metadata. */
export interface Checked {
  metadata: JsonObject | undefined;
  rejected: Rejected[];
}

/** The writes of one request: all of them or none. */
export interface Job<Result> {
  /** The profiles it is about. */
  keys: RequestedKey[];
  /** The metadata of each of its items. */
  metadata: (JsonObject | undefined)[];
  /** Whether an error must name the item. */
  isBatch: boolean;
  /** Bytes of the request. */
  size: number;
  /** The place in the queue that the request was read from: written with it, and only once. */
  step?: { stream: string; after: number; sequence: number } | undefined;
  /** Whether a key of a wrong type refuses the request. Else the key is left out. */
  isStrict?: boolean | undefined;
  /**
   * Changes the rows as one item says. An HttpError leaves everything as it was before the first. May be called again
   * on other rows.
   */
  apply(index: number, checked: Checked, rows: Rows, additions: Additions): Result;
}

/** The result of a group of jobs before it is written. A job that throws leaves no trace. */
export class WriteBatch {
  readonly additions: Additions = noAdditions();
  /** The keys of metadata that the application has not seen before, with their types. */
  readonly types: MetadataTypes = new Map();
  readonly #stored: Map<string, Row>;
  readonly #types: KnownTypes;
  readonly #changed = new Map<string, Row>();

  constructor(stored: Row[], types: KnownTypes) {
    this.#stored = new Map(stored.map(row => [nameOf(row), row]));
    this.#types = types;
  }

  /** The rows that have changed. */
  get rows(): Row[] {
    return [...this.#changed.values()];
  }

  hasChanged(key: Key): boolean {
    return this.#changed.has(nameOf(key));
  }

  get isEmpty(): boolean {
    return this.#changed.size === 0 && this.additions.actions.length + this.additions.calls.length === 0;
  }

  /** Applies a job, with a pause after each item. Returns the result of each. */
  *apply<Result>(job: Job<Result>): Generator<void, Result[], void> {
    // Only what this job adds: a copy of all types for each job made a large group quadratic.
    const types: MetadataTypes = new Map();
    const changed = new Map<string, Row>();
    const rows: Rows = {
      get: key => changed.get(nameOf(key)) ?? this.#get(key),
      set: row => changed.set(nameOf(row), row),
    };
    const additions = noAdditions();
    const results: Result[] = [];
    for (const [index, metadata] of job.metadata.entries()) {
      const item = job.isBatch ? index : undefined;
      const checked = forItem(item, () => this.#check(metadata, types, job.isStrict));
      yield;
      results.push(forItem(item, () => job.apply(index, checked, rows, additions)));
      yield;
    }
    const sized: [string, Row][] = [];
    for (const [name, row] of changed) {
      sized.push([name, withSize(row)]);
      yield;
    }
    // From here on without a pause: all of it or nothing.
    for (const [name, row] of sized) this.#changed.set(name, row);
    for (const [key, type] of types) this.types.set(key, type);
    for (const alias of additions.aliases) this.additions.aliases.push(alias);
    for (const entry of additions.entries) this.additions.entries.push(entry);
    for (const action of additions.actions) this.additions.actions.push(action);
    for (const call of additions.calls) this.additions.calls.push(call);
    return results;
  }

  #check(metadata: JsonObject | undefined, added: MetadataTypes, isStrict = false): Checked {
    const rejected: Rejected[] = [];
    if (!metadata) return { metadata, rejected };
    const typeOf = (key: string): JsonType | undefined => this.#types.get(key) ?? this.types.get(key);
    const accepted = acceptTypes(metadata, typeOf, added, rejected);
    if (isStrict && rejected[0]) throwTypeConflict(rejected[0]);
    return { metadata: accepted, rejected };
  }

  #get(key: Key): Row {
    const name = nameOf(key);
    return this.#changed.get(name) ?? this.#stored.get(name) ?? emptyRow(key);
  }
}

const noAdditions = (): Additions => ({ aliases: [], entries: [], actions: [], calls: [] });

/**
 * Returns the row with its size. The limits hold for the whole profile, too, which small updates would otherwise grow
 * without end, and for the times of its values, of which some outlive the value.
 */
function withSize(row: Row): Row {
  const { campaign, metadata } = row.doc.value as JsonObject;
  const size = Buffer.byteLength(JSON.stringify([campaign, metadata]));
  const timesSize = Buffer.byteLength(JSON.stringify(row.doc.times));
  if (size <= MAX_ITEM_SIZE && timesSize <= MAX_TIMES_SIZE) return { ...row, size: size + timesSize };
  const how = size > MAX_ITEM_SIZE ? 'be larger than 1 MB' : 'have too many keys';
  throw new HttpError(413, `With this update the ${row.kind} ${row.id.slice(0, 64)} would ${how}.`);
}
