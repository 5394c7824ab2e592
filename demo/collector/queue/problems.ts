import { Overtaken } from '../database/positions.ts';

/** What keeps a worker from writing, told on the console once and not with every attempt. */
export class Problems {
  readonly #problems = new Map<number | string, string>();

  /** The sentence of the first one. */
  get first(): string | undefined {
    return this.#problems.values().next().value;
  }

  /** `where` is what has the problem: a part of the stream, or another task. */
  tell(where: number | string, error: unknown): void {
    // Another worker has done it.
    if (error instanceof Overtaken) return;
    const sentence = (error instanceof Error && error.message) || 'no answer';
    if (this.#problems.size === 0) console.error(`The updates of the queue wait: ${sentence}`);
    this.#problems.set(where, sentence);
  }

  settle(where: number | string): void {
    if (this.#problems.delete(where) && this.#problems.size === 0)
      console.error('The updates of the queue are being written again.');
  }
}
