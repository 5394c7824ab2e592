import type { QueueOptions } from './collector/queue/queue.ts';

/** Ends the program with a sentence. */
type GiveUp = (sentence: string) => never;

/** Reads the queue before the database, if one is set. */
export function readQueue(env: NodeJS.ProcessEnv, giveUp: GiveUp): QueueOptions | undefined {
  const { QUEUE_URL: text, QUEUE_MAX_BYTES: max } = env;
  if (!text) return undefined;
  const urls = text.split(',').map(url => url.trim());
  if (!urls.every(url => /^(nats|tls):\/\/[^\s/]+$/.test(url) && URL.canParse(url)))
    giveUp('QUEUE_URL must be the address of a nats-server, or several: nats://one:4222,nats://two:4222');
  if (env.STRICT_TYPES === '1')
    giveUp(
      'With QUEUE_URL nobody can be told of a wrong type in time to send it again: leave STRICT_TYPES out.',
    );
  if (max && !/^[1-9]\d{6,14}$/.test(max))
    giveUp(`QUEUE_MAX_BYTES is "${max}", but takes a whole number of bytes, at least 1000000`);
  return { url: urls.join(), maxBytes: max ? Number(max) : undefined };
}

/** Reads whether this process only takes updates in. */
export function isIngestOnly(
  role: string | undefined,
  queue: QueueOptions | undefined,
  giveUp: GiveUp,
): queue is QueueOptions {
  if (!role) return false;
  if (role !== 'ingest') giveUp(`ROLE is "${role}", but takes "ingest", or is left out for all of the work`);
  return queue !== undefined || giveUp('ROLE=ingest needs QUEUE_URL, the queue for what it takes in');
}
