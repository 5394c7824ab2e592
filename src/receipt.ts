import type { DroppedReason, QueuedReason, Receipt } from './types.ts';

/** A code as a message, where there is nothing to add to it. */
const toWords = (code: string) => code.replace(/-/g, ' ');

export const queued = (reason: QueuedReason, message = toWords(reason)): Receipt & { status: 'queued' } => ({
  status: 'queued',
  reason,
  message,
});

export const dropped = (
  reason: DroppedReason,
  message = toWords(reason),
): Receipt & { status: 'dropped' } => ({
  status: 'dropped',
  reason,
  message,
});

/** What is wrong with a call. */
export interface Invalid {
  reason: DroppedReason;
  message: string;
}

/** An error for what makes a call be answered `dropped`. */
export const invalid = (reason: DroppedReason, message: string): Invalid =>
  Object.assign(new TypeError(message), { reason });
