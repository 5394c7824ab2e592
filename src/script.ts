import utmost from './index.ts';
import { optionsFromDataset } from './options.ts';

/** What the loader snippet leaves: the calls made so far, each with how to answer it. */
type Queue = [name: string, parameters: unknown[], answer: (result: unknown) => void][];
type Api = Record<string, (...parameters: unknown[]) => unknown>;
type Stub = Api & { q?: Queue };

const page = window as unknown as { utmost?: Stub };
const stub = page.utmost;
// A second copy of the script leaves the first in place.
const taken = stub && !stub.q ? stub : Object.assign(stub ?? {}, utmost as unknown as Api);
const queue: Queue = stub?.q ?? [];
// Whoever kept a reference to the snippet's object has the real one now.
delete taken.q;
page.utmost = taken;

const { dataset } = document.currentScript ?? {};
if (dataset?.applicationId || dataset?.relay)
  queue.unshift(['init', [optionsFromDataset({ ...dataset })], () => {}]);

for (const [name, parameters, answer] of queue) {
  try {
    answer(taken[name]?.(...parameters));
  } catch (error) {
    // One bad call must not stop those behind it.
    console.error(error);
  }
}
