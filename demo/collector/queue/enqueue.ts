import type { PersonQuery } from '../database/person.ts';
import { inTurns } from '../turns.ts';
import { type Enqueued, packDeletion, packUpdates } from './message.ts';
import type { Stream } from './stream.ts';

/** Puts the items of a request into the queue. Resolves when all are stored there. */
export type Enqueue = (request: Enqueued) => Promise<undefined>;

/** The way into the queue. */
export interface Entrance {
  enqueue: Enqueue;
  /** Has a person or company deleted, after all that is in the queue by now. */
  enqueueDeletion(person: PersonQuery): Promise<void>;
}

/** Creates the way into the queue. Its functions reject with an HttpError, 413 or 503, where something is not stored. */
export function createEntrance(stream: Pick<Stream, 'maxPayload' | 'publish'>): Entrance {
  return {
    enqueue: async request => {
      // One after the other: should one be published twice, it must not change places with the next.
      for (const packed of await inTurns(packUpdates(request, stream.maxPayload)))
        await stream.publish(packed);
      return undefined;
    },
    enqueueDeletion: person => stream.publish(packDeletion(person)),
  };
}
