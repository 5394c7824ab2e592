import type { Store } from '../storage/cookie-store.ts';
import type { EntryStore } from '../storage/entry-store.ts';

/** Erases what `denied` erases: everything kept of the visitor on this device, except the refusal itself. */
export function eraseVisitor(records: Store, outbox: EntryStore): void {
  records.wipe('id', 'campaign', 'away', 'retry_at', 'arrived', 'debug');
  void outbox.wipe();
}
