import { describe, expect, it, vi } from 'vitest';
import { queued } from '../../src/shared/receipt.ts';
import type { JsonObject } from '../../src/shared/types.ts';
import { useFakeClock } from '../fake-clock.ts';
import { Collector, DELIVERED, MemoryStore, OFFLINE, REFUSED, settled } from '../world.ts';
import { createWorld, merged, TIMEOUT, update } from './dispatcher-world.ts';

useFakeClock();

describe('a call', () => {
  it('is stored and sent within its own task', () => {
    const { dispatcher, collector, store } = createWorld();
    void dispatcher.submit(update('a', { n: 1 }));
    expect(store.begun).toHaveLength(1);
    expect(collector.got).toEqual([{ user_id: 'a', metadata: { n: 1 } }]);
  });

  it('stays in the store until the 2xx, and no longer', async () => {
    const { dispatcher, collector, store } = createWorld();
    const receipt = dispatcher.submit(update('a'));
    await settled();
    expect(store.bodies).toHaveLength(1);
    await collector.answer(DELIVERED);
    expect(store.bodies).toEqual([]);
    expect(await receipt).toEqual({ status: 'delivered', httpStatus: 201 });
  });

  it('is confirmed with its touch', async () => {
    const { dispatcher, collector, confirmed } = createWorld();
    void dispatcher.submit({ ...update('a'), touch: 5 });
    await settled();
    expect(confirmed).toEqual([]);
    await collector.answer(DELIVERED);
    expect(confirmed).toMatchObject([{ profile: 'a', touch: 5 }]);
  });

  it('is removed by its own id: what another tab stored meanwhile stays', async () => {
    const { dispatcher, collector, store } = createWorld();
    void dispatcher.submit(update('a'));
    const other = { ...update('a', { of: 'another tab' }), id: 'other' };
    await store.put(other);
    await collector.answer(DELIVERED);
    expect([...store.entries.keys()]).toEqual(['other']);
  });

  it('is removed also when the answer is faster than the store', async () => {
    let stored = () => {};
    const store = new MemoryStore();
    const put = store.put.bind(store);
    store.put = entry => new Promise(resolve => (stored = () => resolve(put(entry))));
    const { dispatcher } = createWorld({ store, collector: new Collector(() => DELIVERED) });
    await dispatcher.submit(update('a'));
    stored();
    await settled();
    expect(store.bodies).toEqual([]);
  });
});

