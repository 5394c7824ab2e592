import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { isReadable, readBody } from './body.ts';
import { readStream, toCallError } from './read-body.ts';
import { replace } from './replace.ts';
import type { Body, Call, Observer } from './types.ts';

/** A page's globals, as far as they are asked for. */
export interface FetchGlobal {
  fetch: typeof fetch;
  Headers: typeof Headers;
  document?: { baseURI: string } | undefined;
}

type Parameters = [input?: unknown, init?: RequestInit | null];

/** Addresses of calls of `fetch` that are being made. A polyfill makes them by XMLHttpRequest, in the same task. */
export const beingFetched = new Set<string>();

const toHeaders = (page: FetchGlobal, given: unknown): Record<string, string> =>
  tryOrUndefined(() => Object.fromEntries(new page.Headers(given as HeadersInit))) ?? {};

/** Resolves an address as the browser does. Throws for none. */
export const resolve = (url: unknown, page: { document?: { baseURI: string } | undefined }): string =>
  new URL(String(url), page.document?.baseURI).href;

/** Starts the recording of one call, from what its Request and the second parameter say together. */
function begin(page: FetchGlobal, observer: Observer, [input, init]: Parameters) {
  const isRequest = typeof input === 'object' && !!input && 'clone' in input && 'url' in input;
  const request = isRequest ? (input as Request) : undefined;
  const headers = toHeaders(page, init?.headers ?? request?.headers);
  const verb = `${init?.method ?? request?.method ?? 'GET'}`.toUpperCase();
  const call = observer.begin('fetch', verb, request?.url ?? resolve(input, page), headers);
  if (!call) return undefined;
  const signal = init?.signal === undefined ? request?.signal : init.signal;
  const { limit, hasBytes } = observer;
  let copy: Request | undefined;
  if (call.hasBodies) {
    if (init?.body != null) call.requestBody = readBody(init.body, limit, hasBytes);
    // The call uses the page's Request up. A copy is made before it, and read after it.
    else if (
      request &&
      !request.bodyUsed &&
      isReadable(headers, limit, hasBytes) &&
      !/^(GET|HEAD)$/.test(verb)
    )
      copy = tryOrUndefined(() => request.clone());
  }
  return { call, signal, copy };
}

/** Copies the body of a response, where it may be read. A clone of any other would buffer it for nobody. */
function copyBody(response: Response, { responseHeaders }: Call, { limit, hasBytes }: Observer) {
  // Asked first: a browser that is asked for a body's stream gives up short cuts, as for WebAssembly.
  if (!isReadable(responseHeaders, limit, hasBytes) || !response.body) return undefined;
  // It throws where a wrapper between the page and us has read the body already.
  return tryOrUndefined(() => response.clone().body ?? undefined);
}

/** Whether a body is left out that the page has got, because it is too large. */
const isTooLarge = ({ responseHeaders }: Call, limit: number) =>
  Number(responseHeaders['content-length']) > limit;

async function readCopies(
  observer: Observer,
  call: Call,
  request: ReadableStream<Uint8Array> | null | undefined,
  response: ReadableStream<Uint8Array> | undefined,
): Promise<void> {
  const read = async (stream: ReadableStream<Uint8Array> | null | undefined, take: (body: Body) => void) => {
    if (!stream) return;
    const { body, error } = await readStream(stream, observer);
    take(body);
    return error;
  };
  const [, error] = await Promise.all([
    read(request, body => {
      call.requestBody = body;
    }),
    read(response, body => {
      call.responseBody = body;
    }),
  ]);
  if (error) call.error ??= error;
}

/** Returns the body of a page's Request that was copied. */
async function streamOf(copy: Request | undefined): Promise<ReadableStream<Uint8Array> | null | undefined> {
  if (!copy || copy.body) return copy?.body;
  // Firefox has no `body` of a Request.
  return (await copy.blob().catch(() => undefined))?.stream();
}

/** Follows a call whose promise the page has, on the side. */
function follow(
  observer: Observer,
  { call, signal, copy }: NonNullable<ReturnType<typeof begin>>,
  promise: Promise<Response>,
): void {
  const over = async (copyOfResponse?: () => ReadableStream<Uint8Array> | undefined) => {
    if (!observer.isKept(call)) return void copy?.body?.cancel().catch(() => {});
    const response = copyOfResponse?.();
    await readCopies(observer, call, await streamOf(copy), response);
    observer.finish(call);
  };
  const settle = (work: () => void) => {
    call.endedAt = observer.now();
    tryOrUndefined(work);
  };
  promise.then(
    response =>
      settle(() => {
        call.isOpaque = !response.status;
        if (call.isOpaque) return void over();
        call.respondedAt = call.endedAt ?? call.at;
        call.status = response.status;
        call.responseHeaders = Object.fromEntries(response.headers);
        if (call.hasBodies && isTooLarge(call, observer.limit)) call.responseBody = { isTruncated: true };
        // Copied in this microtask, which comes before the page's own.
        void over(() => (call.hasBodies ? copyBody(response, call, observer) : undefined));
      }),
    reason =>
      settle(() => {
        call.error = toCallError(reason, signal);
        void over();
      }),
  );
}

/**
 * Records a page's calls of `fetch`. The page's parameters, its promise and its Response stay its own. Returns a
 * function that ends it, or undefined where the page does not let `fetch` be replaced.
 */
export function patchFetch(page: FetchGlobal, observer: Observer): (() => void) | undefined {
  let isOn = true;
  const restore = replace<'fetch', typeof fetch>(page, 'fetch', original => {
    return function (this: unknown, ...parameters: Parameters): Promise<Response> {
      const begun =
        isOn && parameters.length > 0 ? tryOrUndefined(() => begin(page, observer, parameters)) : undefined;
      const url = begun?.call.url;
      if (url) {
        beingFetched.add(url);
        // A microtask of the polyfill's own may come first.
        void Promise.resolve()
          .then(() => {})
          .then(() => beingFetched.delete(url));
      }
      const promise: Promise<Response> = Reflect.apply(original, this ?? page, parameters);
      if (begun) tryOrUndefined(() => follow(observer, begun, promise));
      return promise;
    } as typeof fetch;
  });
  return (
    restore &&
    (() => {
      isOn = false;
      restore();
    })
  );
}
