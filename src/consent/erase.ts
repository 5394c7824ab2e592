import type { EntryStore } from '../storage/entry-store.ts';
import type { RecordStore } from '../storage/record-store.ts';

/** Records that are kept in cookies, but for the visitor's choice. */
export const COOKIE_RECORDS = ['id', 'campaign', 'state', 'renewed', 'company', 'session', 'touches'];

/** Erases what `denied` erases: everything kept of the visitor on this device, except the refusal itself. */
export function eraseVisitor(records: RecordStore, entries: EntryStore): void {
  records.remove(...COOKIE_RECORDS, 'outbox', 'away', 'retry_at', 'arrived');
  void entries.clear();
}
