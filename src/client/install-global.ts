import { noteLanding, setTimer } from '../browser/page.ts';
import { findTags, readDataAttributes } from '../options/data-attributes.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { readAskedDebug } from './debug.ts';
import { KEY, type Startable } from './one-client.ts';
import { remindOfInit } from './remind.ts';

declare const VERSION: string;

/** Calls that the loader snippet has kept, each with a way to answer it. */
type Queue = [name: string, parameters: unknown[], answer?: (result: unknown) => void][];
type Method = (...parameters: unknown[]) => unknown;
type Stub = { [name: string]: unknown; q?: Queue; l?: string; [KEY]?: Startable[typeof KEY] };

/**
 * Loads the panel, which opens, from beside this script. An import has the script's nonce, and needs no Trusted Types.
 * Loaded, the panel replaces this function by its own.
 */
// @ts-expect-error: the file is there where this one is, in dist/.
const panel = (): Promise<unknown> => import('./utmost.panel.min.js');

/** Milliseconds that page code has for its `init` once the page has loaded. */
const PATIENCE = 2000;

/**
 * Mounts the API as a global variable, begins with the script tag's options, and runs the calls that wait in the
 * snippet's stub. `names`: the names of all options, where there are more than the core's.
 */
export function installGlobal(api: Startable, name = 'utmost', names?: string[]): void {
  const page = window as typeof window & Record<string, Stub | undefined>;
  const found = page[name];
  // An element with that id or name, and another library, are no stub.
  const stub = tryOrUndefined(() => (Array.isArray(found?.q) || found?.[KEY]) && found);
  // Code that kept a reference to the snippet's object has the real one now.
  const taken: Stub = Object.assign(stub || {}, api, { version: VERSION, panel });
  const { q: queue = [], l } = taken;
  noteLanding(l);
  delete taken.q;
  delete taken.l;
  page[name] = taken;

  const tags = findTags();
  // Tags other than the script's own count only where nothing else has begun the client, or is about to.
  const isOpen = !api[KEY]() && !queue.some(([method]) => method === 'init');
  const options = tags
    .slice(0, isOpen ? undefined : 1)
    .map(tag => readDataAttributes(tag, names))
    .find(({ applicationId, relay }) => applicationId || relay);
  if (options) queue.unshift(['init', [options]]);

  for (const [method, parameters, answer] of queue) {
    try {
      const result = (taken[method] as Method | undefined)?.(...parameters);
      answer?.(result);
    } catch (error) {
      // One bad call must not stop those behind it.
      console.error((error as Error).message);
    }
  }
  if (readAskedDebug(location.href) === 'panel') void panel();
  const remind = () => {
    if (document.readyState !== 'complete') return void setTimer(remind, PATIENCE);
    if (!api[KEY]()) remindOfInit((tags[0] ?? tags[1])?.outerHTML?.slice(0, 300));
    // An earlier page of the session may have been asked. Nobody waits for that.
    if (api[KEY]()?.debug === 'panel') void panel();
  };
  setTimer(remind, PATIENCE);
}
