import { optionsFromDataset } from './options.ts';
import { noteLanding } from './page.ts';

/** What the loader snippet leaves: the calls made so far, each with how to answer it. */
type Queue = [name: string, parameters: unknown[], answer: (result: unknown) => void][];
type Api = Record<string, (...parameters: unknown[]) => unknown>;
type Stub = { [name: string]: Api[string] } & { q?: Queue; l?: string };

/** Mounts the API as a global variable, begins by the script tag's attributes, and runs what waits in the snippet's stub. */
export function takeOver(api: object, name: string, dataset: DOMStringMap | undefined): void {
  const page = window as unknown as Record<string, Stub>;
  const stub = page[name];
  // A second copy of the script leaves the first in place.
  const taken = stub && !stub.q ? stub : Object.assign(stub ?? {}, api as Api);
  const queue: Queue = stub?.q ?? [];
  noteLanding(stub?.l);
  // Whoever kept a reference to the snippet's object has the real one now.
  delete taken.q;
  delete taken.l;
  page[name] = taken;

  if (dataset?.applicationId || dataset?.relay)
    queue.unshift(['init', [optionsFromDataset({ ...dataset })], () => {}]);

  for (const [method, parameters, answer] of queue) {
    try {
      answer(taken[method]?.(...parameters));
    } catch (error) {
      // One bad call must not stop those behind it.
      console.error(error);
    }
  }
}
