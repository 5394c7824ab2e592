import { clientIp } from '../server/client-ip.ts';
import { withChannel } from './add-channel.ts';
import { checkAsSent, parseJson, readBytes } from './body.ts';
import { correctTimes } from './clock.ts';
import { HttpError } from './http-error.ts';
import { normalizeRelayOptions, type RelayOptions, type RelaySettings } from './options.ts';
import { checkOrigin, corsHeaders, PREFLIGHT } from './origin.ts';
import { renewalOf } from './renewal.ts';
import { type Endpoint, readUpdate } from './schema.ts';
import type { Upstream } from './upstream.ts';
import { mergeResults, toSentence, type UpstreamResult } from './upstream-result.ts';
import { createUserCom } from './upstreams/user-com.ts';
import { createUsersApi } from './upstreams/users-api.ts';

/** What the relay reads of a request. */
export type RelayRequest = Pick<Request, 'method' | 'url' | 'headers' | 'body' | 'bodyUsed'>;

/**
 * Handles a request from `address`, the other end of its connection. Rejects only where the relay is mounted wrongly,
 * with a `MountError`.
 */
export type Handle = (request: RelayRequest, address: string | undefined) => Promise<Response>;

/** Makes the part of the relay that is the same in every runtime. `name` is the function that was given the options. */
export function createHandle(options: RelayOptions, name: string): Handle {
  const settings = normalizeRelayOptions(options, name);
  const { usersApi, userCom, missing } = settings;
  const upstreams: Upstream[] = [];
  if (usersApi) upstreams.push(createUsersApi(usersApi));
  if (userCom) upstreams.push(createUserCom(userCom));
  let hasWarned = false;
  /** Refuses while a secret is missing. Not before the first request: a site is built without its environment. */
  const requireAll = () => {
    if (!missing) return;
    if (!hasWarned)
      console.error(
        `utmost: ${name} has no ${missing}; set it on this server. Until then updates are answered 503.`,
      );
    hasWarned = true;
    throw new HttpError(503, `The relay has no ${missing}; set it on the server.`);
  };

  return async (request, address) => {
    const { allowedOrigins, trustProxy } = settings;
    const origin = checkOrigin(request, allowedOrigins, trustProxy);
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
      requireAll();
      const result = await forward(request, endpoint, address, settings, upstreams);
      const { status, retryAfter } = result;
      if (status < 300) return confirm(request, status, headers, settings);
      const wait = retryAfter ? { 'Retry-After': `${Math.ceil(retryAfter / 1000)}` } : {};
      return errorResponse(status, toSentence(result), { ...headers, ...wait });
    } catch (error) {
      if (error instanceof HttpError) return errorResponse(error.status, error.message, headers);
      throw error;
    }
  };
}

/** Makes the answer to an update that has arrived. It renews the visitor's cookies where the site wants that. */
function confirm(
  request: RelayRequest,
  status: number,
  headers: Record<string, string>,
  { renew, trustProxy }: RelaySettings,
): Response {
  const answer = Response.json({}, { status, headers });
  for (const line of renew ? renewalOf(request, renew, trustProxy) : []) {
    answer.headers.append('Set-Cookie', line);
    // One visitor's cookies are for nobody else, even where something keeps answers to a post.
    answer.headers.set('Cache-Control', 'no-store');
  }
  return answer;
}

/** Makes the answer to a request that is not taken. `error` is a sentence that tells the fix. */
export const errorResponse = (status: number, error: string, headers: Record<string, string> = {}) =>
  Response.json({ error }, { status, headers });

/**
 * Reads the endpoint from the end of the path. Where the relay is mounted, and whether addresses end in a slash, is the
 * site's choice.
 */
function parseEndpoint({ url }: RelayRequest): Endpoint {
  const [, endpoint] =
    /\/v1\/(users|companies|(?:actions|events)(?:\/batch)?)\/*$/.exec(new URL(url).pathname) ?? [];
  if (!endpoint)
    throw new HttpError(
      404,
      'There is nothing at this address; post to /v1/users, /v1/companies, /v1/actions or /v1/events below the relay, the last two also with /batch.',
    );
  return endpoint as Endpoint;
}

async function forward(
  request: RelayRequest,
  endpoint: Endpoint,
  address: string | undefined,
  { addChannel, maxBodyBytes, timeout, trustProxy }: RelaySettings,
  upstreams: Upstream[],
): Promise<UpstreamResult> {
  const now = Date.now();
  const { headers } = request;
  // Not the request's own signal: a page that is left ends its connection, and its last update is sent all the same.
  const signal = AbortSignal.timeout(timeout);
  const visitor = {
    ip_address: clientIp(headers, trustProxy, address),
    user_agent_string: headers.get('User-Agent') ?? undefined,
  };
  const bytes = await readBytes(request, maxBodyBytes, signal);
  const validated = checkAsSent(headers, bytes, () => readUpdate(endpoint, parseJson(bytes), visitor));
  const corrected = correctTimes(validated, request, now);
  const update = addChannel ? withChannel(corrected) : corrected;
  const requests = upstreams.map(upstream => upstream(update, signal)).filter(sent => sent !== undefined);
  const [first, ...rest] = await Promise.all(requests);
  if (first) return mergeResults([first, ...rest]);
  // User.com alone: it gets no visitors who are not identified, and the page need not hear of that.
  if (endpoint === 'users') return { upstream: 'The relay', status: 202, retryAfter: 0 };
  throw new HttpError(404, `The relay has nowhere to send ${endpoint}; give it an applicationId.`);
}
