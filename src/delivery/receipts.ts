import { queued } from '../shared/receipt.ts';
import type { Receipt } from '../shared/types.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import type { Item } from './items.ts';

/** Makes the receipt of an item's caller. The first attempt answers it, or `timeout` at the latest. */
export const createReceipt = (
  item: Item,
  { page: { setTimer }, timeout }: Pick<DeliveryDependencies, 'page' | 'timeout'>,
): Promise<Receipt> =>
  new Promise(resolve => {
    const cancel = setTimer(() => item.settle?.(queued('timeout')), timeout);
    item.settle = receipt => {
      cancel();
      item.answer = undefined;
      // "queued" promises that the entry outlives the page.
      const isLost = item.isPersisted === false && receipt.status === 'queued';
      resolve(isLost ? queued('storage-blocked') : receipt);
    };
  });
