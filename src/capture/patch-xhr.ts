import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { isReadable, readBody } from './body.ts';
import { beingFetched } from './patch-fetch.ts';
import { toCallError } from './read-body.ts';
import { replace } from './replace.ts';
import type { Body, Call, CallError, Observer } from './types.ts';

/** A page's globals, as far as they are asked for. */
export interface XhrGlobal {
  XMLHttpRequest: typeof XMLHttpRequest;
  Headers: typeof Headers;
  document: { baseURI: string };
}

/** One use of a request object, from `open` on. */
interface Use {
  verb: string;
  url: URL;
  headers: Headers;
  /** Undefined before `send`, null once it is over or is not recorded. */
  call?: Call | null;
}

/** Reads the headers of an answer: a line each, names in lower case, one name perhaps several times. */
export function parseHeaders(text: string, page: Pick<XhrGlobal, 'Headers'>): Record<string, string> {
  const headers = new page.Headers();
  for (const [, name = '', value = ''] of text.replace(/\r\n[ \t]+/g, ' ').matchAll(/^([^:\s]+):(.*)$/gm))
    headers.append(name, value);
  return Object.fromEntries(headers);
}

/** Reads the body of an answer, in the way that its type allows: any other throws in the page's event. */
function readResponse(xhr: XMLHttpRequest, { responseHeaders, observer }: Call): Body | undefined {
  const { responseType } = xhr;
  const isText = /^(json|text)?$/.test(responseType);
  // Asked first: the text of a large answer is made when it is first read.
  if (isText && !isReadable(responseHeaders, observer)) return undefined;
  const { response } = xhr;
  return readBody(
    responseType === 'json' && response !== null ? JSON.stringify(response) : response,
    observer,
  );
}

type Hook = (
  xhr: XMLHttpRequest,
  parameters: unknown[],
) => ((result: unknown, error?: unknown) => void) | undefined;

/** Follows the uses of request objects, by their events. */
function createUses(page: XhrGlobal) {
  const uses = new WeakMap<object, Use>();
  /** Tells that one use of a request object is over, once. */
  const end = (xhr: XMLHttpRequest, error?: CallError) => {
    const use = uses.get(xhr);
    const call = use?.call;
    if (!call) return;
    use.call = null;
    call.error = error;
    if (!call.observer.isKept(call)) return;
    if (!error && call.hasBodies) call.responseBody = tryOrUndefined(() => readResponse(xhr, call));
    call.observer.finish(call);
  };
  /** Takes what there is of an answer. Without a status the request has failed, or is not that far. */
  const look = (xhr: XMLHttpRequest) => {
    const call = uses.get(xhr)?.call;
    const { status } = xhr;
    if (!call || !status) return;
    // An abort takes them away.
    if (!call.status) {
      call.status = status;
      call.responseHeaders = parseHeaders(xhr.getAllResponseHeaders(), page);
    }
    if (xhr.readyState === 4) end(xhr);
  };
  const listener = ({ type, currentTarget }: Event) =>
    tryOrUndefined(() => {
      const xhr = currentTarget as XMLHttpRequest;
      if (type === EVENTS[0]) look(xhr);
      else end(xhr, type === 'error' ? 'network' : (type as CallError));
    });
  return { uses, end, look, listener };
}

/** Makes what goes along with the methods of request objects, by their names. */
function createHooks(page: XhrGlobal, find: () => Observer | undefined): Record<string, Hook> {
  const { uses, end, look, listener } = createUses(page);
  return {
    open:
      (xhr, [verb, address]) =>
      (_, error) => {
        if (error) return;
        // Opened again, it ends an earlier use without any event.
        end(xhr, 'abort');
        uses.delete(xhr);
        const url = new URL(`${address}`, page.document.baseURI);
        if (beingFetched.has(url.href)) return;
        uses.set(xhr, { verb: `${verb}`, url, headers: new page.Headers() });
        // As a capturing one it comes before the page's own. The same listener, added twice, counts once.
        for (const type of EVENTS) xhr.addEventListener(type, listener, true);
      },
    // A page may abort a request that is done, in a handler that comes before our listener.
    abort: xhr => void look(xhr) as undefined,
    setRequestHeader:
      (xhr, [name, value]) =>
      (_, error) =>
        error || uses.get(xhr)?.headers.append(`${name}`, `${value}`),
    send(xhr, [body]) {
      const use = uses.get(xhr);
      // A request object that is sent twice throws.
      if (!use || use.call !== undefined) return undefined;
      const call = find()?.begin('xhr', use.verb, use.url, Object.fromEntries(use.headers)) ?? null;
      use.call = call;
      if (call?.hasBodies && call.verb !== 'GET') call.requestBody = readBody(body, call.observer);
      // A synchronous request throws, and has no events.
      return (_, error) => error && end(xhr, toCallError(error));
    },
  };
}

const EVENTS = ['readystatechange', 'error', 'abort', 'timeout'];

/**
 * Records a page's calls of `XMLHttpRequest`. Nothing is put on the page's objects but listeners. Returns a function
 * that ends it, or undefined where the page does not let it be replaced.
 */
export function patchXhr(page: XhrGlobal, find: () => Observer | undefined): (() => void) | undefined {
  const prototype = page.XMLHttpRequest?.prototype as unknown as Record<string, unknown> | undefined;
  const restores = Object.entries(createHooks(page, find)).map(
    ([name, hook]) => prototype && replace(prototype, name, hook),
  );
  return (
    restores[0] &&
    (() => {
      for (const restore of restores) restore?.();
    })
  );
}
