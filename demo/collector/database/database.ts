/** Runs a statement with `$1` parameters. */
export type Query = <Row>(statement: string, parameters?: unknown[]) => Promise<{ rows: Row[] }>;

/** The interface to PostgreSQL: one statement at a time, each in its own transaction. */
export interface Database {
  /** Runs a statement of the ingest, or one that changes the schema. */
  query: Query;
  /**
   * Runs a statement that only reads, for a person who waits. On a server it has connections of its own, so that no
   * search holds up a write. It is given up with a 503 after `READ_TIMEOUT`, which PGlite can't do. A replica may answer
   * it, which is a moment behind: never to be used for what a write depends on.
   */
  read: Query;
  /** Runs several statements in one transaction, which is undone where the work rejects. */
  transaction(work: (query: Query) => Promise<void>): Promise<void>;
  /**
   * Waits until `read` finds what was written up to this position of the primary's log, at most 5 seconds. Without it a
   * read finds everything at once.
   */
  waitForReplay?: ((lsn: string) => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** Checks whether another writer was faster, so that the same work may succeed the next time. */
export function isConflict(error: unknown): boolean {
  // Our own guard (division_by_zero), serialization_failure, deadlock_detected, unique_violation.
  return ['22012', '40001', '40P01', '23505'].includes(codeOf(error));
}

/**
 * Checks whether the server can't be reached, is starting or stopping, has no connection left, or takes no writes since it
 * is a replica that nobody has promoted yet.
 */
export function isUnreachable(error: unknown): boolean {
  return (
    /^(08|57P|53|25006)/.test(codeOf(error)) ||
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

/** Checks whether a named statement is not where it was prepared, or where another is: connections are shared. */
export function isUnprepared(error: unknown): boolean {
  // invalid_sql_statement_name, duplicate_prepared_statement
  return ['26000', '42P05'].includes(codeOf(error));
}

/** Returns PostgreSQL’s code of an error, or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
