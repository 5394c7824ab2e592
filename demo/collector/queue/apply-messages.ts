import type { JsMsg } from '@nats-io/jetstream';
import { notifyOfDeletion } from '../database/change-feed.ts';
import { type Database, isFull, isUnreachable } from '../database/database.ts';
import { deletePerson } from '../database/deletion.ts';
import { movePosition, Overtaken, readPosition, type Step } from '../database/positions.ts';
import type { Writer } from '../database/writer.ts';
import { HttpError } from '../http-error.ts';
import { type AnyEndpoint, ENDPOINTS, type Person, toJob } from '../profiles/endpoints.ts';
import type { Key } from '../profiles/rows.ts';
import { inTurns } from '../turns.ts';
import { type DeletionMessage, type Message, type UpdatesMessage, unpack } from './message.ts';

/** Attempts to write a message that fails, while the database can be reached. Then it is left out. */
const MAX_ATTEMPTS = 5;

/** Where messages are written. */
export interface Target {
  database: Database;
  writer: Writer;
  /** Is told whose profile has changed. */
  publish(change: Person & { application_id: string }): void;
  /** Is told of a message that is left out for good. */
  onRefused(message: Pick<Message, 'applicationId'> | undefined, sequence: number, reason: string): void;
}

/** Messages by their application, in their order. */
export type Messages = ReadonlyMap<string, Numbered[]>;

interface Numbered<Kind = Message> {
  sequence: number;
  size: number;
  message: Kind;
}

/**
 * Writes messages of one part, of which none before is missing. Those that are written already are left out. Rejects
 * where the database can't be reached: the same messages are to be given again.
 */
export class MessageWriter {
  readonly #target: Target;
  /** How often the message failed that is the next of its application. */
  readonly #attempts = new Map<string, { sequence: number; count: number }>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Reads messages as they come from the stream. Those that are none are left out, and told. */
  read(raw: readonly JsMsg[]): Promise<Messages> {
    return inTurns(this.#unpackAll(raw));
  }

  /** `stream` is the identity of the stream that the messages are from. */
  async write(stream: string, messages: Messages): Promise<void> {
    const written = [...messages].map(async ([applicationId, messages]) => {
      while (!(await this.#writeSome(applicationId, stream, messages)));
    });
    const failed = (await Promise.allSettled(written)).find(result => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  *#unpackAll(raw: readonly JsMsg[]): Generator<void, Messages, void> {
    const byApplication = new Map<string, Numbered[]>();
    for (const one of raw) {
      try {
        const message = unpack(one.string());
        const numbered = { message, sequence: one.seq, size: one.data.length };
        const messages = byApplication.get(message.applicationId);
        if (messages) messages.push(numbered);
        else byApplication.set(message.applicationId, [numbered]);
      } catch (error) {
        this.#target.onRefused(undefined, one.seq, (error as Error).message);
      }
      yield;
    }
    return byApplication;
  }

  /** Writes what it can up to the next deletion. Returns whether all is written. */
  async #writeSome(applicationId: string, stream: string, messages: Numbered[]): Promise<boolean> {
    const position = await readPosition(this.#target.database, applicationId, stream);
    const left = messages.filter(({ sequence }) => sequence > position);
    const [first] = left;
    if (!first) return true;
    let after = position;
    const step = ({ sequence }: Numbered): Step => {
      const made = { stream, after, sequence };
      after = sequence;
      return made;
    };
    const failures = new Map<number, unknown>();
    if (isDeletion(first)) {
      await this.#delete(first, step(first)).catch(error => failures.set(first.sequence, error));
    } else {
      const until = left.findIndex(isDeletion);
      const updates = (until === -1 ? left : left.slice(0, until)) as Numbered<UpdatesMessage>[];
      await Promise.all(
        updates.map(one => this.#update(one, step(one)).catch(error => failures.set(one.sequence, error))),
      );
    }
    const reached = await readPosition(this.#target.database, applicationId, stream);
    for (const { sequence, message } of left) {
      const error = failures.get(sequence);
      // The others of its group are written, and the position is past it: it will not be written.
      if (sequence <= reached && failures.has(sequence) && !isPassing(error))
        this.#target.onRefused(message, sequence, sentenceOf(error));
    }
    const next = left.find(({ sequence }) => sequence > reached && failures.has(sequence));
    if (next) {
      const { sequence } = next;
      await this.#fail(next, failures.get(sequence), { stream, after: reached, sequence });
    }
    return reached >= (left.at(-1) as Numbered).sequence;
  }

  async #update({ message, size }: Numbered<UpdatesMessage>, step: Step): Promise<void> {
    const { applicationId, name, items, now, isBatch } = message;
    const endpoint = ENDPOINTS[name] as unknown as AnyEndpoint;
    const job = toJob(endpoint, { items, now, isBatch, size });
    const results = await this.#target.writer.write(applicationId, { ...job, step });
    for (const result of results) {
      const person = endpoint.person(result);
      if (person) {
        const { user_id, anonymous_id } = person;
        this.#target.publish({ application_id: applicationId, user_id, anonymous_id });
      }
    }
  }

  async #delete(
    { message: { applicationId, deletion } }: Numbered<DeletionMessage>,
    step: Step,
  ): Promise<void> {
    const { database, writer, publish } = this.#target;
    let keys: Key[] = [];
    await database.transaction(async query => {
      // First: whoever was overtaken must not delete what came later.
      await movePosition(query, applicationId, step);
      keys = (await deletePerson({ query }, deletion)).keys;
    });
    writer.forget(applicationId, keys);
    const user_id = keys.find(({ kind }) => kind === 'user')?.id ?? null;
    const anonymous_id = keys.find(({ kind }) => kind === 'anonymous')?.id ?? null;
    publish({ application_id: applicationId, user_id, anonymous_id });
    await notifyOfDeletion(database);
  }

  /** Leaves a message out that has failed too often. Rejects where all are to be tried again. */
  async #fail({ message, sequence }: Numbered, error: unknown, step: Step): Promise<void> {
    if (isPassing(error)) throw error;
    const { applicationId } = message;
    const before = this.#attempts.get(applicationId);
    const count = before?.sequence === sequence ? before.count + 1 : 1;
    this.#attempts.set(applicationId, { sequence, count });
    if (count < MAX_ATTEMPTS) throw error;
    await movePosition(this.#target.database.query, applicationId, step);
    this.#attempts.delete(applicationId);
    this.#target.onRefused(message, sequence, sentenceOf(error));
  }
}

function isDeletion(one: Numbered): one is Numbered<DeletionMessage> {
  return 'deletion' in one.message;
}

/** Checks whether the same messages may be written the next time. Where it is passed already, another worker did it. */
function isPassing(error: unknown): boolean {
  if (error instanceof HttpError) return error.status === 503;
  return error instanceof Overtaken || isUnreachable(error) || isFull(error);
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
