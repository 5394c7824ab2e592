import { expect, vi } from 'vitest';
import { patchFetch } from '../../src/capture/patch-fetch.ts';
import type { Observer } from '../../src/capture/types.ts';
import { createObserver } from './capture-world.ts';

export const JSON_TYPE = { 'content-type': 'application/json' };
export const json = (text = '{"a":1}', init: ResponseInit = {}) =>
  new Response(text, { headers: JSON_TYPE, ...init });

/** A page whose `fetch` is that function, patched. */
export function openPage(original: (...parameters: never[]) => unknown, given: Partial<Observer> = {}) {
  const page = {
    fetch: original as typeof fetch,
    Headers,
    document: { baseURI: 'https://example.com/app/' },
  };
  const seen = createObserver(given);
  const stop = patchFetch(page, seen.find);
  const finished = (count = 1) => vi.waitFor(() => expect(seen.finished).toHaveLength(count));
  return { page, stop: () => stop?.(), original, waitForEnd: finished, ...seen };
}
