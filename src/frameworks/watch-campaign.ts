import { type Campaign, getCampaign } from 'utmost';

/** Longest time between two looks at the client, in milliseconds. A timer's limit is 32 bits. */
const LONGEST = 3_600_000;

/** What may be a choice, a logout or a further visit, here or in another tab. */
const EVENTS = ['click', 'visibilitychange'];

const listeners = new Set<() => void>();
let campaign: Campaign | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Looks at the client, tells of a change, and looks again after a longer time. */
function look(wait: number): void {
  timer = setTimeout(look, wait, Math.min(1.5 * wait, LONGEST));
  const next = getCampaign();
  // The same object until it changes: frameworks compare by identity.
  if (JSON.stringify(next) !== JSON.stringify(campaign)) campaign = next;
  for (const listener of listeners) listener();
}

/** Looks often again, from the next task on. */
function wake(): void {
  clearTimeout(timer);
  timer = setTimeout(look, 0, 10);
}

/** Returns the campaign as it was last seen: the same object until it changes. Undefined before the first look. */
export const seenCampaign = (): Campaign | undefined => campaign;

/**
 * Calls `listener` with the campaign as it is, and at each change: when it is known, by consent, a refusal, a logout or
 * a further visit. The first call comes in a later task, so that a component's first render is the server's.
 *
 * The client is asked in pauses that grow by half each, from 10 milliseconds to an hour. They begin anew with a click,
 * when the tab is hidden or shown, and with a further listener. So a page at rest is left in peace.
 *
 * @param listener Gets the campaign. Undefined where there is none, or none yet.
 * @returns A function that stops it. With the last listener everything ends. On a server nothing is done.
 */
export function watchCampaign(listener: (campaign: Campaign | undefined) => void): () => void {
  if (typeof document === 'undefined') return () => {};
  let told: Campaign | undefined | null = null;
  const own = () => {
    if (told === campaign) return;
    told = campaign;
    listener(told);
  };
  // Captured: a page may stop an event on its way.
  if (!listeners.size) for (const event of EVENTS) document.addEventListener(event, wake, true);
  listeners.add(own);
  wake();
  return () => {
    listeners.delete(own);
    if (listeners.size) return;
    clearTimeout(timer);
    for (const event of EVENTS) document.removeEventListener(event, wake, true);
  };
}
