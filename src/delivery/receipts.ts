import type { Page } from '../browser/page.ts';
import { queued } from '../shared/receipt.ts';
import type { Receipt } from '../shared/types.ts';
import type { Item } from './outbox.ts';

/** Answers the callers of these items who have no answer yet. */
export function settle(items: readonly Item[], receipt: Receipt): void {
  for (const item of items) item.settle?.(receipt);
}

/** Makes the receipt of an item's caller. The first attempt answers it, or `timeout` at the latest. */
export const createReceipt = (item: Item, timeout: number, setTimer: Page['setTimer']): Promise<Receipt> =>
  new Promise(resolve => {
    const cancel = setTimer(() => settle([item], queued('timeout')), timeout);
    item.settle = receipt => {
      cancel();
      item.answer = undefined;
      // "queued" promises that the entry outlives the page.
      const isLost = item.isPersisted === false && receipt.status === 'queued';
      resolve(isLost ? queued('storage-blocked') : receipt);
    };
  });
