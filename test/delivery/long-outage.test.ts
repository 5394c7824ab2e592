import { describe, expect, it, vi } from 'vitest';
import { MAX_ENTRIES, MAX_SIZE } from '../../src/delivery/outbox-limits.ts';
import type { JsonObject } from '../../src/shared/types.ts';
import { FakeLocks } from '../browser/lock-manager.ts';
import { useFakeClock } from '../fake-clock.ts';
import { Collector, DELIVERED, MemoryStore, OFFLINE, settled } from '../world.ts';
import { createWorld, merged, orphan, update } from './dispatcher-world.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

useFakeClock();

/** A site whose collector is down: every page is left with its work undone. */
function site() {
  const store = new MemoryStore();
  const collector = new Collector(() => OFFLINE);
  const locks = new FakeLocks();
  const visit = async (use: (world: ReturnType<typeof createWorld>) => void) => {
    const world = createWorld({ store, collector, locks });
    use(world);
    await wait(2000);
    world.page.hide();
    world.close();
  };
  const recover = async () => {
    collector.rule = () => DELIVERED;
    const before = collector.got.length;
    await visit(() => {});
    return collector.got.slice(before);
  };
  return { store, collector, visit, recover };
}

const action = (n: number) => ({ ...update(`v${n}`), body: { action_name: 'click', metadata: { n } } });
const size = (bodies: JsonObject[]) => bodies.reduce((sum, body) => sum + JSON.stringify(body).length, 0);

describe('a collector that is down for two weeks', () => {
  it('loses nothing that is said of a user, however often', async () => {
    const { store, visit, recover } = site();
    for (let day = 0; day < 14; day++) {
      for (let view = 0; view < 40; view++)
        await visit(
          ({ dispatcher }) =>
            void dispatcher.submit(update('a', { last: day * 40 + view, [`d${day}`]: view })),
        );
      await wait(DAY);
    }
    expect(store.bodies.length).toBeLessThanOrEqual(MAX_ENTRIES);
    const days = Object.fromEntries(Array.from({ length: 14 }, (_, day) => [`d${day}`, 39]));
    expect(merged(await recover()).metadata).toEqual({ last: 559, ...days });
    expect(store.bodies).toEqual([]);
  });

  it('keeps within the bounds, and profiles outlive actions', async () => {
    const { store, visit, recover } = site();
    for (let day = 0; day < 14; day++) {
      await visit(({ dispatcher }) => {
        for (let n = 0; n < 10; n++)
          void dispatcher.submit(update(`user-${day}-${n}`, { text: 'x'.repeat(500) }));
        for (let n = 0; n < 30; n++) void dispatcher.submit(action(day * 100 + n));
      });
      await wait(DAY);
    }
    // The page after the last one counts.
    await visit(() => {});
    expect(store.bodies.length).toBeLessThanOrEqual(MAX_ENTRIES);
    const users = (await recover()).filter(body => 'user_id' in body).map(({ user_id }) => user_id);
    expect(users).toHaveLength(140);
  });

  it('keeps within 1 MB, the newest last to go', async () => {
    const { store, visit, recover } = site();
    for (let n = 0; n < 14; n++) {
      await visit(({ dispatcher }) => void dispatcher.submit(update(`u${n}`, { text: 'x'.repeat(200_000) })));
      await wait(DAY);
    }
    await visit(() => {});
    expect(size(store.bodies)).toBeLessThanOrEqual(MAX_SIZE);
    expect((await recover()).map(({ user_id }) => user_id)).toEqual(['u9', 'u10', 'u11', 'u12', 'u13']);
  });
});

it('on one page that is never left the bounds hold as well', async () => {
  const store = new MemoryStore();
  const { dispatcher, receipts } = createWorld({ store, collector: new Collector(() => OFFLINE) });
  for (let n = 0; n < 300; n++) void dispatcher.submit(update(`u${n}`));
  await wait(10 * 60_000);
  expect(store.bodies.length).toBe(MAX_ENTRIES);
  expect(
    receipts.filter(([{ reason }]) => reason === 'outbox-full').map(([, { profile }]) => profile),
  ).toEqual(Array.from({ length: 100 }, (_, n) => `u${n}`).reverse());
});

it('where no store takes anything they hold for this page’s memory', async () => {
  const store = new MemoryStore();
  store.isBlocked = true;
  const { dispatcher, receipts } = createWorld({ store, collector: new Collector(() => OFFLINE) });
  for (let n = 0; n < 210; n++) void dispatcher.submit(update(`u${n}`));
  await wait(10 * 60_000);
  expect(receipts.filter(([{ reason }]) => reason === 'outbox-full')).toHaveLength(10);
});

it('an update given up is answered, told and said on the console', async () => {
  const store = new MemoryStore();
  const { dispatcher, receipts } = createWorld({ store, collector: new Collector(() => OFFLINE) });
  const first = dispatcher.submit(update('first'));
  await settled();
  for (let n = 0; n < MAX_ENTRIES; n++) void dispatcher.submit(update(`u${n}`));
  await wait(10 * 60_000);
  expect(await first).toMatchObject({ status: 'queued' });
  const dropped = {
    status: 'dropped',
    reason: 'outbox-full',
    message: 'outbox full; call again once it may be sent',
  };
  expect(receipts.at(-1)?.[0]).not.toEqual(dropped);
  expect(receipts.filter(([, { profile }]) => profile === 'first').at(-1)?.[0]).toEqual(dropped);
  expect(console.warn).toHaveBeenCalledWith(
    'utmost:',
    'an update is dropped: outbox full; call again once it may be sent',
  );
});

it('what is made one entry and what is sent again are two, so that a page that is killed loses neither', async () => {
  const store = new MemoryStore();
  const collector = new Collector(() => OFFLINE);
  const { dispatcher, close } = createWorld({ store, collector, locks: null });
  for (const metadata of [{ plan: 'pro' }, { seats: 2 }]) {
    void dispatcher.submit(update('ada', metadata));
    await wait(HOUR);
  }
  for (let n = 0; n <= MAX_ENTRIES / 2; n++) void dispatcher.submit(update(`u${n}`));
  await wait(HOUR);
  // An earlier page of the same user turns out to have left something.
  const left = orphan('ada', { plan: 'free', city: 'Oslo' }, DAY);
  await store.put(left);
  while (store.entries.has(left.id)) await wait(100);
  close();
  collector.rule = () => DELIVERED;
  collector.got.length = 0;
  createWorld({ store, collector, locks: null });
  await wait(HOUR);
  const said = collector.got.filter(({ user_id }) => user_id === 'ada');
  expect(merged(said).metadata).toEqual({ plan: 'pro', seats: 2, city: 'Oslo' });
});
