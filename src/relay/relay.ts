import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { createHandle, errorResponse } from './handle.ts';
import { MountError } from './http-error.ts';
import type { RelayOptions } from './options.ts';

/** Facts that the server knows of a request besides its content. */
export interface ConnectionInfo {
  /** The address at the other end of the connection, with or without port: the visitor's, or your proxy's. */
  address?: string | undefined;
}

/** The part of Hono's context that holds the request. */
export interface RequestContext {
  req: { raw: Request };
}

/**
 * A web-standard request handler. It rejects only where it is mounted wrongly, with an error that tells the fix.
 *
 * What Deno, Bun and Hono give along with a request tells it the address of the connection. In a Worker it uses
 * `waitUntil`, so that the update of a page that is left still arrives.
 */
export interface Relay {
  /** Handles the request of a Hono context. */
  (context: RequestContext, next?: unknown): Promise<Response>;
  (request: Request, info?: ConnectionInfo): Promise<Response>;
  /** Handles a request as a route of a framework or as the handler of a runtime. */
  (request: Request, context: unknown, execution?: unknown): Promise<Response>;
}

/**
 * Makes the server half of the `relay` option. The handler takes what pages post below the path it is mounted at, and
 * checks it. It passes updates on to the Users API, to User.com, or both, with the secrets that belong on a server.
 * It keeps nothing between requests. Any number of copies can run, anywhere that knows `Request`, `Response` and
 * `fetch`.
 *
 * @param options One of `applicationId` and `userCom` is required. Where both are missing nothing throws, so that a
 *   site can be built without its environment. Updates are then answered 503, and pages keep them.
 * @returns A request handler, which needs nothing but the request.
 * @throws TypeError with a sentence that tells the fix: an option is wrong.
 */
export function createRelay(options: RelayOptions): Relay {
  const handle = createHandle(options, 'createRelay');
  return async (...given: unknown[]) => {
    const [request, info, execution] = unwrap(given);
    try {
      if (!isRequest(request)) throw new MountError(NO_REQUEST);
      const response = handle(request, addressOf(request, info));
      // The page may be gone before the answer is there; its last update goes on all the same.
      tryOrUndefined(() => (execution as ExecutionContext).waitUntil(response.catch(() => {})));
      return await response;
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      // Some adapters turn an error into a 500 in silence.
      console.error(error.message);
      if (!isServerResponse(info)) throw error;
      info
        .writeHead(500, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ error: error.message }));
      return errorResponse(500, error.message);
    }
  };
}

const NO_REQUEST =
  'the relay takes a web-standard Request; for Express, Fastify and Node’s own server use createNodeRelay of utmost/relay/node.';

const isRequest = (value: unknown): value is Request =>
  typeof (value as Partial<Request> | null)?.headers?.get === 'function';

/** What Hono's context holds besides the request: what its runtime gave along with it. */
interface HonoContext extends RequestContext {
  env: unknown;
  executionCtx: unknown;
}

/** Takes a request and what came with it out of Hono's context, if it is one. */
function unwrap(given: unknown[]): unknown[] {
  const context = given[0] as HonoContext | null | undefined;
  if (!isRequest(context?.req?.raw)) return given;
  // Where the runtime has none, Hono throws.
  return [context.req.raw, context.env, tryOrUndefined(() => context.executionCtx)];
}

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** The ways in which runtimes tell the address of a connection. */
interface RuntimeInfo extends ConnectionInfo {
  /** Deno. */
  remoteAddr: { hostname: string };
  /** Bun. */
  requestIP(request: Request): { address: string } | null;
  /** Hono on Node. */
  incoming: { socket: { remoteAddress: string } };
}

/** Reads the address of a connection. Whatever a framework passes there, it throws nothing. */
function addressOf(request: Request, given: unknown): string | undefined {
  const info = given as RuntimeInfo;
  const ways = [
    () => info.address,
    () => info.remoteAddr.hostname,
    () => info.requestIP(request)?.address,
    () => info.incoming.socket.remoteAddress,
  ];
  return ways.map(tryOrUndefined<unknown>).find(address => typeof address === 'string') as string | undefined;
}

/** The part of Node's `ServerResponse` that ends a request which nothing else would answer. */
interface ServerResponse {
  writeHead(status: number, headers: Record<string, string>): { end(body: string): void };
}
const isServerResponse = (info: unknown): info is ServerResponse =>
  typeof (info as Partial<ServerResponse> | null)?.writeHead === 'function';
