import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { HttpError } from '../http-error.ts';
import { createStream, STREAM, SUBJECT, toOptions } from './create-stream.ts';
import { gather } from './gather.ts';
import type { Packed } from './message.ts';

/** Milliseconds for one attempt to publish, and for all of them. An election in the cluster takes some seconds. */
const ATTEMPT = 2500;
const PATIENCE = 10_000;
/** Bytes that are read ahead. */
const READ_AHEAD = 8 * 1024 * 1024;

/** What waits in the queue. */
export interface Depth {
  messages: number;
  bytes: number;
  max_bytes: number;
  /** Seconds for which the oldest has waited. */
  oldest_seconds: number;
  replicas: number;
}

/** The stream of NATS JetStream between ingest and workers. */
export class Stream {
  readonly #connection: NatsConnection;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  #maxPayload: number;

  private constructor(connection: NatsConnection, manager: JetStreamManager) {
    this.#connection = connection;
    this.#client = jetstream(connection);
    this.#manager = manager;
    this.#maxPayload = connection.info?.max_payload ?? 0;
  }

  /**
   * Connects to the servers of `url` (`nats://host:port`, several with commas between them), and creates the stream
   * where there is none. Rejects where no server can be reached, or has no JetStream, or no room for `maxBytes`.
   */
  static async open(url: string, maxBytes: number): Promise<Stream> {
    const connection = await connect({
      name: 'utmost-collector',
      ...toOptions(url),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
    });
    try {
      const manager = await jetstreamManager(connection);
      await createStream(connection, manager, maxBytes);
      return new Stream(connection, manager);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Bytes of a message at most. */
  get maxPayload(): number {
    // Not known while it reconnects: what is too large is refused for good, so that the last word counts.
    this.#maxPayload = this.#connection.info?.max_payload || this.#maxPayload;
    return this.#maxPayload;
  }

  /**
   * Resolves when the message is stored, on most of the replicas where there are several. Throws an HttpError with status
   * 503 where it is not known to be.
   */
  async publish({ id, partition, payload }: Packed): Promise<void> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      try {
        const options = { msgID: id, timeout: ATTEMPT, expect: { streamName: STREAM } };
        await this.#client.publish(`${SUBJECT}.${partition}`, payload, options);
        return;
      } catch (error) {
        if (isFull(error)) throw new HttpError(503, 'The queue is full. Send it again later.');
        if (Date.now() > end) throw new HttpError(503, 'The queue can not be reached. Send it again.');
        await sleep(100);
      }
    }
  }

  /** Returns a name of this very stream: one that is made again after a loss counts from 1 again. */
  async identity(): Promise<string> {
    return (await this.#manager.streams.info(STREAM)).created;
  }

  /** Reads what is in a part, in the order of the stream, from its oldest message on, until the signal. */
  async *read(partition: number, signal: AbortSignal): AsyncGenerator<JsMsg[], void, void> {
    const consumer = await this.#client.consumers.get(STREAM, {
      filter_subjects: `${SUBJECT}.${partition}`,
      deliver_policy: DeliverPolicy.All,
    });
    const messages = await consumer.consume({
      max_bytes: Math.max(READ_AHEAD, 4 * this.maxPayload),
      expires: 6000,
      idle_heartbeat: 1500,
      abort_on_missing_resource: true,
    });
    const stop = () => messages.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (!signal.aborted) yield* gather(messages);
    } finally {
      signal.removeEventListener('abort', stop);
      await messages.close();
      await consumer.delete().catch(() => {});
    }
  }

  /** Removes the messages of a part up to this one. */
  async purge(partition: number, sequence: number): Promise<void> {
    await this.#manager.streams.purge(STREAM, { filter: `${SUBJECT}.${partition}`, seq: sequence + 1 });
  }

  async depth(): Promise<Depth> {
    const { state, config } = await this.#manager.streams.info(STREAM);
    const { messages, bytes } = state;
    const age = messages > 0 ? Math.round((Date.now() - Date.parse(state.first_ts)) / 1000) : 0;
    return {
      messages,
      bytes,
      max_bytes: config.max_bytes,
      oldest_seconds: Math.max(0, age),
      replicas: config.num_replicas,
    };
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** Checks whether the stream, or the disk or account it is in, takes no more. */
function isFull(error: unknown): boolean {
  return error instanceof JetStreamApiError && [10_002, 10_023, 10_047, 10_077].includes(error.code);
}
