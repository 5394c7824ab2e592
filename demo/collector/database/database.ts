/** Runs a statement with `$1` parameters. */
export type Query = <Row>(statement: string, parameters?: unknown[]) => Promise<{ rows: Row[] }>;

/** The interface to PostgreSQL: one statement at a time, each in its own transaction. */
export interface Database {
  query: Query;
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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
