import { describe, expect, it, vi } from 'vitest';
import { FakeLocks } from '../browser/lock-manager.ts';
import { useFakeClock } from '../fake-clock.ts';
import { Collector, DELIVERED, MemoryStore, OFFLINE, settled } from '../world.ts';
import { createWorld, merged, orphan, TIMEOUT, update } from './dispatcher-world.ts';

const SECOND = 1000;
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

useFakeClock();

/** Tabs of one site: one store and one collector. */
function openTabs(count: number, { locks = new FakeLocks() as FakeLocks | null, orphans = 0 } = {}) {
  const left = Array.from({ length: orphans }, (_, index) => ({
    ...orphan(`p${index}`, { n: index }, 60 * SECOND),
    id: `0-${index}`,
  }));
  const store = new MemoryStore(...left);
  const collector = new Collector();
  const open = (name: string) => createWorld({ store, collector, locks, name });
  const tabs = Array.from({ length: count }, (_, index) => open(`tab-${index}`));
  return { store, collector, tabs };
}

/** A browser that tells nothing of locks. */
const refusing = () => {
  const manager = { request: () => Promise.reject(new Error()), query: () => Promise.reject(new Error()) };
  return { manager, release: () => {} } as unknown as FakeLocks;
};

const users = (collector: Collector) => collector.got.map(({ user_id }) => user_id);

describe.each([
  ['Web Locks', () => new FakeLocks()],
  ['no Web Locks', () => null],
])('several tabs with %s', (_, createLocks) => {
  it.each([2, 5])('%i of them send each waiting entry once', async count => {
    const { collector, store } = openTabs(count, { locks: createLocks(), orphans: 20 });
    collector.rule = () => DELIVERED;
    await wait(60 * SECOND);
    expect(users(collector).sort()).toEqual(Array.from({ length: 20 }, (_, n) => `p${n}`).sort());
    expect(store.bodies).toEqual([]);
  });

  it('an entry belongs to the page that made it while that one lives and tries', async () => {
    const { collector, tabs } = openTabs(2, { locks: createLocks() });
    void tabs[0]?.dispatcher.submit(update('a'));
    await wait(TIMEOUT - 1);
    tabs[1]?.page.wake();
    await settled();
    expect(users(collector)).toEqual(['a']);
  });

  it('what a tab that is closed in mid-flight had is sent by another', async () => {
    const { collector, tabs, store } = openTabs(2, { locks: createLocks(), orphans: 3 });
    await wait(100);
    const before = collector.got.length;
    expect(before).toBe(3);
    collector.rule = () => DELIVERED;
    tabs[0]?.close();
    await wait(TIMEOUT + SECOND);
    expect(store.bodies).toEqual([]);
    expect(new Set(users(collector))).toEqual(new Set(['p0', 'p1', 'p2']));
  });

  it('a tab that lost the race for what was left takes it all the same when the winner is closed', async () => {
    const { collector, tabs, store } = openTabs(2, { locks: createLocks(), orphans: 3 });
    const [winner, loser] = tabs as [(typeof tabs)[0], (typeof tabs)[0]];
    // Both read before either has claimed.
    const entries = await store.all();
    vi.spyOn(store, 'all').mockResolvedValueOnce(entries).mockResolvedValueOnce(entries);
    await wait(100);
    expect(collector.got).toHaveLength(3);
    collector.rule = () => DELIVERED;
    const owner = [...store.entries.values()][0]?.owner;
    (owner === 'tab-0' ? winner : loser).close();
    await wait(TIMEOUT + SECOND);
    expect(store.bodies).toEqual([]);
  });

  it('an entry that another page took over while this one slept is not sent here', async () => {
    const { collector, tabs, store } = openTabs(2, { locks: createLocks() });
    const [asleep, awake] = tabs as [(typeof tabs)[0], (typeof tabs)[0]];
    collector.rule = () => OFFLINE;
    void asleep.dispatcher.submit(update('a', { n: 'old' }));
    await settled();
    // Into the back/forward cache, where no timer runs.
    asleep.page.hide();
    vi.setSystemTime(Date.now() + TIMEOUT + SECOND);
    collector.rule = () => DELIVERED;
    awake.page.wake();
    await settled();
    expect(store.bodies).toEqual([]);
    void awake.dispatcher.submit(update('a', { n: 'new' }));
    await settled();
    const before = collector.got.length;
    asleep.page.wake();
    await wait(60 * SECOND);
    expect(collector.got.length).toBe(before);
    expect(merged(collector.got).metadata).toEqual({ n: 'new' });
  });

  it('an older value that another living page could not send is not the last word', async () => {
    const { collector, tabs, store } = openTabs(2, { locks: createLocks() });
    const [first, second] = tabs as [(typeof tabs)[0], (typeof tabs)[0]];
    collector.rule = () => OFFLINE;
    void first.dispatcher.submit(update('a', { plan: 'old', kept: 1 }));
    await wait(1);
    collector.rule = () => DELIVERED;
    void second.dispatcher.submit(update('a', { plan: 'new' }));
    await wait(60 * SECOND);
    expect(merged(collector.got).metadata).toEqual({ plan: 'new', kept: 1 });
    expect(store.bodies).toEqual([]);
  });

  it('tabs that say the same at once do not send each other’s', async () => {
    const { collector, tabs, store } = openTabs(5, { locks: createLocks() });
    for (const { dispatcher } of tabs) void dispatcher.submit(update('a', { plan: 'pro' }));
    for (let n = 0; n < 5; n++) await collector.answer(DELIVERED);
    await wait(60 * SECOND);
    expect(users(collector)).toHaveLength(5);
    expect(store.bodies).toEqual([]);
  });
});

