import { forItem, HttpError } from '../http-error.ts';
import type { JsonObject } from '../json.ts';
import { MAX_ITEM_SIZE } from '../limits.ts';
import { emptyRow } from './apply.ts';
import { checkTypes, type MetadataTypes } from './metadata-types.ts';
import { type Additions, type Key, nameOf, type RequestedKey, type Row, type Rows } from './rows.ts';

/** The writes of one request: all of them or none. */
export interface Job<Result> {
  /** The profiles it is about. */
  keys: RequestedKey[];
  /** The metadata of each of its items. */
  metadata: (JsonObject | undefined)[];
  /** Whether an error must name the item. */
  isBatch: boolean;
  /** Changes the rows. An HttpError leaves everything as it was. May be called again on other rows. */
  apply(rows: Rows, additions: Additions): Result;
}

/** The result of a group of jobs before it is written. A job that throws leaves no trace. */
export class WriteBatch {
  readonly additions: Additions = noAdditions();
  /** The keys of metadata that the application has not seen before, with their types. */
  readonly types: MetadataTypes = new Map();
  readonly #stored: Map<string, Row>;
  readonly #types: MetadataTypes;
  readonly #changed = new Map<string, Row>();

  constructor(stored: Row[], types: MetadataTypes) {
    this.#stored = new Map(stored.map(row => [nameOf(row), row]));
    this.#types = types;
  }

  /** The rows that have changed. */
  get rows(): Row[] {
    return [...this.#changed.values()];
  }

  get isEmpty(): boolean {
    return this.#changed.size === 0 && this.additions.actions.length + this.additions.calls.length === 0;
  }

  apply<Result>(job: Job<Result>): Result {
    const types: MetadataTypes = new Map(this.types);
    for (const [index, metadata] of job.metadata.entries()) {
      if (metadata) forItem(job.isBatch ? index : undefined, () => checkTypes(metadata, this.#types, types));
    }
    const changed = new Map<string, Row>();
    const rows: Rows = {
      get: key => changed.get(nameOf(key)) ?? this.#get(key),
      set: row => changed.set(nameOf(row), row),
    };
    const additions = noAdditions();
    const result = job.apply(rows, additions);
    const sized = [...changed].map(([name, row]) => [name, withSize(row)] as const);

    for (const [name, row] of sized) this.#changed.set(name, row);
    for (const [key, type] of types) this.types.set(key, type);
    this.additions.aliases.push(...additions.aliases);
    this.additions.entries.push(...additions.entries);
    this.additions.actions.push(...additions.actions);
    this.additions.calls.push(...additions.calls);
    return result;
  }

  #get(key: Key): Row {
    const name = nameOf(key);
    return this.#changed.get(name) ?? this.#stored.get(name) ?? emptyRow(key);
  }
}

const noAdditions = (): Additions => ({ aliases: [], entries: [], actions: [], calls: [] });

/**
 * Returns the row with its size. The limit holds for the whole profile, too, which small updates would
 * otherwise grow without end.
 */
function withSize(row: Row): Row {
  const { campaign, metadata } = row.doc.value as JsonObject;
  const size = Buffer.byteLength(JSON.stringify([campaign, metadata]));
  if (size <= MAX_ITEM_SIZE) return { ...row, size };
  throw new HttpError(
    413,
    `With this update the ${row.kind} ${row.id.slice(0, 64)} would be larger than 1 MB.`,
  );
}
