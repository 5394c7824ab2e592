import { clientIp } from '../server/client-ip.ts';
import { checkAsSent, parseJson, readBytes } from './body.ts';
import { correctTimes } from './clock.ts';
import { HttpError, MountError } from './http-error.ts';
import { normalizeRelayOptions, type RelayOptions, type RelaySettings } from './options.ts';
import { checkOrigin, corsHeaders, PREFLIGHT } from './origin.ts';
import { type Endpoint, readUpdate } from './schema.ts';
import type { Upstream } from './upstream.ts';
import { mergeResults, toSentence, type UpstreamResult } from './upstream-result.ts';
import { createUserCom } from './upstreams/user-com.ts';
import { createUsersApi } from './upstreams/users-api.ts';

/** Facts that the server knows of a request besides its content. */
export interface ConnectionInfo {
  /** The address at the other end of the connection, with or without port: the visitor's, or your proxy's. */
  address?: string | undefined;
}

/** A web-standard request handler. It rejects only where it is mounted wrongly, with an error that tells the fix. */
export interface Relay {
  (request: Request, info?: ConnectionInfo): Promise<Response>;
  /** Handles a request as a route of a framework, whose second argument has nothing of the connection. */
  (request: Request, context: unknown): Promise<Response>;
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
  const settings = normalizeRelayOptions(options);
  const { usersApi, userCom, missing } = settings;
  if (missing)
    console.error(
      `utmost: createRelay has no ${missing}; set it on this server. Until then updates are answered 503.`,
    );
  const upstreams: Upstream[] = [];
  if (usersApi) upstreams.push(createUsersApi(usersApi));
  if (userCom) upstreams.push(createUserCom(userCom));

  return async (request: Request, info?: unknown) => {
    try {
      if (typeof request?.headers?.get !== 'function') throw new MountError(NO_REQUEST);
      return await handle(request, info as ConnectionInfo | undefined, settings, upstreams);
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      // Some adapters turn an error into a 500 in silence.
      console.error(error.message);
      if (!isServerResponse(info)) throw error;
      info
        .writeHead(500, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ error: error.message }));
      return errorResponse(500, error.message, {});
    }
  };
}

/** The part of Node's `ServerResponse` that ends a request which nothing else would answer. */
interface ServerResponse {
  writeHead(status: number, headers: Record<string, string>): { end(body: string): void };
}
const isServerResponse = (info: unknown): info is ServerResponse =>
  typeof (info as Partial<ServerResponse> | null)?.writeHead === 'function';

const NO_REQUEST =
  'the relay takes a web-standard Request; on Node and Express wrap it in getRequestListener of @hono/node-server.';

async function handle(
  request: Request,
  info: ConnectionInfo | undefined,
  settings: RelaySettings,
  upstreams: Upstream[],
): Promise<Response> {
  const origin = checkOrigin(request, settings.allowedOrigins, settings.trustProxy);
  const headers = corsHeaders(origin, request);
  try {
    const endpoint = parseEndpoint(request);
    if (!/^(POST|OPTIONS)$/.test(request.method))
      return errorResponse(405, 'This method is not allowed here; send a POST.', {
        ...headers,
        Allow: 'POST, OPTIONS',
      });
    if (origin === 'foreign')
      throw new HttpError(403, 'Pages of this origin may not post here; add it to allowedOrigins.');
    if (request.method === 'OPTIONS')
      return new Response(null, { status: 204, headers: { ...headers, ...PREFLIGHT } });
    if (settings.missing)
      throw new HttpError(503, `The relay has no ${settings.missing}; set it on the server.`);
    const result = await forward(request, endpoint, info, settings, upstreams);
    const { status, retryAfter } = result;
    if (status < 300) return Response.json({}, { status, headers });
    const wait = retryAfter ? { 'Retry-After': `${Math.ceil(retryAfter / 1000)}` } : {};
    return errorResponse(status, toSentence(result), { ...headers, ...wait });
  } catch (error) {
    if (error instanceof HttpError) return errorResponse(error.status, error.message, headers);
    throw error;
  }
}

const errorResponse = (status: number, error: string, headers: Record<string, string>) =>
  Response.json({ error }, { status, headers });

/**
 * Reads the endpoint from the end of the path. Where the relay is mounted, and whether addresses end in a slash, is the
 * site's choice.
 */
function parseEndpoint({ url }: Request): Endpoint {
  const [, endpoint] = /\/v1\/(users|companies|actions|actions\/batch)\/*$/.exec(new URL(url).pathname) ?? [];
  if (!endpoint)
    throw new HttpError(
      404,
      'There is nothing at this address; post to /v1/users, /v1/companies, /v1/actions or /v1/actions/batch below the relay.',
    );
  return endpoint as Endpoint;
}

async function forward(
  request: Request,
  endpoint: Endpoint,
  info: ConnectionInfo | undefined,
  { maxBodyBytes, timeout, trustProxy }: RelaySettings,
  upstreams: Upstream[],
): Promise<UpstreamResult> {
  const now = Date.now();
  const { headers } = request;
  // Not the request's own signal: a page that is left ends its connection, and its last update is sent all the same.
  const signal = AbortSignal.timeout(timeout);
  const socket = typeof info?.address === 'string' ? info.address : undefined;
  const visitor = {
    ip_address: clientIp(headers, trustProxy, socket),
    user_agent_string: headers.get('User-Agent') ?? undefined,
  };
  const bytes = await readBytes(request, maxBodyBytes, signal);
  const validated = checkAsSent(headers, bytes, () => readUpdate(endpoint, parseJson(bytes), visitor));
  const update = correctTimes(validated, request, now);
  const requests = upstreams.map(upstream => upstream(update, signal)).filter(sent => sent !== undefined);
  const [first, ...rest] = await Promise.all(requests);
  if (first) return mergeResults([first, ...rest]);
  // User.com alone: it gets no visitors who are not identified, and the page need not hear of that.
  if (endpoint === 'users') return { upstream: 'The relay', status: 202, retryAfter: 0 };
  throw new HttpError(404, `The relay has nowhere to send ${endpoint}; give it an applicationId.`);
}
