import { type Campaign, getCampaign } from 'utmost';

/** Longest time between two looks at the client, in milliseconds. */
const LONGEST = 1000;

const listeners = new Set<() => void>();
let campaign: Campaign | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Looks at the client, tells of a change, and looks again: often at first, and then each second. */
function look(wait: number): void {
  const next = getCampaign();
  const isNews = JSON.stringify(next) !== JSON.stringify(campaign);
  timer = setTimeout(look, wait, Math.min(2 * wait, LONGEST));
  if (!isNews) return;
  campaign = next;
  for (const listener of listeners) listener();
}

/** Returns the campaign as it was last seen: the same object until it changes. Undefined before the first look. */
export const seenCampaign = (): Campaign | undefined => campaign;

/**
 * Calls `listener` each time the campaign has changed: when it is known, by a further visit, by consent or a refusal.
 * Not before the next task, so that a component's first render is the server's, and the page's own work comes first.
 *
 * @returns A function that stops it. With the last listener the looking ends.
 */
export function watchCampaign(listener: () => void): () => void {
  // A function of its own: the same listener may come twice.
  const own = () => listener();
  listeners.add(own);
  timer ??= setTimeout(look, 0, 10);
  return () => {
    listeners.delete(own);
    if (listeners.size) return;
    clearTimeout(timer);
    timer = undefined;
  };
}
