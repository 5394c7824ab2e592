import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { isReadable, isText, readBody, toTextBody } from './body.ts';
import { beingFetched, resolve } from './patch-fetch.ts';
import { replace } from './replace.ts';
import type { Body, Call, CallError, Observer } from './types.ts';

/** A page's globals, as far as they are asked for. */
export interface XhrGlobal {
  XMLHttpRequest: typeof XMLHttpRequest;
  document?: { baseURI: string } | undefined;
}

type Method = 'open' | 'send' | 'setRequestHeader' | 'abort';

/** One use of a request object, from `open` on. */
interface Use {
  verb: string;
  url: string;
  headers: Record<string, string>;
  call?: Call | undefined;
  isOver?: boolean;
  /** A polyfill of `fetch` has opened it. */
  isByFetch: boolean;
}

const EVENTS = ['readystatechange', 'error', 'abort', 'timeout', 'loadend'];

/** Reads the headers of an answer: a line each, names in lower case, one name perhaps several times. */
export function parseHeaders(text: string | null): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of (text ?? '').split(/\r\n(?![ \t])/)) {
    const end = line.indexOf(':');
    const name = line.slice(0, Math.max(0, end)).trim().toLowerCase();
    const value = line.slice(end + 1).trim();
    if (name) headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/** Reads the body of an answer, in the way that its type allows: any other throws in the page's event. */
function readResponse(xhr: XMLHttpRequest, { responseHeaders }: Call, observer: Observer): Body | undefined {
  const { limit, hasBytes } = observer;
  const { responseType } = xhr;
  if (responseType === 'document') return undefined;
  // Asked first: the text of a large answer is made when it is first read.
  if (Number(responseHeaders['content-length']) > limit) return { isTruncated: true };
  const isWanted = isReadable(responseHeaders, limit, hasBytes);
  if (responseType === '' || responseType === 'text') {
    const text = isWanted || !responseHeaders['content-type'] ? xhr.responseText : '';
    return text ? toTextBody(text, limit) : undefined;
  }
  if (responseType === 'json')
    return isWanted && xhr.response != null ? toTextBody(JSON.stringify(xhr.response), limit) : undefined;
  // Bytes, whose text nobody has asked for, count as such.
  return readBody(xhr.response, limit, hasBytes && !isText(responseHeaders['content-type']));
}

/** Tells that one use of a request object is over, once. */
function end(use: Use, observer: Observer, error?: CallError, xhr?: XMLHttpRequest): void {
  const { call } = use;
  if (!call || use.isOver) return;
  use.isOver = true;
  call.endedAt = observer.now();
  call.error = error;
  if (!observer.isKept(call)) return;
  if (xhr && call.hasBodies) call.responseBody = tryOrUndefined(() => readResponse(xhr, call, observer));
  observer.finish(call);
}

/** Takes what there is of an answer. Without a status the request has failed, or is not that far. */
function look(xhr: XMLHttpRequest, use: Use | undefined, observer: Observer): void {
  const { call, isOver } = use ?? {};
  if (!use || !call || isOver || !xhr.status) return;
  // An abort takes them away.
  if (!call.status) {
    call.status = xhr.status;
    call.responseHeaders = parseHeaders(xhr.getAllResponseHeaders());
  }
  if (xhr.readyState === 4) end(use, observer, undefined, xhr);
}

/** Makes the listener of all events. As a capturing one it comes before the page's own in Firefox and WebKit. */
const createListener = (uses: WeakMap<object, Use>, observer: Observer) => (event: Event) => {
  const xhr = event.currentTarget as XMLHttpRequest;
  const use = uses.get(xhr);
  const { type } = event;
  tryOrUndefined(() => {
    if (type === 'readystatechange') look(xhr, use, observer);
    else if (use) end(use, observer, type === 'abort' || type === 'timeout' ? type : 'network');
  });
};

/** Starts the recording of a request that is sent. */
function begin(use: Use, observer: Observer, body: unknown): void {
  const { verb, url, headers, isByFetch } = use;
  // A request object that is sent twice throws.
  if (use.call || isByFetch) return;
  use.call = observer.begin('xhr', verb, url, headers);
  if (use.call?.hasBodies && !/^(GET|HEAD)$/.test(verb))
    use.call.requestBody = tryOrUndefined(() => readBody(body, observer.limit, observer.hasBytes));
}

/** Makes what follows each `open`. */
const createOpened =
  (uses: WeakMap<object, Use>, page: XhrGlobal, observer: Observer) =>
  (xhr: XMLHttpRequest, [verb, address]: unknown[]) => {
    // Opened again, it ends an earlier use without any event.
    const before = uses.get(xhr);
    if (before) end(before, observer, 'abort');
    const url = resolve(address, page);
    uses.set(xhr, { verb: `${verb}`.toUpperCase(), url, headers: {}, isByFetch: beingFetched.has(url) });
  };

type Native = (this: XMLHttpRequest, ...rest: unknown[]) => unknown;

const wrapSend = (
  original: Native,
  uses: WeakMap<object, Use>,
  observer: Observer,
  isOn: () => boolean,
): Native =>
  function send(...rest) {
    const use = uses.get(this);
    const isFirst = !use?.call;
    if (use && isOn()) tryOrUndefined(() => begin(use, observer, rest[0]));
    try {
      return Reflect.apply(original, this, rest);
    } catch (error) {
      // A synchronous request throws, and has no events.
      if (use && isFirst) tryOrUndefined(() => end(use, observer, toSyncError(error)));
      throw error;
    }
  };

/**
 * Records a page's calls of `XMLHttpRequest`. Nothing is put on the page's objects but listeners. Returns a function
 * that ends it, or undefined where the page does not let it be replaced.
 */
export function patchXhr(page: XhrGlobal, observer: Observer): (() => void) | undefined {
  const prototype = page.XMLHttpRequest?.prototype as Record<Method, Native> | undefined;
  if (!prototype) return undefined;
  let isOn = true;
  const uses = new WeakMap<object, Use>();
  const listener = createListener(uses, observer);
  const follow = createOpened(uses, page, observer);
  const opened = (xhr: XMLHttpRequest, rest: unknown[]) => {
    follow(xhr, rest);
    // The same listener, added twice, counts once.
    for (const type of EVENTS) xhr.addEventListener(type, listener, true);
  };
  const restores = [
    replace(
      prototype,
      'open',
      original =>
        function open(...rest) {
          const result = Reflect.apply(original, this, rest);
          if (isOn) tryOrUndefined(() => opened(this, rest));
          return result;
        },
    ),
    replace(
      prototype,
      'abort',
      original =>
        function abort(...rest) {
          // A page may abort a request that is done, in a handler that comes before our listener.
          if (isOn) tryOrUndefined(() => look(this, uses.get(this), observer));
          return Reflect.apply(original, this, rest);
        },
    ),
    replace(
      prototype,
      'setRequestHeader',
      original =>
        function setRequestHeader(...rest) {
          const result = Reflect.apply(original, this, rest);
          const headers = uses.get(this)?.headers;
          const name = `${rest[0]}`.toLowerCase();
          if (headers) headers[name] = name in headers ? `${headers[name]}, ${rest[1]}` : `${rest[1]}`;
          return result;
        },
    ),
    replace(prototype, 'send', original => wrapSend(original, uses, observer, () => isOn)),
  ];
  return () => {
    isOn = false;
    for (const restore of restores) restore?.();
  };
}

const toSyncError = (error: unknown): CallError =>
  (error as { name?: string } | undefined)?.name === 'TimeoutError' ? 'timeout' : 'network';
