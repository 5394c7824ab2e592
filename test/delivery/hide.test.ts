import { describe, expect, it, vi } from 'vitest';
import { useFakeClock } from '../fake-clock.ts';
import { busy, Collector, DELIVERED, MemoryStore, OFFLINE, settled } from '../world.ts';
import { createWorld, merged, update } from './dispatcher-world.ts';

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

useFakeClock();

describe('when the page is hidden or left', () => {
  it.each([false, true])('what waits behind a request goes out merged, and stays (left: %s)', async left => {
    const { dispatcher, collector, page, store } = createWorld();
    for (const n of [1, 2, 3]) void dispatcher.submit(update('a', { n, [`k${n}`]: 1 }));
    await settled();
    page.hide(left);
    expect(collector.got).toHaveLength(1);
    expect(collector.sentOnExit).toEqual([{ user_id: 'a', metadata: { n: 3, k2: 1, k3: 1 } }]);
    expect(store.bodies).toHaveLength(3);
  });

  it('what is under way is not sent twice', async () => {
    const { dispatcher, collector, page } = createWorld();
    void dispatcher.submit(update('a'));
    page.hide();
    expect(collector.sentOnExit).toEqual([]);
  });

  it('nor when the browser tells the page that is left that it has failed, and goes on with it', async () => {
    const { dispatcher, collector, page } = createWorld();
    void dispatcher.submit(update('a'));
    // Chromium: pagehide, then the rejection, then the page is hidden.
    page.hide(true);
    await collector.answer(OFFLINE);
    page.hide(false);
    expect(collector.sentOnExit).toEqual([]);
  });

  it('what waits for its next attempt goes out without waiting for it', async () => {
    const { dispatcher, collector, page } = createWorld({ collector: new Collector(() => OFFLINE) });
    void dispatcher.submit(update('a'));
    await settled();
    page.hide();
    expect(collector.sentOnExit).toHaveLength(1);
  });

  it('each entry goes out once, though the page is first hidden and then left', async () => {
    const { dispatcher, collector, page } = createWorld();
    void dispatcher.submit(update('a', { n: 1 }));
    void dispatcher.submit(update('a', { n: 2 }));
    page.hide(false);
    page.hide(true);
    expect(collector.sentOnExit).toHaveLength(1);
  });

  it('two session tokens go in two requests', async () => {
    const { dispatcher, collector, page } = createWorld();
    for (const session_token of ['1', '2', '3'])
      void dispatcher.submit({ ...update('a'), body: { user_id: 'a', session_token } });
    page.hide();
    expect(collector.sentOnExit.map(body => body.session_token)).toEqual(['2', '3']);
  });

  it('nothing goes out while the server wants to be left alone', async () => {
    const { dispatcher, collector, page } = createWorld();
    void dispatcher.submit(update('a'));
    await collector.answer(busy(60_000));
    page.hide();
    expect(collector.sentOnExit).toEqual([]);
  });

  it('what was sent so is not taken for delivered: the page that lives on confirms it, in order', async () => {
    const { dispatcher, collector, page, store } = createWorld();
    const receipts = [{ n: 1 }, { n: 2 }].map(data => dispatcher.submit(update('a', data)));
    page.hide(false);
    await collector.answer(DELIVERED);
    expect(store.bodies).toHaveLength(1);
    await collector.answer(DELIVERED);
    expect(await Promise.all(receipts)).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(merged(collector.got).metadata).toEqual({ n: 2 });
    expect(store.bodies).toEqual([]);
  });

  it('what was sent so is confirmed by the next page', async () => {
    const { dispatcher, page, store, locks } = createWorld({ name: 'first' });
    void dispatcher.submit(update('a', { n: 1 }));
    void dispatcher.submit(update('a', { n: 2 }));
    await settled();
    page.hide();
    const next = createWorld({ store, locks, collector: new Collector(() => DELIVERED) });
    await wait(300);
    expect(merged(next.collector.got).metadata).toEqual({ n: 2 });
    expect(store.bodies).toEqual([]);
  });
});

describe('a call made while the page is left', () => {
  it('is sent at once, and put where a write needs no time', async () => {
    const { dispatcher, collector, page, store } = createWorld();
    const put = vi.spyOn(store, 'put');
    page.hide(true);
    void dispatcher.submit(update('a', { last: 'words' }));
    expect(collector.got).toEqual([]);
    expect(collector.sentOnExit).toEqual([{ user_id: 'a', metadata: { last: 'words' } }]);
    expect(put).toHaveBeenCalledWith(expect.anything(), true);
    expect(store.bodies).toHaveLength(1);
  });

  it('is delivered where the page comes back out of the back/forward cache', async () => {
    const { dispatcher, collector, page, store } = createWorld({ store: new MemoryStore() });
    page.hide(true);
    const receipt = dispatcher.submit(update('a'));
    collector.rule = () => DELIVERED;
    page.wake();
    expect(await receipt).toMatchObject({ status: 'delivered' });
    await settled();
    expect(store.bodies).toEqual([]);
    void dispatcher.submit(update('b'));
    await settled();
    expect(collector.got.map(({ user_id }) => user_id)).toEqual(['a', 'b']);
  });
});
