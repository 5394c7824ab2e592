import { setTimeout as sleep } from 'node:timers/promises';
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';

/** The names of the stream and, with a number behind it, of its parts. */
export const STREAM = 'utmost-updates';
export const SUBJECT = 'utmost.updates';

/** Milliseconds within which the same message is stored once. */
const DUPLICATE_WINDOW = 120_000;

/** Milliseconds for which a stream that can't be created is tried. */
const PATIENCE = 30_000;

/** The code of an error of JetStream. */
const NOT_FOUND = 10_059;

/** Makes the options of a connection of addresses with commas between them. */
export function toOptions(url: string) {
  const urls = url.split(',').map(text => new URL(text.trim()));
  const [{ username = '', password = '' } = {}] = urls;
  const [user, pass] = [username, password].map(decodeURIComponent);
  return {
    servers: urls.map(({ host }) => host),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    ...(user && (pass ? { user, pass } : { token: user })),
  };
}

/**
 * Creates the stream, or gives it the replicas and the room that it should have now. Tries for half a minute: a cluster
 * that has just started may have too few nodes.
 */
export async function createStream(
  connection: NatsConnection,
  manager: JetStreamManager,
  maxBytes: number,
): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      await ensure(connection, manager, maxBytes);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(250);
    }
  }
}

async function ensure(
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
