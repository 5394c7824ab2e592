/** Runs a statement with `$1` parameters. */
export type Query = <Row>(statement: string, parameters?: unknown[]) => Promise<{ rows: Row[] }>;

/** The interface to PostgreSQL: one statement at a time, each in its own transaction. */
export interface Database {
  /** Runs a statement of the ingest, or one that changes the schema. */
  query: Query;
  /**
   * Runs a statement that only reads, for a person who waits. On a server it has connections of its own, so that no
   * search holds up a write. It is given up with a 503 after `READ_TIMEOUT`, which PGlite can't do.
   */
  read: Query;
  /** Runs several statements in one transaction, which is undone where the work rejects. */
  transaction(work: (query: Query) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Checks whether another writer was faster, so that the same work may succeed the next time. */
export function isConflict(error: unknown): boolean {
  // Our own guard (division_by_zero), serialization_failure, deadlock_detected, unique_violation.
  return ['22012', '40001', '40P01', '23505'].includes(codeOf(error));
}

/** Checks whether the server can't be reached, is starting or stopping, or has no connection left. */
export function isUnreachable(error: unknown): boolean {
  return (
    /^(08|57P|53)/.test(codeOf(error)) ||
    /^E[A-Z]+$/.test(codeOf(error)) ||
    (error instanceof Error && /^(Connection terminated|timeout exceeded)/.test(error.message))
  );
}

/** Checks whether the database has no room left on its disk. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === '53100';
}

/** Checks whether the statement held more than PostgreSQL can take at once. */
export function isTooMuch(error: unknown): boolean {
  return /^54/.test(codeOf(error)) || (error instanceof RangeError && /string length/.test(error.message));
}

/** Checks whether a statement was given up because it took too long. */
export function isTimeout(error: unknown): boolean {
  // query_canceled
  return codeOf(error) === '57014';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
