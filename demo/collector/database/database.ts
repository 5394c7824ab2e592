/** What the collector asks of PostgreSQL: one statement at a time, with `$1` parameters, each its own transaction. */
export interface Database {
  query<Row>(statement: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
  close(): Promise<void>;
}

/** True where the same work may go well the next time: somebody was faster, or the server is not there for now. */
export function isConflict(error: unknown): boolean {
  // Our own guard (division_by_zero), serialization_failure, deadlock_detected, unique_violation.
  return ['22012', '40001', '40P01', '23505'].includes(codeOf(error));
}

/** True where the server can't be reached, is starting or stopping, or has no connection left. */
export function isUnreachable(error: unknown): boolean {
  return (
    /^(08|57P|53)/.test(codeOf(error)) ||
    /^E[A-Z]+$/.test(codeOf(error)) ||
    (error instanceof Error && /^(Connection terminated|timeout exceeded)/.test(error.message))
  );
}

/** True where the statement held more than PostgreSQL can take at once. */
export function isTooMuch(error: unknown): boolean {
  return /^54/.test(codeOf(error)) || (error instanceof RangeError && /string length/.test(error.message));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
