import { setTimeout as sleep } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { MessageWriter, type Target } from './apply-messages.ts';
import { Leases } from './leases.ts';
import { Problems } from './problems.ts';
import { Purger } from './purger.ts';
import type { Stream } from './stream.ts';

/** Milliseconds between two looks at who has which part. */
const RENEWAL = 1500;

/** Milliseconds before what failed is tried again: the first time, and the most. */
const FIRST_PAUSE = 100;
const MAX_PAUSE = 5000;

/** The state of a worker. */
export interface WorkerState {
  /** The parts of the stream that it writes. */
  partitions: number[];
  /** Messages that it has left out since its start, as they can't be written. */
  refused: number;
  /** Why it waits; null while it writes. */
  waits_for: string | null;
}

/** Writes what is in the queue to the database: in the order of each application, and each update once. */
export class QueueWorker {
  readonly #stream: Stream;
  readonly #messages: MessageWriter;
  readonly #leases: Leases;
  readonly #readers = new Map<number, { end: AbortController; ended: Promise<void> }>();
  readonly #end = new AbortController();
  readonly #ended: Promise<void>;
  readonly #problems = new Problems();
  readonly #purger: Purger;
  #refused = 0;

  constructor(stream: Stream, target: Omit<Target, 'onRefused'>) {
    this.#stream = stream;
    this.#purger = new Purger(stream);
    this.#leases = new Leases(target.database);
    this.#messages = new MessageWriter({
      ...target,
      onRefused: (message, sequence, reason) => {
        this.#refused++;
        const whose = message ? ` of the application ${message.applicationId}` : '';
        console.error(`The message ${sequence} of the queue${whose} was left out: ${reason}`);
      },
    });
    this.#ended = this.#share();
  }

  get state(): WorkerState {
    return {
      partitions: [...this.#readers.keys()],
      refused: this.#refused,
      waits_for: this.#problems.first ?? null,
    };
  }

  /** Ends after what is being written, and leaves its parts to the others at once. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#ended;
    await Promise.all([...this.#readers.keys()].map(partition => this.#stop(partition)));
    await this.#purger.end();
    await this.#leases.end().catch(() => {});
  }

  async #share(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        const own = await this.#leases.renew();
        for (const partition of this.#readers.keys()) {
          if (own.has(partition)) continue;
          await this.#stop(partition);
          await this.#leases.release(partition);
        }
        for (const partition of own) this.#start(partition);
        this.#problems.settle('leases');
      } catch (error) {
        this.#problems.tell('leases', error);
      }
      await pause(RENEWAL, signal);
    }
  }

  #start(partition: number): void {
    if (this.#readers.has(partition)) return;
    const end = new AbortController();
    this.#readers.set(partition, { end, ended: this.#read(partition, end.signal) });
  }

  async #stop(partition: number): Promise<void> {
    const reader = this.#readers.get(partition);
    reader?.end.abort();
    await reader?.ended;
    this.#readers.delete(partition);
    this.#problems.settle(partition);
  }

  async #read(partition: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // Asked for anew: the stream may be another since.
        const stream = await this.#stream.identity();
        for await (const group of this.#stream.read(partition, signal)) {
          if (!(await this.#write(partition, stream, group, signal))) break;
          this.#purger.add(partition, (group.at(-1) as JsMsg).seq);
        }
      } catch (error) {
        this.#problems.tell(partition, error);
        await pause(FIRST_PAUSE, signal);
      }
    }
  }

  /** Writes a group, again and again while the database is away. Returns whether it is written. */
  async #write(
    partition: number,
    stream: string,
    group: readonly JsMsg[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const messages = await this.#messages.read(group);
    for (let wait = FIRST_PAUSE; !signal.aborted; wait = Math.min(2 * wait, MAX_PAUSE)) {
      try {
        await this.#messages.write(stream, messages);
        this.#problems.settle(partition);
        return true;
      } catch (error) {
        this.#problems.tell(partition, error);
        await pause(wait * (0.5 + Math.random() / 2), signal);
      }
    }
    return false;
  }
}

/** Waits, and no longer than until the signal. */
const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});
