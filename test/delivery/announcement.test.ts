import { describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/delivery/outcome.ts';
import type { Entry, JsonObject } from '../../src/shared/types.ts';
import { useFakeClock } from '../fake-clock.ts';
import { Collector, DELIVERED, MemoryStore, OFFLINE, REFUSED, settled } from '../world.ts';
import { createWorld, TIMEOUT, update } from './dispatcher-world.ts';

useFakeClock();

const wait = async (milliseconds: number) => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
};
type Draft = Omit<Entry, 'id'>;
/** What is told of a visitor not identified yet. */
const announcement = (anonymous_id = 'visitor', utm_source = 'a'): Draft => ({
  profile: anonymous_id,
  body: { anonymous_id, campaign: { utm_source } },
  at: Date.now(),
});
/** What tells who that visitor is. */
const login = (more: JsonObject = {}, anonymous_id = 'visitor'): Draft => ({
  profile: 'ada',
  body: { user_id: 'ada', anonymous_id, campaign: { utm_source: 'b' }, ...more },
  at: Date.now(),
});
const left = (draft: Draft, order: number): Entry => ({ ...draft, id: `${Date.now() - 1000}-${order}-gone` });
const who = (bodies: readonly JsonObject[]) => bodies.map(body => body.user_id ?? body.anonymous_id);

