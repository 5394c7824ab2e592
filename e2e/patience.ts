/** Milliseconds that a test waits for what has to come: longer than a busy machine needs. */
export const PATIENCE = 30_000;
