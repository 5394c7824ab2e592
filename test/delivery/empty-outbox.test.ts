import { describe, expect, it, vi } from 'vitest';
import { useFakeClock } from '../fake-clock.ts';
import { Collector, DELIVERED, MemoryStore, OFFLINE } from '../world.ts';
import { createWorld, orphan, update } from './dispatcher-world.ts';

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

useFakeClock();

/** A page, with what looks into the store counted. */
function open(options: Parameters<typeof createWorld>[0] = {}) {
  const store = options.store ?? new MemoryStore();
  const looks = vi.spyOn(store, 'all');
  return { ...createWorld({ ...options, store }), looks };
}

describe('a page that knows the outbox is empty', () => {
  it('does not look into it', async () => {
    const { looks } = open({ mark: { isEmpty: true } });
    await wait(60_000);
    expect(looks).not.toHaveBeenCalled();
  });

  it('looks when sending may work again', async () => {
    const { looks, page } = open({ mark: { isEmpty: true } });
    page.wake();
    await wait(1);
    expect(looks).toHaveBeenCalledOnce();
  });

  it('sends what it is given, and keeps what fails', async () => {
    const collector = new Collector(() => OFFLINE);
    const { dispatcher, mark, store } = open({ collector, mark: { isEmpty: true } });
    void dispatcher.submit(update('a'));
    expect(mark.isEmpty).toBe(false);
    await wait(1000);
    expect(mark.isEmpty).toBe(false);
    collector.rule = () => DELIVERED;
    await wait(60_000);
    expect([mark.isEmpty, store.bodies]).toEqual([true, []]);
  });
});

describe('an update that is answered soon', () => {
  /** A page over a store that tells how it was used. */
  const openWith = (rule: () => typeof DELIVERED | undefined) => {
    const store = new MemoryStore();
    const put = vi.spyOn(store, 'put');
    const { dispatcher, collector, locks, ...world } = open({
      store,
      collector: new Collector(rule),
      mark: { isEmpty: true },
    });
    const puts = () => put.mock.calls.map(([, isQuick]) => !!isQuick);
    const held = async () => (await locks?.manager.query())?.held?.length;
    return { ...world, store, dispatcher, collector, puts, held };
  };

  it('is put where that costs little, and needs no lock, nor a look into the store', async () => {
    const { dispatcher, puts, held, looks, store } = openWith(() => DELIVERED);
    await dispatcher.submit(update('a'));
    await wait(60_000);
    expect([puts(), await held(), looks.mock.calls.length]).toEqual([[true], 0, 0]);
    expect(store.bodies).toEqual([]);
  });

  it('is stored for good, and its page takes a lock, when the answer has not come in 100 ms', async () => {
    const { dispatcher, collector, puts, held, store } = openWith(() => undefined);
    void dispatcher.submit(update('a'));
    await wait(99);
    expect([puts(), await held()]).toEqual([[true], 0]);
    await wait(1);
    expect([puts(), await held()]).toEqual([[true, false], 1]);
    await collector.answer(DELIVERED);
    expect(store.bodies).toEqual([]);
  });

  it('is stored for good at once where nothing else takes it', async () => {
    const { dispatcher, puts, store } = openWith(() => undefined);
    const put = store.put.bind(store);
    store.put = async (entry, isQuick) => {
      if (isQuick) throw new DOMException('full', 'QuotaExceededError');
      return put(entry);
    };
    void dispatcher.submit(update('a'));
    await wait(0);
    expect([puts(), store.bodies.length]).toEqual([[false], 1]);
  });

  it('is no other tab’s to send while its page lives, whose lock comes later', async () => {
    const { dispatcher, store, locks } = open({ mark: { isEmpty: true } });
    void dispatcher.submit(update('a'));
    const other = open({ store, locks, collector: new Collector(() => DELIVERED) });
    await wait(60_000);
    expect(other.collector.got).toEqual([]);
  });

  it('of a page that was left within its head start is sent by the next', async () => {
    const { dispatcher, page, store, locks, close } = open({ mark: { isEmpty: true } });
    void dispatcher.submit(update('a'));
    page.hide(true);
    close();
    const next = open({ store, locks, collector: new Collector(() => DELIVERED) });
    await wait(300);
    expect([next.collector.got.length, store.bodies]).toEqual([1, []]);
  });
});

describe('a page that does not know it', () => {
  it('looks, sends what it finds, and then knows', async () => {
    const store = new MemoryStore();
    await store.put(orphan('a'));
    const { collector, mark } = open({ store, collector: new Collector(() => DELIVERED) });
    await wait(1000);
    expect([collector.got.length, mark.isEmpty]).toEqual([1, true]);
  });

  it('learns nothing from a store that could not be read whole', async () => {
    const store = Object.assign(new MemoryStore(), { isComplete: () => false });
    const { mark, looks } = open({ store });
    await wait(1000);
    expect([looks.mock.calls.length, mark.isEmpty]).toEqual([1, false]);
  });

  it('notes nothing once consent is withdrawn', async () => {
    const { mark, deny } = open();
    deny();
    await wait(1000);
    expect(mark.isEmpty).toBe(false);
  });

  it('learns nothing while another page’s update waits there', async () => {
    const store = new MemoryStore();
    const first = open({ store, collector: new Collector(() => OFFLINE) });
    void first.dispatcher.submit(update('a'));
    const second = open({ store });
    await wait(1000);
    expect(second.mark.isEmpty).toBe(false);
  });
});
