import type { DroppedReason, QueuedReason } from './types.ts';

/** Makes receipts of one status. Without a `message` of its own, a receipt has the reason in words, and the fix. */
const receipt =
  <Status, Reason extends string>(status: Status, fix: string) =>
  (reason: Reason, message = `${reason.replace(/-/g, ' ')}; ${fix}`) => ({ status, reason, message });

export const queued = receipt<'queued', QueuedReason>('queued', 'it waits');

export const dropped = receipt<'dropped', DroppedReason>('dropped', 'call again once it may be sent');
