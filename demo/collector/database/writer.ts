import { setImmediate as nextRound, setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../http-error.ts';
import { collectUnknown, type KnownTypes } from '../profiles/metadata-types.ts';
import { type Key, nameOf, type RequestedKey, type Row } from '../profiles/rows.ts';
import { type Job, WriteBatch } from '../profiles/write-batch.ts';
import { inTurns } from '../turns.ts';
import { type Database, isConflict, isUnreachable } from './database.ts';
import { Overtaken, readPosition, type Step } from './positions.ts';
import { RowCache } from './row-cache.ts';
import { loadRows, loadTypes, save } from './store.ts';
import { TypeCache } from './type-cache.ts';
import { explain } from './write-error.ts';

interface Waiting {
  job: Job<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** The maximum number of items written at once, and the bytes of their requests. */
const MAX_GROUP = 250;
const MAX_GROUP_SIZE = 512 * 1024;

/** Attempts to write a group that conflicts with other writers, before its senders are asked to retry. */
const MAX_ATTEMPTS = 25;

/**
 * Writes jobs to the database. Jobs of one application that arrive while others are being written go
 * together, in the order of arrival, as one read and one write. So updates of one profile meet in memory and
 * not in the database. The more arrive at once, the less each costs. Other processes may write to the same
 * database: a group whose rows have changed since they were read is applied again, and so is one with a job that
 * is too large for a row from the cache.
 */
export class Writer {
  readonly #database: Database;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #typeCache = new TypeCache();
  readonly #rowCache = new RowCache();
  /** Applications that are stored. */
  readonly #applications = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  write<Result>(applicationId: string, job: Job<Result>): Promise<Result[]> {
    return new Promise<Result[]>((resolve, reject) => {
      const waiting = { job, resolve, reject } as Waiting;
      const queue = this.#waiting.get(applicationId);
      if (queue) queue.push(waiting);
      else {
        this.#waiting.set(applicationId, [waiting]);
        void this.#drain(applicationId);
      }
    });
  }

  /** Forgets rows that were deleted, or that another process has written. */
  forget(applicationId: string, keys: Iterable<Key>): void {
    this.#rowCache.invalidate(applicationId, keys);
  }

  /** Forgets all rows and types: another process may have changed any of them. */
  forgetAll(): void {
    this.#rowCache.clear();
    this.#typeCache.clear();
  }

  async #drain(applicationId: string): Promise<void> {
    for (let queue = this.#waiting.get(applicationId); queue?.length; ) {
      // What has arrived by now is read first: PGlite, in this very thread, would have it wait, to be written alone.
      await nextRound();
      let count = 0;
      let size = 0;
      const end = queue.findIndex(({ job }, index) => {
        count += job.metadata.length;
        size += job.size;
        return index > 0 && (count > MAX_GROUP || size > MAX_GROUP_SIZE);
      });
      await this.#writeGroup(applicationId, queue.splice(0, end === -1 ? queue.length : end));
    }
    this.#waiting.delete(applicationId);
  }

  async #writeGroup(applicationId: string, group: Waiting[]): Promise<void> {
    try {
      const settle = await this.#persist(applicationId, group);
      for (const done of settle) done();
    } catch (error) {
      if (group.length === 1) return group[0]?.reject(explain(error));
      // One of them is at fault, and the others have nothing to do with it.
      if (!isUnreachable(error) && !(error instanceof Overtaken))
        for (const one of group) await this.#writeGroup(applicationId, [one]);
      else for (const { reject } of group) reject(explain(error));
    }
  }

  /** Writes what can be written. Returns a function for each job that settles it. */
  async #persist(applicationId: string, group: Waiting[]): Promise<(() => void)[]> {
    const keys = new Map<string, RequestedKey>();
    for (const key of group.flatMap(({ job }) => job.keys)) {
      if (key.follow || !keys.has(nameOf(key))) keys.set(nameOf(key), key);
    }
    const step = stepOf(group);
    for (let attempt = 1; ; attempt++) {
      const [{ cached, loaded }, types] = await Promise.all([
        this.#rowsOf(applicationId, keys.values()),
        this.#typesOf(applicationId, group),
      ]);
      const batch = new WriteBatch([...cached, ...loaded], types);
      const settle: (() => void)[] = [];
      let isTooLarge = false;
      for (const { job, resolve, reject } of group) {
        const settled = inTurns(batch.apply(job)).then(
          result => () => resolve(result),
          error => {
            isTooLarge ||= error instanceof HttpError && error.status === 413;
            return () => reject(error);
          },
        );
        settle.push(await settled);
      }
      if (isTooLarge && cached.length > 0) {
        // It may be no longer: another process has deleted the person, say.
        this.#rowCache.invalidate(applicationId, cached);
        continue;
      }
      if (batch.isEmpty && !step) return settle;
      try {
        const saved = await save(this.#database, applicationId, {
          ...batch.additions,
          rows: batch.rows,
          unchanged: cached.filter(row => !batch.hasChanged(row)),
          types: batch.types,
          step,
          isNewApplication: !this.#applications.has(applicationId),
        });
        this.#applications.add(applicationId);
        this.#rowCache.add(applicationId, saved);
        this.#typeCache.add(applicationId, batch.types);
        return settle;
      } catch (error) {
        // All of them: a visitor's row may be as it was, and the user's, to whom it leads, deleted.
        this.#rowCache.invalidate(applicationId, [...keys.values(), ...batch.rows]);
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
        if (step && (await readPosition(this.#database, applicationId, step.stream)) !== step.after)
          throw new Overtaken();
        await sleep(Math.random() * 4 * attempt);
      }
    }
  }

  async #rowsOf(
    applicationId: string,
    keys: Iterable<RequestedKey>,
  ): Promise<{ cached: Row[]; loaded: Row[] }> {
    const cached = new Map<string, Row>();
    const missing: RequestedKey[] = [];
    const collect = (key: RequestedKey) => {
      const row = this.#rowCache.get(applicationId, key);
      if (row) cached.set(nameOf(row), row);
      else missing.push(key);
      if (row?.mergedInto && key.follow) collect({ kind: 'user', id: row.mergedInto });
    };
    for (const key of keys) collect(key);
    return {
      cached: [...cached.values()],
      loaded: await loadRows(this.#database, applicationId, missing),
    };
  }

  /**
   * Returns the types of all keys of metadata in the group that the application has. One that would clash is read again:
   * it may have been forgotten.
   */
  async #typesOf(applicationId: string, group: Waiting[]): Promise<KnownTypes> {
    const cached = this.#typeCache.of(applicationId);
    const missing = new Set<string>();
    await inTurns(
      (function* () {
        for (const metadata of group.flatMap(({ job }) => job.metadata)) {
          if (metadata) collectUnknown(metadata, cached, missing);
          yield;
        }
      })(),
    );
    if (missing.size === 0) return cached;
    const read = await loadTypes(this.#database, applicationId, [...missing]);
    this.#typeCache.remove(applicationId, missing);
    this.#typeCache.add(applicationId, read);
    // What is read now, and not what the cache keeps of it, which has bounds.
    return { get: key => read.get(key) ?? cached.get(key) };
  }
}

/** Returns the step in the queue that a group makes as a whole. */
function stepOf(group: Waiting[]): Step | undefined {
  const [first, last] = [group[0]?.job.step, group.at(-1)?.job.step];
  return first && last && { ...last, after: first.after };
}
