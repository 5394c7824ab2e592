import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { expect, it, vi } from 'vitest';
import { EventStream } from '../../../../demo/collector/routes/event-stream.ts';

const change = (n: number | string) => ({ application_id: 'a', user_id: `u${n}`, anonymous_id: null });

/** Reads a stream on and on into a list of texts, one a read. */
function follow(response: Response) {
  const texts: string[] = [];
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const ended = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      texts.push(decoder.decode(part.value, { stream: true }));
  })();
  return { texts, ended, cancel: () => reader.cancel() };
}

it('writes the changes of a moment at once, each person once', async () => {
  const events = new EventStream();
  const { texts, cancel } = follow(events.stream());
  for (const n of [1, 2, 1, 1, 2]) events.publish(change(n));
  await expect.poll(() => texts.length).toBe(2);
  expect(texts[1]).toBe(
    ['u1', 'u2']
      .map(id => `event: profile\ndata: {"application_id":"a","user_id":"${id}","anonymous_id":null}\n\n`)
      .join(''),
  );
  events.publish(change(1));
  await expect.poll(() => texts.length).toBe(3);
  await cancel();
  expect(events.size).toBe(0);
});

it('names only some of very many changes', async () => {
  const events = new EventStream();
  const { texts, cancel } = follow(events.stream());
  for (let n = 0; n < 5000; n++) events.publish(change('x'.repeat(500) + n));
  await expect.poll(() => texts.length).toBe(2);
  expect(texts[1]?.length).toBeLessThan(32 * 1024);
  await cancel();
});

it('has an end: of very many streams the next is refused with a sentence', () => {
  const events = new EventStream();
  const streams = Array.from({ length: 1000 }, () => events.stream());
  expect(() => events.stream()).toThrow(/^More than 1000 dashboards are open/);
  for (const { body } of streams) void body?.cancel();
  expect(events.size).toBe(0);
  void events.stream().body?.cancel();
});

it('ends a stream that nobody reads, and not one that is read', async () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => {});
  const events = new EventStream(1);
  const server = createServer(getRequestListener(() => events.stream()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { texts, cancel } = follow(await fetch(`http://127.0.0.1:${port}/`));
  const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
  socket.pause();
  const isClosed = new Promise(resolve => socket.once('close', resolve));
  socket.once('error', () => {});
  await expect.poll(() => events.size).toBe(2);
  for (let round = 0; events.size === 2 && round < 3000; round++) {
    for (let n = 0; n < 40; n++) events.publish(change(`${round}-${n}-${'x'.repeat(400)}`));
    await sleep(3);
  }
  expect(events.size).toBe(1);
  socket.resume();
  await isClosed;
  const before = texts.length;
  events.publish(change('later'));
  await expect.poll(() => texts.length).toBeGreaterThan(before);
  await cancel();
  server.close();
  server.closeAllConnections();
  complain.mockRestore();
}, 60_000);
