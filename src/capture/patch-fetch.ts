import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { isReadable, readBody } from './body.ts';
import { readStream, toCallError } from './read-body.ts';
import { replace } from './replace.ts';
import type { Observer } from './types.ts';

/** A page's globals, as far as they are asked for. */
export interface FetchGlobal {
  fetch: typeof fetch;
  Headers: typeof Headers;
  document: { baseURI: string };
}

type Parameters = [input?: unknown, init?: RequestInit | null];

/** Addresses of calls of `fetch` that are being made. A polyfill makes them by XMLHttpRequest, in the same task. */
export const beingFetched = new Set<string>();

/** Starts the recording of one call, from what its Request and the second parameter say together. */
function begin(page: FetchGlobal, observer: Observer | undefined, input: unknown, init: RequestInit = {}) {
  const request = ((input as Request)?.clone ? input : {}) as Partial<Request>;
  const given = init.headers ?? request.headers;
  const call = observer?.begin(
    'fetch',
    `${init.method ?? request.method ?? 'GET'}`,
    new URL(request.url ?? `${input}`, page.document.baseURI),
    // What can be gone through only once is the page's.
    given && 'next' in given ? {} : Object.fromEntries(new page.Headers(given)),
  );
  if (!call) return undefined;
  const { hasBodies, requestHeaders } = call;
  let copy: Request | undefined;
  // The call uses the page's Request up. A copy is made before it, and read after it.
  if (init.body == null)
    copy = hasBodies && isReadable(requestHeaders, call.observer) ? request.clone?.() : undefined;
  else if (hasBodies) call.requestBody = readBody(init.body, call.observer);
  return { call, copy, signal: init.signal ?? request.signal };
}

/** Follows a call to its end. All up to the first `await` comes before the page's own code. */
async function end(
  { call, copy, signal }: NonNullable<ReturnType<typeof begin>>,
  response?: Response,
  reason?: unknown,
): Promise<void> {
  const { observer } = call;
  if (response) {
    call.status = response.status;
    call.responseHeaders = Object.fromEntries(response.headers);
  } else call.error = toCallError(reason, signal);
  if (!observer.isKept(call)) return;
  const read = async (body: Body | undefined) =>
    // Firefox has no `body` of a Request.
    body && call.hasBodies ? readStream(body.body ?? (await body.blob()).stream(), call) : undefined;
  const answer = read(
    // It throws where a wrapper between the page and us has read the body already.
    tryOrUndefined(() => (isReadable(call.responseHeaders, observer) ? response?.clone() : undefined)),
  );
  call.requestBody ??= await read(copy);
  call.responseBody = await answer;
  observer.finish(call);
}

/**
 * Records a page's calls of `fetch`. The page's parameters, its promise and its Response stay its own. Returns a
 * function that ends it, or undefined where the page does not let `fetch` be replaced.
 */
export const patchFetch = (page: FetchGlobal, find: () => Observer | undefined) =>
  replace(page, 'fetch', (_, parameters: Parameters) => {
    const begun = parameters.length
      ? begin(page, find(), parameters[0], parameters[1] ?? undefined)
      : undefined;
    if (!begun) return;
    const { url } = begun.call;
    beingFetched.add(url);
    // A microtask of the polyfill's own may come first.
    void Promise.resolve()
      .then()
      .then(() => beingFetched.delete(url));
    return (promise: Promise<Response>) =>
      promise
        .then(
          response => end(begun, response),
          reason => end(begun, undefined, reason),
        )
        .catch(() => {});
  });
