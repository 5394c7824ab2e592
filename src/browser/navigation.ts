import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/**
 * Calls `changed` when a single-page app changes the URL of the page, until the signal is aborted. Steps back and
 * forward lead to where the visitor has been, and are not reported. Where the Navigation API is missing, steps
 * between hashes are.
 *
 * The Navigation API reports every change. Where it is missing, `history.pushState` and `replaceState` are wrapped;
 * other code may wrap them as well, before or after. A change of the hash alone shows as `hashchange`.
 */
export function onUrlChange(changed: () => void, signal: AbortSignal): void {
  const navigation = navigationApi();
  if (navigation) {
    const listener = (event: NavigationCurrentEntryChangeEvent) =>
      event.navigationType === 'traverse' || changed();
    navigation.addEventListener('currententrychange', listener, { signal });
    return;
  }
  addEventListener('hashchange', changed, { signal });
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    const wrapped: typeof original = (...parameters) => {
      original.apply(history, parameters);
      if (!signal.aborted) changed();
    };
    history[name] = wrapped;
    signal.addEventListener('abort', () => {
      // Code that wrapped ours holds on to our function: it stays, and only passes calls on.
      if (history[name] === wrapped) history[name] = original;
    });
  }
}

/**
 * Calls `leaving` with the address this tab is being sent to, by link, form or script, until the signal is aborted.
 *
 * Not seen: what another frame or the address bar does, and where a redirect leads in the end. Where the Navigation
 * API is missing, a script's own navigation is not seen, either.
 */
export function onLeaving(leaving: (url: string) => void, signal: AbortSignal): void {
  const navigation = navigationApi();
  if (navigation) {
    const listener = ({ destination }: NavigateEvent) => destination.sameDocument || leaving(destination.url);
    navigation.addEventListener('navigate', listener, { signal });
    return;
  }
  // By attributes: a form's fields hide its properties (`<input name="action">`).
  for (const [type, name] of [
    ['click', 'href'],
    ['submit', 'action'],
  ] as const) {
    const listener = (event: Event) =>
      // A field may hide the methods, too, a click may have no element, and an address may be none.
      tryOrUndefined(() => {
        const { submitter, target } = event as SubmitEvent;
        const address =
          submitter?.getAttribute('formaction') ??
          (target as Element).closest(`[${name}]`)?.getAttribute(name);
        if (address != null) leaving(`${new URL(address, document.baseURI)}`);
      });
    addEventListener(type, listener, { signal });
  }
}

/** Returns the Navigation API; undefined where the browser has none. */
const navigationApi = (): Navigation | undefined => window.navigation;
