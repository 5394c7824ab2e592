import type { Receipt } from '../shared/types.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import type { Item } from './items.ts';
import type { Outbox } from './outbox.ts';
import type { Outcome } from './outcome.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import { createWarnings } from './warnings.ts';

/** Makes what follows an outcome: the items stay, end or are split, and everybody is told. */
export function createOutcomeHandler(
  { report, onReceipt, onDelivered }: Pick<DeliveryDependencies, 'report' | 'onReceipt' | 'onDelivered'>,
  outbox: Outbox,
  schedule: RetrySchedule,
) {
  const warn = createWarnings();
  const notify = (items: readonly Item[], receipt: Receipt, note = '') => {
    const { status, message } = receipt;
    for (const item of items) {
      report(`${status}: update of ${item.profile}${message ? ` (${message})` : ''}${note}`);
      onReceipt(receipt, item);
    }
  };
  /** Tells the end of these items, to their callers too. */
  const end = (items: readonly Item[], receipt: Receipt) => {
    notify(items, receipt);
    for (const item of items) item.settle?.(receipt);
  };
  /** Keeps, ends or splits these items, as an answer or an eviction says. */
  const handleOutcome = (items: Item[], outcome: Outcome) => {
    const { retryAfter, ...receipt } = outcome;
    const { profile } = items[0] as Item;
    if (receipt.status === 'dropped' && items[1]) {
      report(`split: merged update of ${profile} (${receipt.message})`);
      for (const item of items) item.isUnmergeable = true;
      return;
    }
    warn(outcome);
    if (receipt.status === 'queued') {
      schedule.fail(retryAfter);
      notify(items, receipt, `, next try in ${Math.round(schedule.waitLeft()) / 1000} s`);
      // "queued" promises that the update is safe.
      for (const item of outbox.of(profile)) void item.persisted.then(() => item.settle?.(receipt));
      return;
    }
    const isDelivered = receipt.status === 'delivered';
    if (isDelivered) {
      schedule.resume(true);
      onDelivered(items);
    }
    end(outbox.remove(items, isDelivered), receipt);
  };
  return { end, handleOutcome };
}
