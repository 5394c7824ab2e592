import type { Receipt } from '../types.ts';
import type { CourierParts } from './courier-parts.ts';
import type { Item } from './outbox.ts';

/** Who hears what became of items: the caller, once, and the site and the debug lines, each time. */
export function createReceipts({ report, onReceipt }: Pick<CourierParts, 'report' | 'onReceipt'>) {
  const settle = (items: readonly Item[], receipt: Receipt) => {
    for (const item of items) item.settle?.(receipt);
  };
  const tell = (items: readonly Item[], receipt: Receipt, note = '') => {
    const { status, message } = receipt;
    for (const { entry } of items) {
      report(`${status}: update of ${entry.profile}${message ? ` (${message})` : ''}${note}`);
      onReceipt(receipt, entry);
    }
  };
  /** Nothing more becomes of them. */
  const end = (items: readonly Item[], receipt: Receipt) => {
    tell(items, receipt);
    settle(items, receipt);
  };
  return { settle, tell, end };
}
