import { nameOf, type RequestedKey, type Row } from '../profiles/rows.ts';

/** Limits of the cache: rows, and bytes of their content. */
const MAX_ROWS = 10_000;
const MAX_SIZE = 32 * 1024 * 1024;

/**
 * Keeps the rows that this process wrote last, as a visitor who has just sent an update soon sends another. A
 * row may be out of date where another process writes too. Its version then makes the write fail, also where the row
 * was only looked at.
 */
export class RowCache {
  // A Map keeps the order of insertion: the first is the oldest.
  readonly #rows = new Map<string, Row>();
  #size = 0;

  get(applicationId: string, key: RequestedKey): Row | undefined {
    return this.#rows.get(`${applicationId}\n${nameOf(key)}`);
  }

  /** Remembers rows as they are stored now. */
  add(applicationId: string, rows: Row[]): void {
    for (const row of rows) {
      const name = `${applicationId}\n${nameOf(row)}`;
      this.#remove(name);
      this.#rows.set(name, row);
      this.#size += row.size;
    }
    for (const name of this.#rows.keys()) {
      if (this.#rows.size <= MAX_ROWS && this.#size <= MAX_SIZE) break;
      this.#remove(name);
    }
  }

  invalidate(applicationId: string, keys: Iterable<RequestedKey>): void {
    for (const key of keys) this.#remove(`${applicationId}\n${nameOf(key)}`);
  }

  clear(): void {
    this.#rows.clear();
    this.#size = 0;
  }

  #remove(name: string): void {
    this.#size -= this.#rows.get(name)?.size ?? 0;
    this.#rows.delete(name);
  }
}