describe('the order', () => {
  it('one request of a profile at a time; what comes meanwhile is merged into the next', async () => {
    const { dispatcher, collector, store } = createWorld();
    const receipts = [{ n: 1 }, { n: 2, a: 1 }, { n: 3 }].map(data => dispatcher.submit(update('a', data)));
    await settled();
    expect(collector.got).toHaveLength(1);
    await collector.answer(DELIVERED);
    expect(collector.got).toEqual([
      { user_id: 'a', metadata: { n: 1 } },
      { user_id: 'a', metadata: { n: 3, a: 1 } },
    ]);
    expect(store.bodies).toHaveLength(2);
    await collector.answer(DELIVERED);
    expect(await Promise.all(receipts)).toEqual(Array(3).fill({ status: 'delivered', httpStatus: 201 }));
    expect(store.bodies).toEqual([]);
  });

  it('two session tokens go in two requests', async () => {
    const { dispatcher, collector } = createWorld();
    const submit = (session_token: string) =>
      dispatcher.submit({ ...update('a'), body: { user_id: 'a', session_token } });
    for (const token of ['1', '2', '3']) void submit(token);
    await collector.answer(DELIVERED);
    await collector.answer(DELIVERED);
    expect(collector.got.map(body => body.session_token)).toEqual(['1', '2', '3']);
  });

  it('another profile does not wait', () => {
    const { dispatcher, collector } = createWorld();
    for (const name of ['a', 'b', 'a', 'c']) void dispatcher.submit(update(name));
    expect(collector.got.map(body => body.user_id)).toEqual(['a', 'b', 'c']);
  });

  it('calls of one millisecond keep their order through the store', async () => {
    const { dispatcher, store } = createWorld();
    for (let n = 0; n < 12; n++) void dispatcher.submit(update('a', { n }));
    await settled();
    const inOrder = [...store.entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(merged(inOrder.map(({ body }) => body))).toMatchObject({ metadata: { n: 11 } });
    expect(inOrder.map(({ body }) => (body.metadata as JsonObject).n)).toEqual([...Array(12).keys()]);
  });
});

describe('a refusal', () => {
  it('is final: the update is dropped, and the next one goes on', async () => {
    const { dispatcher, collector, store } = createWorld();
    const [bad, good] = [
      dispatcher.submit(update('a', { bad: 1 })),
      dispatcher.submit(update('a', { good: 1 })),
    ];
    await collector.answer(REFUSED);
    expect(await bad).toMatchObject({ status: 'dropped', reason: 'http', httpStatus: 400 });
    expect(collector.got[1]).toMatchObject({ metadata: { good: 1 } });
    await collector.answer(DELIVERED);
    expect(await good).toMatchObject({ status: 'delivered' });
    expect(store.bodies).toEqual([]);
  });

  it('of merged updates sends them one by one, and drops only the guilty one', async () => {
    const isBad = (body: JsonObject) => 'bad' in (body.metadata as JsonObject);
    const collector = new Collector(() => undefined);
    const { dispatcher, store, confirmed } = createWorld({ collector });
    const receipts = [{ first: 1 }, { a: 1 }, { bad: 1 }, { c: 1 }].map(data =>
      dispatcher.submit(update('a', data)),
    );
    collector.rule = body => (isBad(body) ? REFUSED : DELIVERED);
    await collector.answer(DELIVERED);
    const statuses = (await Promise.all(receipts)).map(({ status }) => status);
    expect(statuses).toEqual(['delivered', 'delivered', 'dropped', 'delivered']);
    expect(merged(confirmed.map(({ body }) => body)).metadata).toEqual({ first: 1, a: 1, c: 1 });
    await settled();
    expect(store.bodies).toEqual([]);
  });
});

describe('the receipt', () => {
  it('of a failed attempt is queued, and the update stays', async () => {
    const { dispatcher, store } = createWorld({ collector: new Collector(() => OFFLINE) });
    expect(await dispatcher.submit(update('a'))).toMatchObject({ status: 'queued', reason: 'network' });
    expect(store.bodies).toHaveLength(1);
  });

  it('is queued only when a store has the update', async () => {
    let stored = () => {};
    const store = new MemoryStore();
    store.put = () => new Promise<void>(resolve => (stored = resolve));
    const { dispatcher } = createWorld({ store, collector: new Collector(() => OFFLINE) });
    const answered = vi.fn();
    void dispatcher.submit(update('a')).then(answered);
    await settled();
    expect(answered).not.toHaveBeenCalled();
    stored();
    await settled();
    expect(answered).toHaveBeenCalledWith(queued('network'));
  });

  it('is queued at the timeout, and not before', async () => {
    const { dispatcher } = createWorld();
    const answered = vi.fn();
    void dispatcher.submit(update('a')).then(answered);
    await vi.advanceTimersByTimeAsync(TIMEOUT - 1);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toHaveBeenCalledWith(queued('timeout'));
  });

  it('of an update that waits behind another is answered with that one’s failure', async () => {
    const { dispatcher, collector } = createWorld();
    const receipts = [dispatcher.submit(update('a')), dispatcher.submit(update('a'))];
    await collector.answer(OFFLINE);
    expect(await Promise.all(receipts)).toEqual(Array(2).fill(queued('network')));
  });

  it('says so where no store took an update that is not delivered', async () => {
    const store = new MemoryStore();
    store.isBlocked = true;
    const { dispatcher, collector } = createWorld({ store });
    const [failed, delivered] = [dispatcher.submit(update('a')), dispatcher.submit(update('b'))];
    await collector.answer(OFFLINE);
    await collector.answer(DELIVERED);
    expect(await failed).toMatchObject({ status: 'queued', reason: 'storage-blocked' });
    expect(await delivered).toEqual({ status: 'delivered', httpStatus: 201 });
  });
});
