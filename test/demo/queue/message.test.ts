import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpError, ItemError } from '../../../demo/collector/http-error.ts';
import { createEntrance } from '../../../demo/collector/queue/enqueue.ts';
import { gather } from '../../../demo/collector/queue/gather.ts';
import {
  PARTITIONS,
  packDeletion,
  packUpdates,
  partitionOf,
  type UpdatesMessage,
  unpack,
} from '../../../demo/collector/queue/message.ts';
import { parseUser } from '../../../demo/collector/routes/body.ts';

const MB = 1024 * 1024;

/** Packs bodies as a request that was received would be. */
function pack(bodies: object[], { isBatch = true, maxPayload = MB, applicationId = 'a', now = 1 } = {}) {
  const texts = bodies.map(body => Buffer.from(JSON.stringify(body)));
  const items = texts.map(text => parseUser(text.toString()));
  const steps = packUpdates({ applicationId, name: 'users', now, isBatch, items, texts }, maxPayload);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const unpackAll = (packed: { payload: string }[]) =>
  packed.map(({ payload }) => unpack(payload) as UpdatesMessage);

describe('packing', () => {
  it('keeps every item and its order, in messages that the queue takes', () => {
    const bodies = fc.array(
      fc.record({
        user_id: fc.string({ minLength: 1, maxLength: 20 }).filter(id => !/[\0\ud800-\udfff]/.test(id)),
        metadata: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.string({ maxLength: 3000 })),
      }),
      { minLength: 1, maxLength: 400 },
    );
    fc.assert(
      fc.property(bodies, fc.integer({ min: 20_000, max: 60_000 }), (list, maxPayload) => {
        const packed = pack(list, { maxPayload });
        for (const { payload } of packed) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(maxPayload);
        const items = unpackAll(packed).flatMap(message => message.items);
        const expected = list.map(body => JSON.parse(JSON.stringify(parseUser(JSON.stringify(body)))));
        expect(items).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('makes one message of a single item, with the time it was received', () => {
    const [message, ...others] = unpackAll(pack([{ user_id: 'u' }], { isBatch: false, now: 42 }));
    expect(others).toEqual([]);
    expect(message).toMatchObject({ applicationId: 'a', name: 'users', now: 42, isBatch: false });
  });

  it('refuses an item that is larger than what the queue takes with a 413 that names it', () => {
    const large = { user_id: 'u', metadata: { text: 'x'.repeat(20_000) } };
    expect(() => pack([{ user_id: 'v' }, large], { maxPayload: 20_000 })).toThrow(ItemError);
    expect(() => pack([large], { maxPayload: 20_000, isBatch: false })).toThrow('at most 15 KB');
    try {
      pack([large], { maxPayload: 20_000 });
    } catch (error) {
      expect((error as HttpError).status).toBe(413);
    }
  });

  it('puts an application into one part of the stream, and many applications into all', () => {
    expect(partitionOf('a')).toBe(partitionOf('a'));
    const parts = new Set(Array.from({ length: 500 }, (_, index) => partitionOf(`app-${index}`)));
    expect(parts.size).toBe(PARTITIONS);
    const person = { applicationId: 'a', name: 'user_id', value: 'u' } as const;
    // A deletion is in the same order as the updates.
    expect(packDeletion(person).partition).toBe(pack([{ user_id: 'u' }])[0]?.partition);
  });
});

describe('the id of a message', () => {
  const idOf = (body: object, applicationId = 'a') => pack([body], { applicationId })[0]?.id;
  const dated = { user_id: 'u', modified_time: '2026-01-01T00:00:00.000Z' };

  it('is the same when a sender repeats an update that names its time', () => {
    expect(idOf(dated)).toBe(idOf(dated));
    expect(idOf(dated)).not.toBe(idOf({ ...dated, metadata: { n: 1 } }));
    expect(idOf(dated)).not.toBe(idOf(dated, 'b'));
  });

  it('is another each time where an update names none: a, b and a again are three', () => {
    expect(idOf({ user_id: 'u' })).not.toBe(idOf({ user_id: 'u' }));
    const [first] = pack([dated, { user_id: 'v' }]);
    const [second] = pack([dated, { user_id: 'v' }]);
    expect(first?.id).not.toBe(second?.id);
  });

  it('is the same for each message of a batch that is sent again', () => {
    const bodies = Array.from({ length: 250 }, (_, n) => ({ ...dated, user_id: `u${n}` }));
    const ids = pack(bodies).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(pack(bodies).map(({ id }) => id)).toEqual(ids);
  });
});

it('a message that is not ours is refused with a sentence', () => {
  for (const payload of ['', '3', 'null', '{}', '{"applicationId":"a"}', '{"items":[]}'])
    expect(() => unpack(payload), payload).toThrow();
});

it('a batch is put into the queue message after message, and stops where one is not stored', async () => {
  const published: string[] = [];
  const entrance = createEntrance({
    maxPayload: MB,
    publish: async ({ payload }) => {
      if (published.length === 1) throw new HttpError(503, 'The queue is full. Send it again later.');
      published.push(payload);
    },
  });
  const texts = Array.from({ length: 250 }, (_, n) => Buffer.from(`{"user_id":"u${n}"}`));
  const items = texts.map(text => parseUser(text.toString()));
  const request = { applicationId: 'a', name: 'users', now: 1, isBatch: true, items, texts } as const;
  await expect(entrance.enqueue(request)).rejects.toThrow('The queue is full');
  expect(published).toHaveLength(1);
});

describe('gathering', () => {
  async function* deliver(sizes: number[]) {
    for (const size of sizes) yield { data: new Uint8Array(size) };
  }
  const groupsOf = async (sizes: number[], most: number) => {
    const groups: number[] = [];
    for await (const group of gather(deliver(sizes), most)) groups.push(group.length);
    return groups;
  };

  it('takes what is there at once, up to the limits of number and bytes, and leaves nothing out', async () => {
    const groups = await groupsOf(new Array(25).fill(1), 10);
    expect(Math.max(...groups)).toBeLessThanOrEqual(10);
    expect(groups.reduce((sum, count) => sum + count, 0)).toBe(25);
    const large = await groupsOf(new Array(6).fill(4 * MB), 10);
    expect(Math.max(...large)).toBeLessThanOrEqual(2);
    expect(large.reduce((sum, count) => sum + count, 0)).toBe(6);
  });

  it('takes no more while a group is being worked on than the one that it has asked for', async () => {
    let taken = 0;
    async function* counted() {
      for (;;) {
        taken++;
        yield { data: new Uint8Array(1) };
      }
    }
    for await (const group of gather(counted(), 5)) {
      const before = taken;
      await new Promise(resolve => setImmediate(resolve));
      expect(taken).toBe(before);
      expect(group).toHaveLength(5);
      break;
    }
  });
});
