/** Milliseconds after which a stream is asked for again that was refused. */
const RETRY = 5000;

/**
 * Follows the collector's events while the page is visible. A hidden one would keep a connection, of which a browser has
 * six to a host.
 *
 * @param onChange Called when something may have changed, and when the stream begins: what happened before is missed.
 * @param onState Called with a state and what it is called.
 * @returns A function that ends it.
 */
export function followEvents(onChange, onState) {
  let events;
  let timer;
  const open = () => {
    if (events || document.hidden) return;
    clearTimeout(timer);
    onState('waiting', 'Connecting …');
    events = new EventSource('/events');
    events.addEventListener('open', () => {
      onState('live', 'Live');
      onChange();
    });
    events.addEventListener('profile', onChange);
    events.addEventListener('error', () => {
      onState('lost', 'Reconnecting …');
      // The browser tries again by itself, but not after an answer that is no stream.
      if (events.readyState !== EventSource.CLOSED) return;
      close();
      timer = setTimeout(open, RETRY);
      // What refused it may say why to a request: the session has ended, for one.
      onChange();
    });
  };
  const close = () => {
    clearTimeout(timer);
    events?.close();
    events = undefined;
  };
  const pause = () => {
    close();
    onState('waiting', 'Paused');
  };
  const end = new AbortController();
  const on = (target, name, listener) => target.addEventListener(name, listener, { signal: end.signal });
  on(document, 'visibilitychange', () => (document.hidden ? pause() : open()));
  // A page that is left may be kept for the way back.
  on(window, 'pagehide', pause);
  on(window, 'pageshow', open);
  open();
  return () => {
    end.abort();
    close();
  };
}
