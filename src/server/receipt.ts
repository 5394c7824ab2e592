import type { Outcome } from '../delivery/outcome.ts';
import type { DroppedReason, QueuedReason, Receipt } from '../shared/types.ts';

/**
 * The result of a call on a server. Statuses and reasons mean what they mean in the browser. There is no outbox here,
 * so nothing is ever `queued`: what the page would keep is `dropped` for the same reason.
 */
export type ServerReceipt =
  | Extract<Receipt, { status: 'delivered' }>
  | {
      status: 'dropped';
      reason: DroppedReason | QueuedReason;
      message: string;
      /** Status of the server's answer, if there was one. */
      httpStatus?: number;
      /**
       * Time after which the same call may be delivered, in milliseconds. `Infinity`: once you have mended something.
       * Absent where it never will be.
       */
      retryAfter?: number;
    };

/** Makes the receipt of what has become of a request. */
export function toServerReceipt(outcome: Outcome | Receipt): ServerReceipt {
  if (outcome.status !== 'queued') return outcome as ServerReceipt;
  const { message, retryAfter = 0, ...rest } = { retryAfter: 0, ...outcome };
  return { ...rest, status: 'dropped', message: message.replace('it waits', 'call again later'), retryAfter };
}
