import type { Stream } from './stream.ts';

/** Milliseconds between two removals. Each is agreed on by all replicas. */
const PAUSE = 1000;

/** Removes from the stream what is written, from time to time. What it misses is removed with what comes later. */
export class Purger {
  readonly #stream: Pick<Stream, 'purge'>;
  readonly #written = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Pick<Stream, 'purge'>) {
    this.#stream = stream;
  }

  /** Is told that a part is written up to this message. */
  add(partition: number, sequence: number): void {
    this.#written.set(partition, sequence);
    this.#timer ??= setTimeout(() => void this.#purge(), PAUSE);
  }

  /** Removes what is left. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#purge();
    clearTimeout(this.#timer);
  }

  async #purge(): Promise<void> {
    this.#timer = undefined;
    const written = [...this.#written];
    this.#written.clear();
    for (const [partition, sequence] of written) {
      try {
        await this.#stream.purge(partition, sequence);
      } catch {
        // Unless more has been written since.
        if (!this.#written.has(partition)) this.add(partition, sequence);
      }
    }
  }
}
