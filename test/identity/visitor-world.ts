import { beforeEach } from 'vitest';
import { createVisitor } from '../../src/identity/visitor.ts';
import { normalizeOptions, type Options } from '../../src/options/options.ts';
import type { RecordStore } from '../../src/storage/record-store.ts';

/** The time, which only the test moves. */
export const clock = { now: 0 };
let ids = 0;
beforeEach(() => {
  clock.now = Date.UTC(2026, 0, 15);
  ids = 0;
});

/** A browser's storage of records. */
export function storage() {
  const records: Record<string, string> = {};
  const store: RecordStore = {
    site: () => 'example.com',
    load: name => (records[name] ? JSON.parse(records[name]) : undefined),
    save: (name, record) => void Object.assign(records, { [name]: JSON.stringify(record) }),
    protect: () => () => {},
    remove: (...names) => {
      for (const name of names) delete records[name];
    },
    isOutboxEmpty: () => false,
    markEmpty() {},
    markFilled() {},
    tryMarkEmpty: () => false,
  };
  return { store, records };
}

export function page(world = storage(), options: Partial<Options> = {}) {
  const settings = normalizeOptions({ applicationId: 'app', ...options });
  const visitor = createVisitor(world.store, { now: () => clock.now, uuid: () => `id-${++ids}` }, settings);
  const arrive = (query = '', more = {}) =>
    visitor.recordVisit({ url: `https://www.example.com/${query}`, referrer: '', at: ++clock.now, ...more });
  /** Tells the visitor that a request with this touch got its 2xx. */
  const confirm = (touch: number | undefined) =>
    visitor.markDelivered([{ id: '', profile: '', body: {}, at: 0, touch }]);
  return { ...world, visitor, arrive, confirm };
}
