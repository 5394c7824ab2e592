import { describe, expect, it, vi } from 'vitest';
import { useFakeClock } from '../fake-clock.ts';
import { Collector, DELIVERED, MemoryStore, OFFLINE, REFUSED, settled } from '../world.ts';
import { createWorld, merged, orphan, TIMEOUT, update } from './dispatcher-world.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

useFakeClock();

describe('what earlier pages left', () => {
  it('is sent at the start, merged, and removed', async () => {
    const store = new MemoryStore(
      orphan('a', { n: 1 }, 2000),
      orphan('a', { n: 2 }, 1000),
      orphan('b', {}, 500),
    );
    const { collector } = createWorld({ store, collector: new Collector(() => DELIVERED) });
    expect(collector.got).toEqual([]);
    await wait(100);
    expect(collector.got).toEqual([
      { user_id: 'a', metadata: { n: 2 } },
      { user_id: 'b', metadata: {} },
    ]);
    expect(store.bodies).toEqual([]);
  });

  it('is looked for again where the store could not be read for a while', async () => {
    const store = new MemoryStore(orphan('a'));
    const all = vi.spyOn(store, 'all').mockRejectedValue(new DOMException('closed', 'InvalidStateError'));
    const { collector } = createWorld({ store, collector: new Collector(() => DELIVERED) });
    await wait(100);
    expect(collector.got).toEqual([]);
    all.mockRestore();
    await wait(TIMEOUT);
    expect(collector.got.map(body => body.user_id)).toEqual(['a']);
    expect(store.bodies).toEqual([]);
  });

  it('is removed unsent after 30 days', async () => {
    const store = new MemoryStore(orphan('old', {}, 30 * DAY), orphan('young', {}, 30 * DAY - SECOND));
    const { collector } = createWorld({ store, collector: new Collector(() => DELIVERED) });
    await wait(100);
    expect(collector.got.map(body => body.user_id)).toEqual(['young']);
    expect(store.bodies).toEqual([]);
  });

  it('goes before this page’s own update where that one waits', async () => {
    const store = new MemoryStore(orphan('a', { n: 'old', left: 1 }));
    const { dispatcher, collector } = createWorld({ store });
    void dispatcher.submit(update('a', { n: 'new' }));
    await wait(100);
    await collector.answer(OFFLINE);
    collector.rule = () => DELIVERED;
    await wait(DAY);
    expect(merged(collector.got).metadata).toEqual({ n: 'new', left: 1 });
  });

  it.each(['before', 'after'])(
    'never has the last word over a newer value sent %s it was found',
    async when => {
      const store = new MemoryStore(
        orphan('a', { n: 'old', left: 1 }, 2000),
        orphan('a', { n: 'older' }, 3000),
      );
      const { dispatcher, collector } = createWorld({ store });
      void dispatcher.submit(update('a', { n: 'new' }));
      void dispatcher.submit(update('a', { m: 'newest' }));
      collector.rule = () => DELIVERED;
      if (when === 'before') await collector.answer(DELIVERED);
      await wait(100);
      if (when === 'after') await collector.answer(DELIVERED);
      await wait(DAY);
      expect(merged(collector.got).metadata).toEqual({ n: 'new', m: 'newest', left: 1 });
      expect(store.bodies).toEqual([]);
    },
  );
});

describe('flush', () => {
  it('sends what waits without regard to the backoff, and resolves when it was tried', async () => {
    const { dispatcher, collector, store } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(OFFLINE);
    const flushed = vi.fn();
    void dispatcher.flushAll().then(flushed);
    await settled();
    expect(collector.got).toHaveLength(2);
    expect(flushed).not.toHaveBeenCalled();
    await collector.answer(DELIVERED);
    expect(flushed).toHaveBeenCalled();
    expect(store.bodies).toEqual([]);
  });

  it('sends also what waits behind a request, and what earlier pages left', async () => {
    const store = new MemoryStore(orphan('b'));
    const { dispatcher, collector } = createWorld({ store });
    for (const session_token of ['1', '2', '3'])
      void dispatcher.submit({ ...update('a'), body: { user_id: 'a', session_token } });
    collector.rule = () => DELIVERED;
    const flushed = dispatcher.flushAll();
    await collector.answer(DELIVERED);
    await flushed;
    await settled();
    expect(collector.got).toHaveLength(4);
    expect(store.bodies).toEqual([]);
  });

  it('ends where nothing gets through, and where something is refused', async () => {
    const { dispatcher, collector } = createWorld({ collector: new Collector(() => OFFLINE) });
    void dispatcher.submit(update('a'));
    await dispatcher.flushAll();
    collector.rule = () => REFUSED;
    await dispatcher.flushAll();
    await dispatcher.flushAll();
    expect(collector.got).toHaveLength(3);
  });
});
