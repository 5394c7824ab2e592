import { randomBytes } from 'node:crypto';
import { createCollector } from './collector/app.ts';
import { openQueue, type QueueOptions } from './collector/queue/queue.ts';
import { startHttp } from './http-server.ts';
import type { DemoOptions } from './server.ts';
import { visitorAddress } from './visitor-address.ts';

/** The running ingest. */
export interface Ingest {
  port: number;
  /** The secret for deleting. */
  readToken: string;
  close(): Promise<void>;
}

/** The options of the ingest. */
export interface IngestOptions
  extends Pick<DemoOptions, 'port' | 'applicationIds' | 'readToken' | 'hosts' | 'trustProxy'> {
  queue: QueueOptions;
}

/**
 * Starts the part of the collector that takes updates in, and puts them into the queue. It has neither database nor pages
 * and keeps nothing itself, so there may be any number. Rejects with Node's error if the port can't be had.
 */
export async function startIngest({
  port,
  queue: options,
  trustProxy = 0,
  ...rest
}: IngestOptions): Promise<Ingest> {
  const server = await startHttp(port ?? 0);
  const queue = await openQueue(options).catch(async error => {
    await server.stop();
    throw error;
  });
  const readToken = rest.readToken ?? randomBytes(24).toString('base64url');
  server.serve(createCollector({ ...rest, readToken, queue, addressOf: c => visitorAddress(c, trustProxy) }));
  let closed: Promise<void> | undefined;
  return {
    port: server.port,
    readToken,
    close: () => {
      closed ??= server.stop().then(() => queue.close());
      return closed;
    },
  };
}