describe('an announcement that still waits when its visitor is identified', () => {
  /** A page whose announcement has failed once. */
  async function announced() {
    const world = createWorld();
    const receipt = world.dispatcher.submit(announcement());
    await world.collector.answer(OFFLINE);
    return { ...world, receipt };
  }

  it('waits for that update, and goes when it is confirmed', async () => {
    const { dispatcher, collector, store, page, receipts } = await announced();
    void dispatcher.submit(login());
    page.wake();
    await wait(60_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada']);
    await collector.answer(DELIVERED);
    await wait(60_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada']);
    expect(store.entries.size).toBe(0);
    expect(receipts.at(-1)?.[0]).toEqual(DELIVERED);
  });

  it('waits while that update waits, too', async () => {
    const { dispatcher, collector, store } = await announced();
    void dispatcher.submit(login());
    await collector.answer(OFFLINE);
    collector.rule = () => OFFLINE;
    await wait(60_000);
    expect(who(collector.got).filter(id => id === 'visitor')).toHaveLength(1);
    collector.rule = () => DELIVERED;
    await wait(600_000);
    expect(who(collector.got).filter(id => id === 'visitor')).toHaveLength(1);
    expect(store.entries.size).toBe(0);
  });

  it('goes on if that update is dropped', async () => {
    const { dispatcher, collector, store } = await announced();
    void dispatcher.submit(login());
    await wait(10_000);
    await collector.answer(REFUSED);
    await wait(10_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada', 'visitor']);
    await collector.answer(DELIVERED);
    expect(store.entries.size).toBe(0);
  });

  it('needs no campaign in that update', async () => {
    const { dispatcher, collector, store } = await announced();
    void dispatcher.submit(login({ campaign: {} }));
    void dispatcher.submit({ ...login(), body: { user_id: 'ada', anonymous_id: 'visitor' } });
    collector.rule = () => DELIVERED;
    await collector.answer(DELIVERED);
    await wait(60_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada', 'ada']);
    expect(store.entries.size).toBe(0);
  });

  it('does not wait for another visitor’s, nor for one without an anonymous id', async () => {
    const { dispatcher, collector } = await announced();
    void dispatcher.submit(login({}, 'somebody else'));
    void dispatcher.submit(update('bob'));
    await wait(60_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada', 'bob', 'visitor']);
  });

  it('does not go to the collector beside that update or after it when the page is left', async () => {
    const { dispatcher, collector, page } = await announced();
    void dispatcher.submit(login());
    page.hide();
    expect(who(collector.sentOnExit)).toEqual([]);
    await collector.answer(OFFLINE);
    page.wake();
    page.hide();
    expect(who(collector.sentOnExit)).not.toContain('visitor');
  });

  it('goes when the page is left, where nobody is identified', async () => {
    const { collector, page } = await announced();
    page.hide();
    expect(who(collector.sentOnExit)).toEqual(['visitor']);
  });

  it('that was under way meanwhile and fails is not tried again', async () => {
    const collector = new Collector();
    const answers = new Map<unknown, (outcome: Outcome) => void>();
    const send = (body: JsonObject) => {
      collector.got.push(body);
      return new Promise<Outcome>(resolve => answers.set(body.user_id, resolve));
    };
    const { dispatcher, store } = createWorld({ collector: Object.assign(collector, { send }) });
    void dispatcher.submit(announcement());
    const identified = dispatcher.submit(login());
    answers.get('ada')?.(DELIVERED);
    expect(await identified).toEqual(DELIVERED);
    answers.get(undefined)?.(OFFLINE);
    await wait(600_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada']);
    expect(store.entries.size).toBe(0);
  });

  it('does not keep flush open', async () => {
    const { dispatcher, collector } = await announced();
    void dispatcher.submit(login());
    let isDone = false;
    void dispatcher.flushAll().then(() => {
      isDone = true;
    });
    await collector.answer(DELIVERED);
    await wait(0);
    expect(isDone).toBe(true);
    expect(who(collector.got)).toEqual(['visitor', 'ada']);
  });
});

describe('over pages and tabs', () => {
  it.each([[[1, 2]], [[2, 1]]])(
    'what an earlier page left is sent without the announcement (order %j)',
    async ([one = 0, other = 0]) => {
      const store = new MemoryStore(left(announcement(), one), left(login(), other));
      const { collector } = createWorld({ store });
      collector.rule = () => DELIVERED;
      await wait(60_000);
      expect(who(collector.got)).toEqual(['ada']);
      expect(store.entries.size).toBe(0);
    },
  );

  it('an announcement that an earlier page left goes when the visitor is identified here', async () => {
    const store = new MemoryStore(left(announcement(), 1));
    const { collector, dispatcher } = createWorld({ store });
    void dispatcher.submit(login());
    await wait(1000);
    await collector.answer(DELIVERED);
    await wait(60_000);
    expect(who(collector.got)).toEqual(['ada']);
    expect(store.entries.size).toBe(0);
  });

  it('one that another tab holds goes with an update of this tab', async () => {
    const tab = createWorld();
    const { collector, store, locks } = tab;
    void tab.dispatcher.submit(announcement());
    await collector.answer(OFFLINE);
    const other = createWorld({ collector, store, locks });
    void other.dispatcher.submit(login());
    await collector.answer(DELIVERED);
    tab.page.wake();
    await wait(600_000);
    expect(who(collector.got)).toEqual(['visitor', 'ada']);
    expect(store.entries.size).toBe(0);
  });

  it('one waits for an update that another tab still has to send, and goes on if that is dropped', async () => {
    const tab = createWorld();
    const { collector, store, locks } = tab;
    void tab.dispatcher.submit(announcement());
    await collector.answer(OFFLINE);
    const other = createWorld({ collector, store, locks });
    void other.dispatcher.submit(login());
    tab.page.wake();
    await wait(60_000);
    tab.page.hide(false);
    expect([who(collector.got), who(collector.sentOnExit)]).toEqual([['visitor', 'ada'], []]);
    await collector.answer(REFUSED);
    await wait(2 * TIMEOUT);
    expect(who(collector.got)).toEqual(['visitor', 'ada', 'visitor']);
  });

  it('one goes when another tab has told who the visitor is, though it is still in the store', async () => {
    const identified = new Set<string>();
    const collector = new Collector(() => OFFLINE);
    const { dispatcher, page, store } = createWorld({ collector, identified });
    void dispatcher.submit(announcement());
    await wait(300);
    const tries = collector.got.length;
    expect(store.bodies).toHaveLength(1);
    collector.rule = () => DELIVERED;
    identified.add('visitor');
    page.wake();
    await wait(60_000);
    expect([collector.got.length - tries, store.bodies]).toEqual([0, []]);
  });

  it('flush resolves while another tab’s update holds an announcement back', async () => {
    const tab = createWorld();
    const { collector, store, locks } = tab;
    void tab.dispatcher.submit(announcement());
    await collector.answer(OFFLINE);
    const other = createWorld({ collector, store, locks });
    void other.dispatcher.submit(login());
    await wait(100);
    let isDone = false;
    void tab.dispatcher.flushAll().then(() => {
      isDone = true;
    });
    await wait(0);
    expect(isDone).toBe(true);
  });

  it.each(['all', 'claim'] as const)(
    'one that is found while the update is being confirmed is not sent: %s answers late',
    async call => {
      const store = new MemoryStore(left(announcement(), 1));
      const { dispatcher, collector } = createWorld({ store });
      let answer = () => {};
      const late = new Promise<void>(resolve => {
        answer = resolve;
      });
      const work = store[call].bind(store) as (...given: unknown[]) => Promise<Entry[]>;
      const slow = async (...given: unknown[]) => {
        const result = await work(...given);
        await late;
        return result;
      };
      Object.assign(store, { [call]: slow });
      void dispatcher.submit(login());
      await wait(60);
      await collector.answer(DELIVERED);
      answer();
      collector.rule = () => DELIVERED;
      await wait(60_000);
      expect(who(collector.got)).toEqual(['ada']);
      expect(store.entries.size).toBe(0);
    },
  );

  it('one that is found after an update without a campaign has arrived is not sent', async () => {
    const store = new MemoryStore(left(announcement(), 1));
    const { dispatcher, collector } = createWorld({ store });
    collector.rule = () => DELIVERED;
    await dispatcher.submit({ ...login(), body: { user_id: 'ada', anonymous_id: 'visitor' } });
    await wait(60_000);
    expect(who(collector.got)).toEqual(['ada']);
    expect(store.entries.size).toBe(0);
  });

  it('the receipt of one is told once, however it ends', async () => {
    const collector = new Collector();
    const answers = new Map<unknown, (outcome: Outcome) => void>();
    const send = (body: JsonObject) => new Promise<Outcome>(resolve => answers.set(body.user_id, resolve));
    const { dispatcher, receipts } = createWorld({ collector: Object.assign(collector, { send }) });
    void dispatcher.submit(announcement());
    await wait(0);
    const identified = dispatcher.submit(login());
    answers.get('ada')?.(DELIVERED);
    await identified;
    const final = receipts.filter(([{ status }]) => status === 'delivered');
    expect(final.map(([, { profile }]) => profile).sort()).toEqual(['ada', 'visitor']);
  });
});

describe('flush', () => {
  it.each([
    ['a store that does not answer', { all: () => new Promise<Entry[]>(() => {}) }],
    ['a claim that does not', { claim: () => new Promise<Entry[]>(() => {}) }],
  ])('outlives the timeout for nothing: %s', async (_, calls) => {
    const store = Object.assign(new MemoryStore(left(update('bob'), 1)), calls);
    const { dispatcher } = createWorld({ store });
    let isDone = false;
    void dispatcher.flushAll().then(() => {
      isDone = true;
    });
    await wait(TIMEOUT - 1);
    expect(isDone).toBe(false);
    await wait(1);
    expect(isDone).toBe(true);
  });

  it('does not wait beyond the timeout for a request without an answer', async () => {
    const { dispatcher } = createWorld();
    void dispatcher.submit(update('ada'));
    let isDone = false;
    void dispatcher.flushAll().then(() => {
      isDone = true;
    });
    await wait(TIMEOUT);
    expect(isDone).toBe(true);
  });
});
