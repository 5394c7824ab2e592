import type { EntryStore } from '../storage/entry-store.ts';
import type { RecordStore } from '../storage/record-store.ts';

/** Erases what `denied` erases: everything kept of the visitor on this device, except the refusal itself. */
export function eraseVisitor(records: RecordStore, entries: EntryStore): void {
  const own = ['id', 'campaign', 'state', 'renewed', 'company', 'session'];
  records.remove(...own, 'outbox', 'away', 'retry_at', 'arrived', 'debug');
  void entries.clear();
}
