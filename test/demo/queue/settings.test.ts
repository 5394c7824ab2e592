import { expect, it } from 'vitest';
import { isIngestOnly, readQueue } from '../../../demo/queue-settings.ts';

const giveUp = (sentence: string): never => {
  throw new Error(sentence);
};
const read = (env: Record<string, string>) => readQueue(env, giveUp);

it('without QUEUE_URL there is no queue', () => {
  expect(read({ STRICT_TYPES: '1' })).toBeUndefined();
});

it('takes one address or several, and the room for what waits', () => {
  expect(read({ QUEUE_URL: 'nats://one:4222' })).toEqual({ url: 'nats://one:4222', maxBytes: undefined });
  expect(read({ QUEUE_URL: 'nats://a:b@one, tls://two:4222', QUEUE_MAX_BYTES: '5000000' })).toEqual({
    url: 'nats://a:b@one,tls://two:4222',
    maxBytes: 5_000_000,
  });
});

it.each([
  [{ QUEUE_URL: 'one:4222' }, 'nats://one:4222'],
  [{ QUEUE_URL: 'nats://one,' }, 'nats://one:4222'],
  [{ QUEUE_URL: 'http://one' }, 'nats://one:4222'],
  [{ QUEUE_URL: 'nats://one', QUEUE_MAX_BYTES: '1GB' }, 'QUEUE_MAX_BYTES is "1GB"'],
  [{ QUEUE_URL: 'nats://one', STRICT_TYPES: '1' }, 'leave STRICT_TYPES out'],
])('%j is refused with a sentence that tells the fix', (env, sentence) => {
  expect(() => read(env)).toThrow(sentence);
});

it('ROLE=ingest takes updates in only, needs a queue, and is the only role', () => {
  const queue = { url: 'nats://one' };
  expect(isIngestOnly('ingest', queue, giveUp)).toBe(true);
  expect(isIngestOnly('', queue, giveUp)).toBe(false);
  expect(isIngestOnly(undefined, undefined, giveUp)).toBe(false);
  expect(() => isIngestOnly('ingest', undefined, giveUp)).toThrow('QUEUE_URL');
  expect(() => isIngestOnly('worker', queue, giveUp)).toThrow('"ingest"');
});
