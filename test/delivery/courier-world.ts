import { type Courier, createCourier } from '../../src/delivery/courier.ts';
import { merge } from '../../src/delivery/merge.ts';
import type { Entry, JsonObject } from '../../src/types.ts';
import { Collector, fakePage, MemoryStore } from '../world.ts';

export const TIMEOUT = 10_000;

/** An update of one profile. */
export const update = (profile: string, metadata: JsonObject = {}): Omit<Entry, 'id'> => ({
  profile,
  body: { user_id: profile, metadata },
  at: Date.now(),
});

/** An entry that an earlier page left `age` milliseconds ago. */
export const orphan = (profile: string, metadata: JsonObject = {}, age = 1000): Entry => {
  const at = Date.now() - age;
  return { ...update(profile, metadata), at, id: `${at.toString(36).padStart(9, '0')}-000000-orphan` };
};

/** A page with a courier, over a store and a collector that outlive it. */
export function createWorld({ store = new MemoryStore(), collector = new Collector() } = {}) {
  const page = fakePage();
  const confirmed: Entry[] = [];
  const stop = new AbortController();
  const courier: Courier = createCourier({
    store,
    page,
    send: collector.send,
    onDelivered: entries => confirmed.push(...entries),
    signal: stop.signal,
    timeout: TIMEOUT,
    report: () => {},
  });
  return { store, collector, page, courier, confirmed, stop };
}

/** What a server has that got these updates, in this order. */
export const merged = (bodies: readonly JsonObject[]) =>
  bodies.reduce<JsonObject>((older, newer) => merge(older, newer), {});
