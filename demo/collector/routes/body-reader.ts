import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Context } from 'hono';
import { HttpError, throwBadRequest } from '../http-error.ts';
import {
  BODY_TIMEOUT,
  MAX_BATCH_SIZE,
  MAX_HELD_BATCHES,
  MAX_HELD_SIZE,
  MAX_ITEM_SIZE,
  MIN_BODY_RATE,
} from '../limits.ts';
import { inTurns } from '../turns.ts';
import { BodyScanner } from './body-scanner.ts';
import { readEncoding } from './request.ts';

/** Bytes that are looked at before others have their turn. */
const STEP = 64 * 1024;

/** Returns the milliseconds that a body may take of which so many bytes have arrived. */
const timeOf = (bytes: number) => BODY_TIMEOUT + bytes / MIN_BODY_RATE;

/** A body that was read. */
export interface Body {
  /** The items of a batch, or the only one, each as UTF-8. */
  items: Buffer[];
  /** Bytes of all of it, unpacked. */
  size: number;
}

/** Bytes that requests hold together. */
class Room {
  #held = 0;
  constructor(private readonly size: number) {}

  /** Takes bytes for a request. Throws a 503 where there is no room for them. */
  take(held: { size: number }, bytes: number): void {
    if (this.#held + bytes > this.size) {
      // At once, and not when its stream has ended: else all that arrive side by side would be refused.
      this.free(held);
      throw new HttpError(503, 'The collector is busy with other large requests. Send it again.');
    }
    this.#held += bytes;
    held.size += bytes;
  }

  free(held: { size: number }): void {
    this.#held -= held.size;
    held.size = 0;
  }
}

/**
 * Reads bodies, and bounds what those of all requests hold at once. Past that a request is refused with a 503. Of
 * batches over 1 MB one is worked on at a time: the others wait as bytes.
 */
export class BodyReader {
  #updates = new Room(MAX_HELD_SIZE);
  #batches = new Room(MAX_HELD_BATCHES);
  #large: Promise<unknown> = Promise.resolve();
  constructor(private readonly limit = timeOf) {}

  /** Reads the body of a request, and holds it until `work` has ended. */
  async read<Result>(c: Context, isBatch: boolean, work: (body: Body) => Promise<Result>): Promise<Result> {
    const room = isBatch ? this.#batches : this.#updates;
    const held = { size: 0 };
    try {
      const scanner = new BodyScanner(isBatch);
      for await (const chunk of chunksOf(c, isBatch ? MAX_BATCH_SIZE : MAX_ITEM_SIZE, this.limit)) {
        room.take(held, chunk.length);
        await inTurns(scan(scanner, chunk));
      }
      const body = { items: scanner.end(), size: held.size };
      for (const item of body.items) if (!isUtf8(item)) throwBadRequest('The body is not valid UTF-8.');
      if (body.size <= MAX_ITEM_SIZE) return await work(body);
      const result = this.#large.then(() => work(body));
      this.#large = result.catch(() => {});
      return await result;
    } finally {
      room.free(held);
    }
  }
}

function* scan(scanner: BodyScanner, chunk: Buffer): Generator<void, void, void> {
  for (let from = 0; from < chunk.length; from += STEP) {
    scanner.push(chunk.subarray(from, from + STEP));
    yield;
  }
}

/** Reads the bytes of a body, unpacked, as they arrive. Throws a 413 past the limit. */
async function* chunksOf(
  c: Context,
  maxSize: number,
  limit: typeof timeOf,
): AsyncGenerator<Buffer, void, void> {
  const isPacked = readEncoding(c) === 'gzip';
  const bytes = bytesOf(c, maxSize, limit);
  let size = 0;
  for await (const chunk of isPacked ? unpack(bytes) : bytes) {
    size += chunk.byteLength;
    if (size > maxSize) throw tooLarge(maxSize);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

async function* bytesOf(
  c: Context,
  maxSize: number,
  limit: typeof timeOf,
): AsyncGenerator<Uint8Array, void, void> {
  const length = Number(c.req.header('Content-Length') ?? Number.NaN);
  if (length > maxSize) throw tooLarge(maxSize);
  // Node's parser sees to it that a body is as long as announced. Its stream costs more than all else here, so it is left
  // alone where little comes at once.
  if (length <= STEP && c.req.header('Transfer-Encoding') === undefined) {
    yield new Uint8Array(await c.req.arrayBuffer());
    return;
  }
  const reader = c.req.raw.body?.getReader();
  if (!reader) return;
  const begin = Date.now();
  try {
    for (let size = 0; ; ) {
      // Who sends slowly would hold what others need.
      const chunk = await inTime(reader.read(), begin + limit(size) - Date.now());
      if (chunk.done) return;
      size += chunk.value.byteLength;
      if (size > maxSize) throw tooLarge(maxSize);
      yield chunk.value;
    }
  } finally {
    // Not awaited: it waits for a read that is under way.
    reader.cancel().catch(() => {});
  }
}

/** Throws a 408 where the answer takes longer. */
async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const isThere = new AbortController();
  const { signal } = isThere;
  const tooLate = setTimeout(milliseconds, undefined, { signal, ref: false }).then(() => {
    throw new HttpError(408, 'The body does not arrive in time. Send it again.');
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    isThere.abort();
    tooLate.catch(() => {});
  }
}

/** Unpacks no more than is read: of what is refused early, the rest stays packed. */
async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip({ chunkSize: STEP });
  const source = Readable.from(packed, { objectMode: false });
  const ended = pipeline(source, gunzip);
  // Awaited below; an error that comes first must not end the process.
  ended.catch(() => {});
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
    await ended;
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throwBadRequest('The body is not valid gzip.');
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function tooLarge(maxSize: number): HttpError {
  return new HttpError(413, `The body must be at most ${maxSize / 1024 / 1024} MB.`);
}
