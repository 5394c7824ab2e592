import { describe, expect, it, vi } from 'vitest';
import { useFakeClock } from '../fake-clock.ts';
import { busy, Collector, DELIVERED, MemoryStore, OFFLINE, settled, UNAUTHORIZED } from '../world.ts';
import { createWorld, orphan, update } from './dispatcher-world.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

useFakeClock();

describe('after a failure', () => {
  it('the update is sent again on this page, after the backoff', async () => {
    const { dispatcher, collector, store } = createWorld({ collector: new Collector(() => OFFLINE) });
    void dispatcher.submit(update('a', { n: 1 }));
    // With a random number of one half: 0.5 s, 1 s, 2 s.
    for (const pause of [500, 1000, 2000]) {
      const before = collector.got.length;
      await wait(pause - 1);
      expect(collector.got).toHaveLength(before);
      await wait(1);
      expect(collector.got).toHaveLength(before + 1);
    }
    collector.rule = () => DELIVERED;
    await wait(4000);
    expect(collector.got.at(-1)).toEqual({ user_id: 'a', metadata: { n: 1 } });
    expect(store.bodies).toEqual([]);
    await wait(DAY);
    expect(collector.got).toHaveLength(5);
  });

  it('requests that fail together are one failure to the backoff', async () => {
    const { dispatcher, collector } = createWorld({ collector: new Collector(() => OFFLINE) });
    for (const name of ['a', 'b', 'c', 'd']) void dispatcher.submit(update(name));
    await wait(499);
    expect(collector.got).toHaveLength(4);
    await wait(1);
    expect(collector.got).toHaveLength(8);
    await wait(1000);
    expect(collector.got).toHaveLength(12);
  });

  it('what came meanwhile goes in the same request', async () => {
    const { dispatcher, collector } = createWorld();
    void dispatcher.submit(update('a', { n: 1, a: 1 }));
    void dispatcher.submit(update('a', { n: 2 }));
    await collector.answer(OFFLINE);
    await wait(500);
    expect(collector.got[1]).toEqual({ user_id: 'a', metadata: { n: 2, a: 1 } });
  });

  it('a success ends the backoff for all', async () => {
    const { dispatcher, collector, page } = createWorld({ collector: new Collector(() => OFFLINE) });
    void dispatcher.submit(update('a'));
    await settled();
    for (let round = 0; round < 5; round++) {
      page.wake();
      await settled();
    }
    collector.rule = () => DELIVERED;
    void dispatcher.submit(update('b'));
    await settled();
    expect(collector.got.map(body => body.user_id)).toEqual([...Array(6).fill('a'), 'b', 'a']);
  });

  it('back online or visible again it is sent at once', async () => {
    const { dispatcher, collector, page } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(OFFLINE);
    page.wake();
    await settled();
    expect(collector.got).toHaveLength(2);
  });

  it('a stopped page listens no more', async () => {
    const { dispatcher, collector, page, stop } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(OFFLINE);
    stop.abort();
    page.wake();
    expect(collector.got).toHaveLength(1);
  });

  it('a full outbox goes out a few requests at a time', async () => {
    const orphans = Array.from({ length: 50 }, (_, index) => ({ ...orphan(`p${index}`), id: `${index}` }));
    const { collector } = createWorld({ store: new MemoryStore(...orphans) });
    await wait(100);
    expect(collector.got).toHaveLength(4);
    await collector.answer(DELIVERED);
    expect(collector.got).toHaveLength(5);
  });
});

describe('Retry-After', () => {
  it('keeps everything back, new calls and waking up too, until it is over', async () => {
    const { dispatcher, collector, page } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(busy(60 * SECOND));
    const other = dispatcher.submit(update('b'));
    page.wake();
    await wait(60 * SECOND - 1);
    expect(collector.got).toHaveLength(1);
    expect(await other).toMatchObject({ status: 'queued', reason: 'paused' });
    await wait(1);
    expect(collector.got.map(body => body.user_id)).toEqual(['a', 'a', 'b']);
  });

  it('is not shortened by another answer', async () => {
    const { dispatcher, collector } = createWorld();
    void dispatcher.submit(update('a'));
    void dispatcher.submit(update('b'));
    await collector.answer(busy(60 * SECOND));
    await collector.answer(busy(SECOND));
    await wait(59 * SECOND);
    expect(collector.got).toHaveLength(2);
  });
});

describe('401 and 402', () => {
  it('pause this page, say so, and lose nothing', async () => {
    const { dispatcher, collector, page, store } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(UNAUTHORIZED);
    expect(console.warn).toHaveBeenCalledOnce();
    const later = dispatcher.submit(update('b'));
    page.wake();
    await dispatcher.flushAll();
    await wait(30 * DAY);
    expect(collector.got).toHaveLength(1);
    expect(await later).toMatchObject({ status: 'queued', reason: 'paused' });
    expect(store.bodies).toHaveLength(2);
  });

  it('do not outlive the page', async () => {
    const { dispatcher, collector, store } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(UNAUTHORIZED);
    const next = createWorld({ store, collector: new Collector(() => DELIVERED) });
    await wait(300);
    expect(next.collector.got).toHaveLength(1);
    expect(store.bodies).toEqual([]);
  });

  it('a paused update that no store took is said to be lost', async () => {
    const store = new MemoryStore();
    const { dispatcher, collector } = createWorld({ store });
    void dispatcher.submit(update('a'));
    await collector.answer(UNAUTHORIZED);
    store.isBlocked = true;
    expect(await dispatcher.submit(update('b'))).toMatchObject({
      status: 'queued',
      reason: 'storage-blocked',
    });
  });
});
