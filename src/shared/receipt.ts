import type { DroppedReason, QueuedReason } from './types.ts';

/** Makes receipts of one status. Without a `message` of its own, a receipt has the reason in words. */
const receipt =
  <Status, Reason extends string>(status: Status) =>
  (reason: Reason, message = reason.replace(/-/g, ' ')) => ({ status, reason, message });

export const queued = receipt<'queued', QueuedReason>('queued');

export const dropped = receipt<'dropped', DroppedReason>('dropped');