describe('a page', () => {
  it('holds its lock while an answer is late, and none in the back/forward cache', async () => {
    const { tabs, collector } = openTabs(1);
    const [tab] = tabs as [(typeof tabs)[0]];
    const names = async () => (await tab.locks?.manager.query())?.held?.map(({ name }) => name);
    await wait(100);
    expect(await names()).toEqual([]);
    void tab.dispatcher.submit(update('a'));
    await wait(99);
    expect(await names()).toEqual([]);
    await wait(1);
    expect(await names()).toEqual(['utmost:tab-0']);
    tab.page.hide();
    await settled();
    expect(await names()).toEqual([]);
    tab.page.wake();
    await settled();
    expect(await names()).toEqual(['utmost:tab-0']);
    await collector.answer(DELIVERED);
  });

  it('waits for no lock of another one in the back/forward cache', async () => {
    const { tabs, store } = openTabs(2);
    const [watched, watching] = tabs as [(typeof tabs)[0], (typeof tabs)[0]];
    void watched.dispatcher.submit(update('a'));
    await wait(300);
    const pending = async () => (await watching.locks?.manager.query())?.pending?.length;
    expect(await pending()).toBe(1);
    watching.page.hide();
    await settled();
    expect(await pending()).toBe(0);
    expect(store.bodies).toHaveLength(1);
  });

  it('looks again where it goes by the lease, and the winner of a race had nothing in hand when it lost', async () => {
    const { collector, tabs, store } = openTabs(2, { locks: refusing(), orphans: 3 });
    const entries = await store.all();
    const all = vi.spyOn(store, 'all');
    // Both read before either has claimed; and when the loser looks who was faster, nobody has claimed anything.
    for (let n = 0; n < 3; n++) all.mockResolvedValueOnce(entries);
    await wait(100);
    collector.rule = () => DELIVERED;
    const winner = [...store.entries.values()][0]?.owner;
    tabs[winner === 'tab-0' ? 0 : 1]?.close();
    await wait(3 * TIMEOUT);
    expect(store.bodies).toEqual([]);
  });

  it('goes by the lease where the browser refuses to tell of locks', async () => {
    const { collector, store } = openTabs(2, { locks: refusing(), orphans: 5 });
    collector.rule = () => DELIVERED;
    await wait(60 * SECOND);
    expect(users(collector).sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    expect(store.bodies).toEqual([]);
  });

  it('takes an entry that a clock set back has dated ahead', async () => {
    const entry = { ...orphan('a'), owner: 'gone', ownedSince: Date.now() + 365 * 24 * 3600 * SECOND };
    const { collector } = createWorld({
      store: new MemoryStore(entry),
      locks: null,
      collector: new Collector(() => DELIVERED),
    });
    await wait(100);
    expect(users(collector)).toEqual(['a']);
  });
});
