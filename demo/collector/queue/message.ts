import { createHash, randomUUID } from 'node:crypto';
import type { PersonQuery } from '../database/person.ts';
import { forItem, HttpError } from '../http-error.ts';
import type { EndpointName } from '../profiles/endpoints.ts';
import type { Sender } from '../profiles/rows.ts';

/**
 * The number of parts of the stream. Each is written by one worker at a time. It is fixed: with another number the
 * updates that wait would be read as those of other parts.
 */
export const PARTITIONS = 16;

/** Items and bytes of a batch that one message holds. */
const MAX_ITEMS = 100;
const MAX_SIZE = 256 * 1024;

/** Bytes of a message that its headers and the names around the items take at most. */
const ENVELOPE = 4096;

/** Updates that were received together. */
export interface UpdatesMessage {
  applicationId: string;
  name: EndpointName;
  /** When they were received, in milliseconds since 1970. */
  now: number;
  isBatch: boolean;
  items: Sender[];
}

/** The deletion of a person or company. It holds for what was received before it, and not for what comes later. */
export interface DeletionMessage {
  applicationId: string;
  deletion: PersonQuery;
}

export type Message = UpdatesMessage | DeletionMessage;

/** A message as it is published. */
export interface Packed {
  /** By this id the stream recognises a message that is sent again within two minutes. */
  id: string;
  partition: number;
  payload: string;
}

/** What is to be put into the queue: the items of one request, parsed, and each as it was sent. */
export interface Enqueued extends UpdatesMessage {
  texts: readonly Buffer[];
}

/**
 * Returns the part of the stream that an application's updates are in. It is one part an application, and not one a
 * profile: a visitor becomes a user by an update that belongs to both, and a token leads from one user to another. Only
 * an order of all of them is that of each.
 */
export function partitionOf(applicationId: string): number {
  return createHash('sha256').update(applicationId).digest().readUInt32BE() % PARTITIONS;
}

/**
 * Packs the items of a request into messages, with a pause after each item. A single item is one message. Throws an
 * HttpError with status 413 for an item that is larger than what the queue takes.
 */
export function* packUpdates(
  { applicationId, name, now, isBatch, items, texts }: Enqueued,
  maxPayload: number,
): Generator<void, Packed[], void> {
  const maxItem = maxPayload - ENVELOPE;
  const packed: Packed[] = [];
  let jsons: string[] = [];
  let from = 0;
  let size = 0;
  const end = (until: number) => {
    if (jsons.length > 0)
      packed.push({
        id: idOf(applicationId, name, items.slice(from, until), texts.slice(from, until)),
        partition: partitionOf(applicationId),
        payload: `${JSON.stringify({ applicationId, name, now, isBatch }).slice(0, -1)},"items":[${jsons.join()}]}`,
      });
    jsons = [];
    from = until;
    size = 0;
  };
  for (const [index, item] of items.entries()) {
    const json = JSON.stringify(item);
    const bytes = Buffer.byteLength(json) + 1;
    if (bytes > maxItem) forItem(isBatch ? index : undefined, () => refuse(maxItem));
    if (jsons.length === MAX_ITEMS || size + bytes > Math.min(maxItem, MAX_SIZE)) end(index);
    jsons.push(json);
    size += bytes;
    yield;
  }
  end(items.length);
  return packed;
}

/** Packs the deletion of a person or company. */
export function packDeletion(deletion: PersonQuery): Packed {
  const { applicationId } = deletion;
  const payload = JSON.stringify({ applicationId, deletion } satisfies DeletionMessage);
  return { id: randomUUID(), partition: partitionOf(applicationId), payload };
}

/** Reads a message. Throws where it is none of ours. */
export function unpack(payload: string): Message {
  const message = JSON.parse(payload) as Partial<UpdatesMessage & DeletionMessage>;
  const isOurs =
    typeof message?.applicationId === 'string' &&
    (Array.isArray(message.items) || message.deletion !== undefined);
  if (!isOurs) throw new Error('The message has no application, or neither items nor a deletion.');
  return message as Message;
}

function refuse(maxItem: number): never {
  throw new HttpError(
    413,
    `With the queue's settings an item must be at most ${Math.floor(maxItem / 1024)} KB.`,
  );
}

/**
 * Returns an id by which what a sender repeats is stored once. It is taken of the content only where each item names its
 * own time or transaction: without them two that are alike are two.
 */
function idOf(applicationId: string, name: EndpointName, items: Sender[], texts: readonly Buffer[]): string {
  const isNamed = (item: Named) => (item.modifiedTime ?? item.transactionId) !== undefined;
  if (!(items as Named[]).every(isNamed)) return randomUUID();
  const hash = createHash('sha256').update(JSON.stringify([applicationId, name]));
  for (const text of texts) hash.update(text).update('\n');
  return hash.digest('base64url');
}

interface Named {
  modifiedTime?: unknown;
  transactionId?: unknown;
}
