import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpError } from '../../../../demo/collector/http-error.ts';
import { BodyReader } from '../../../../demo/collector/routes/body-reader.ts';

/** Milliseconds that a body may take, and bytes a millisecond after that. */
const TIMEOUT = 2000;
const RATE = 64;
const MEGABYTE = 2 ** 20;

let server: Server;

beforeAll(async () => {
  const readers = {
    strict: new BodyReader(() => TIMEOUT),
    fair: new BodyReader(bytes => TIMEOUT + bytes / RATE),
  };
  const app = new Hono()
    .post('/:reader/:kind', c =>
      readers[c.req.param('reader') as keyof typeof readers].read(
        c,
        c.req.param('kind') === 'batch',
        async ({ size }) => c.json({ size }, 200),
      ),
    )
    .onError((error, c) => c.json({}, error instanceof HttpError ? error.status : 500));
  server = createServer(getRequestListener(app.fetch));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Sends the beginning of a body. The rest comes with `end`; `status` is that of the answer. */
function begin(path: string, announced: number, sent: string) {
  const { port } = server.address() as AddressInfo;
  const sending = request({ port, path, method: 'POST', headers: { 'Content-Length': announced } });
  const status = new Promise<number | undefined>((resolve, reject) => {
    sending.on('response', answer => resolve(answer.resume().statusCode));
    sending.on('error', reject);
  });
  sending.write(sent);
  return { status, end: (rest: string) => sending.end(rest) };
}

/** A list of texts, of that many bytes. */
function body(size: number): string {
  const texts = `"${'x'.repeat(99_997)}",`.repeat(size / 100_000);
  return `[${texts}"${'x'.repeat(size - texts.length - 4)}"]`;
}
const unended = (size: number) => body(size).slice(0, -1);

it.each([
  ['user', 28, MEGABYTE],
  ['batch', 4, 25 * MEGABYTE],
] as const)('slow senders of a %s hold their room until they are answered 408', async (kind, count, size) => {
  const path = `/strict/${kind}`;
  const senders = Array.from({ length: count + 1 }, () => begin(path, size, unended(size)));
  const answers = await Promise.all(senders.map(({ status }) => status));
  expect(answers).toContain(408);
  // Who comes when all others are there is refused at once.
  for (const status of answers) expect([408, 503]).toContain(status);
  const next = begin(path, MEGABYTE, body(MEGABYTE));
  next.end('');
  expect(await next.status).toBe(200);
});

it('a body that arrives as fast as it must is taken, however long it takes', async () => {
  const size = 4 * TIMEOUT * RATE;
  const sender = begin('/fair/user', size, unended(size));
  await new Promise(resolve => setTimeout(resolve, 1.5 * TIMEOUT));
  sender.end(']');
  expect(await sender.status).toBe(200);
});

it('batches that wait for their end leave updates their room', async () => {
  const size = 25 * MEGABYTE;
  const batches = Array.from({ length: 4 }, () => begin('/fair/batch', size, unended(size)));
  const refused = begin('/fair/batch', size, body(size));
  const update = begin('/fair/user', MEGABYTE, body(MEGABYTE));
  update.end('');
  expect(await update.status).toBe(200);
  expect(await Promise.race([refused.status, ...batches.map(({ status }) => status)])).toBe(503);
});
