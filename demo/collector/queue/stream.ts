import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { HttpError } from '../http-error.ts';
import { gather } from './gather.ts';
import type { Packed } from './message.ts';

const STREAM = 'utmost-updates';
const SUBJECT = 'utmost.updates';

/** Milliseconds within which the same message is stored once. */
const DUPLICATE_WINDOW = 120_000;
/** Milliseconds for one attempt to publish, and for all of them. An election in the cluster takes some seconds. */
const ATTEMPT = 2500;
const PATIENCE = 10_000;
/** Milliseconds for which a cluster that has just started may have too few nodes. */
const START_PATIENCE = 30_000;
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
      await patiently(() => createStream(connection, manager, maxBytes));
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

function toOptions(url: string) {
  const urls = url.split(',').map(text => new URL(text.trim()));
  const [{ username = '', password = '' } = {}] = urls;
  const [user, pass] = [username, password].map(decodeURIComponent);
  return {
    servers: urls.map(({ host }) => host),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    ...(user && (pass ? { user, pass } : { token: user })),
  };
}

/** Creates the stream, or gives it the replicas and the room that it should have now. */
async function createStream(
  connection: NatsConnection,
  manager: JetStreamManager,
  maxBytes: number,
): Promise<StreamInfo> {
  const wanted: Partial<StreamConfig> & { name: string } = {
    name: STREAM,
    subjects: [`${SUBJECT}.*`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    // A full stream refuses what is new. The default would drop the oldest, which was acknowledged.
    discard: DiscardPolicy.New,
    max_bytes: maxBytes,
    duplicate_window: nanos(DUPLICATE_WINDOW),
    num_replicas: connection.info?.cluster ? 3 : 1,
  };
  const found = await manager.streams.info(STREAM).catch(error => {
    if (error instanceof JetStreamApiError && error.code === NOT_FOUND) return undefined;
    throw error;
  });
  if (!found) return manager.streams.add(wanted);
  const { max_bytes, num_replicas } = found.config;
  const isRight = max_bytes === wanted.max_bytes && num_replicas === wanted.num_replicas;
  return isRight ? found : manager.streams.update(STREAM, { ...found.config, ...wanted });
}

async function patiently(work: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + START_PATIENCE;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(250);
    }
  }
}

const NOT_FOUND = 10_059;

/** Checks whether the stream, or the disk or account it is in, takes no more. */
function isFull(error: unknown): boolean {
  return error instanceof JetStreamApiError && [10_002, 10_023, 10_047, 10_077].includes(error.code);
}
