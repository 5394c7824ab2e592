import { setTimer } from '../../browser/page.ts';
import { type ClientSource, type Known, readKnown } from './values.ts';

declare global {
  interface DocumentEventMap {
    'utmost:ready': CustomEvent<Known>;
  }
}

/** Longest time between two looks at a client that may not know the visitor yet, in milliseconds. */
const LONGEST = 1000;

export interface AnnounceOptions {
  /** Name of a global array, such as `dataLayer`, that gets the values too. Default: none. */
  dataLayer?: string | undefined;
}

/**
 * Dispatches the event `utmost:ready` on `document`, once, when the campaign is known: after `init`, and once consent
 * allows. With `dataLayer` it also pushes `{ event: 'utmost:ready', utmost: values }` for a tag manager.
 *
 * @param client `utmost`, or what `init` returns; or a function that returns it, and undefined before it is there.
 * @param options Whether a tag manager is told, too.
 * @returns A function that stops waiting. On a server nothing is done.
 */
export function announceCampaign(client: ClientSource, { dataLayer }: AnnounceOptions = {}): () => void {
  let isStopped = !globalThis.window;
  const look = (wait: number) => {
    if (isStopped) return;
    const detail = readKnown(client);
    if (!detail) {
      setTimer(() => look(Math.min(2 * wait, LONGEST)), wait);
      return;
    }
    document.dispatchEvent(new CustomEvent('utmost:ready', { detail }));
    const globals: object = window;
    const page = globals as Record<string, unknown[] | undefined>;
    if (!dataLayer) return;
    page[dataLayer] ??= [];
    page[dataLayer].push({ event: 'utmost:ready', utmost: { ...detail.values } });
  };
  // In a task of its own: who calls this may add a listener next.
  if (!isStopped) setTimer(() => look(10), 0);
  return () => {
    isStopped = true;
  };
}
