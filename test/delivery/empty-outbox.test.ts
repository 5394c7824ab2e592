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
