/**
 * Calls `changed` when a single-page app changes the URL of the page, until the signal is aborted. Steps back and
 * forward lead to where the visitor has been, and are not told (but for steps between hashes, where the Navigation API
 * is missing).
 *
 * The Navigation API tells of every change. Where it is missing, `history.pushState` and `replaceState` are
 * wrapped: other code may wrap them as well, before or after. A change of the hash alone shows as `hashchange`.
 */
export function onUrlChange(changed: () => void, signal: AbortSignal): void {
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) {
    const listener = (event: { navigationType?: string }) => event.navigationType === 'traverse' || changed();
    navigation.addEventListener('currententrychange', listener as () => void, { signal });
    return;
  }
  addEventListener('hashchange', changed, { signal });
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    const wrapped: typeof original = function (this: History, ...parameters) {
      original.apply(this, parameters);
      if (!signal.aborted) changed();
    };
    history[name] = wrapped;
    signal.addEventListener('abort', () => {
      // Somebody who wrapped us holds on to our function: it stays, as a mere passage.
      if (history[name] === wrapped) history[name] = original;
    });
  }
}
