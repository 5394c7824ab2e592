import { mkdir, statfs } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Database, Query } from './database.ts';

type Answer =
  | { rows: unknown[]; isLast: boolean; error?: never }
  | { error: { message: string; code?: string; severity?: string } };

/** Bytes that must be free where PGlite begins: what it writes on starting, and one more segment of its log. */
const MIN_FREE = 48 * 1024 * 1024;

const FULL = 'The disk of the database is full';

/** An error of PGlite, with PostgreSQL's code where it has one. */
class PGliteError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** Where PGlite keeps its data, and begins. */
export interface PGliteOptions {
  /** The folder of the data. Default: it is kept in memory. */
  folder?: string | undefined;
  /** A file of PGlite's `dumpDataDir`, as which a database in memory begins. Default: it is created, which takes seconds. */
  image?: string | undefined;
}

/**
 * Opens PostgreSQL in a thread of this process: a statement takes as long as it takes, and holds up no request.
 *
 * @param onFailure Is told in a sentence when the database can't go on: its disk is full, or it has crashed. All
 *   statements are refused from then on. What was acknowledged is on the disk.
 */
export async function openPGlite(
  { folder, image }: PGliteOptions = {},
  onFailure: (sentence: string) => void = () => {},
): Promise<Database> {
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    await checkRoom(folder);
  }
  const thread = new PGliteThread({ folder, image }, onFailure);
  await thread.started;
  return thread;
}

async function checkRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= MIN_FREE) return;
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  throw new PGliteError(
    `${FULL}: ${folder} has ${megabytes(bavail * bsize)} MB free, and ${megabytes(MIN_FREE)} MB are needed to start. Nothing that was stored is lost: free some room, and start again.`,
    '53100',
  );
}

class PGliteThread implements Database {
  readonly started: Promise<unknown>;
  readonly #worker: Worker;
  readonly #onFailure: (sentence: string) => void;
  /** Those whose answers are awaited, in the order they asked: PGlite has one connection. */
  readonly #asked: { rows: unknown[]; resolve(rows: unknown[]): void; reject(error: Error): void }[] = [];
  #failure: Error | undefined;
  #isClosing = false;
  /** The end of the last transaction: there is one connection. */
  #transaction: Promise<void> = Promise.resolve();

  constructor(workerData: PGliteOptions, onFailure: (sentence: string) => void) {
    this.#onFailure = onFailure;
    this.#worker = new Worker(new URL('./pglite-thread.js', import.meta.url), { workerData });
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', error => this.#fail(error));
    this.#worker.on('exit', () => !this.#isClosing && this.#fail(new Error('Its thread has ended.')));
    this.started = this.#expect();
  }

  async query<Row>(statement: string, parameters?: unknown[]): Promise<{ rows: Row[] }> {
    await this.#transaction;
    return this.#query<Row>(statement, parameters);
  }

  /** There is one connection and no timer: reads and writes take turns, and no read is given up. */
  read<Row>(statement: string, parameters?: unknown[]): Promise<{ rows: Row[] }> {
    return this.query<Row>(statement, parameters);
  }

  async transaction(work: (query: Query) => Promise<void>): Promise<void> {
    const before = this.#transaction;
    let end: () => void = () => {};
    this.#transaction = new Promise<void>(resolve => {
      end = resolve;
    });
    await before;
    try {
      await this.#query('begin');
      await work((statement, parameters) => this.#query(statement, parameters));
      await this.#query('commit');
    } catch (error) {
      await this.#query('rollback').catch(() => {});
      throw error;
    } finally {
      end();
    }
  }

  async #query<Row>(statement: string, parameters?: unknown[]): Promise<{ rows: Row[] }> {
    return { rows: (await this.#ask({ statement, parameters })) as Row[] };
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (!this.#failure) await this.#ask('close').catch(() => {});
    await this.#worker.terminate();
  }

  #ask(message: unknown): Promise<unknown[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#worker.postMessage(message);
    return this.#expect();
  }

  #expect(): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ rows: [], resolve, reject });
    });
  }

  #take(answer: Answer): void {
    const [first] = this.#asked;
    if (!first) return;
    if (answer.error) {
      const { message, code, severity } = answer.error;
      this.#asked.shift();
      // Without a code it is none of SQL: the program inside has ended.
      const isFatal = code === undefined || code === '53100' || severity === 'PANIC' || severity === 'FATAL';
      const error = new PGliteError(message, code ?? '57P01');
      first.reject(error);
      if (isFatal) this.#fail(error);
      return;
    }
    for (const row of answer.rows) first.rows.push(row);
    if (answer.isLast) this.#asked.shift()?.resolve(first.rows);
  }

  /** Refuses everything from now on: after a full disk PGlite may never answer again. */
  #fail(cause: Error): void {
    if (this.#failure) return;
    const isFull = ('code' in cause && cause.code === '53100') || /No space left|ENOSPC/.test(cause.message);
    this.#failure = new PGliteError(
      isFull
        ? `${FULL}. Nothing that was acknowledged is lost: free some room, and start again.`
        : `The database has crashed (${cause.message}). Nothing that was acknowledged is lost: start again.`,
      isFull ? '53100' : '57P01',
    );
    for (const { reject } of this.#asked.splice(0)) reject(this.#failure);
    this.#onFailure(this.#failure.message);
  }
}
