/** Goes to another address of the app without loading a page. */
export type Navigate = (path: string, options?: { replace?: boolean }) => void;

/**
 * Shows addresses with `show` from now on: on links inside the app, back and forward, and `navigate`. `show`
 * returns the address to go to instead, if there is one. Addresses outside the app load as usual.
 */
export function startRouter(show: (path: string) => string | undefined): Navigate {
  const render = () => {
    const instead = show(location.pathname);
    if (instead !== undefined) navigate(instead, { replace: true });
  };
  const navigate: Navigate = (path, { replace = false } = {}) => {
    if (replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    render();
    // A new page would be announced by a screen reader; here its heading is.
    document.querySelector<HTMLElement>('#view h1')?.focus();
  };

  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || link.origin !== location.origin || !link.pathname.startsWith('/app/')) return;
    if (link.hash) return;
    event.preventDefault();
    navigate(link.pathname);
  });
  addEventListener('popstate', render);
  render();
  return navigate;
}
