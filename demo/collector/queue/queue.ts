import type { Target } from './apply-messages.ts';
import { createEntrance, type Entrance } from './enqueue.ts';
import { Stream } from './stream.ts';
import { QueueWorker } from './worker.ts';

/** Bytes that may wait. Default of `QUEUE_MAX_BYTES`. */
const MAX_BYTES = 2 * 1024 ** 3;

/** The options of a queue. */
export interface QueueOptions {
  /** `nats://host:port`, several with commas between them. */
  url: string;
  /** The bytes that may wait. What is more is answered 503. Default: 2 GiB. */
  maxBytes?: number | undefined;
}

/** Tells in a sentence why the queue can't be used. */
export class QueueError extends Error {
  constructor(cause: Error) {
    const why = cause.message || 'no answer';
    super(
      `The queue of QUEUE_URL can not be used (${why}). It takes a nats-server with JetStream (nats-server -js), or three with a cluster, and room for QUEUE_MAX_BYTES.`,
      { cause },
    );
  }
}

/** A queue before the database. */
export interface Queue {
  stream: Stream;
  entrance: Entrance;
  /** Writes to the database, where this process does. */
  worker?: QueueWorker | undefined;
  /** Begins to write. */
  work(target: Omit<Target, 'onRefused'>): void;
  close(): Promise<void>;
}

/** Connects to the queue. Rejects with a `QueueError` where it can't be used. */
export async function openQueue({ url, maxBytes = MAX_BYTES }: QueueOptions): Promise<Queue> {
  const stream = await Stream.open(url, maxBytes).catch(error => {
    throw new QueueError(error);
  });
  const queue: Queue = {
    stream,
    entrance: createEntrance(stream),
    work: target => {
      queue.worker = new QueueWorker(stream, target);
    },
    close: async () => {
      await queue.worker?.close();
      await stream.close();
    },
  };
  return queue;
}
