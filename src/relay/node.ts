import { createHandle, errorResponse } from './handle.ts';
import { MountError } from './http-error.ts';
import {
  type IncomingRequest,
  type NodeRequest,
  type ParsedRequest,
  toRelayRequest,
} from './node-request.ts';
import type { RelayOptions } from './options.ts';

export type { NodeRequest } from './node-request.ts';
export type { RelayOptions, UserComOptions } from './options.ts';

/** A response of Node's `http` and `http2`, of Express or Connect, or a reply of Fastify. */
export interface NodeResponse {
  statusCode: number;
  getHeader(name: string): unknown;
}

/** A request handler for Node's own server and the frameworks on it. It never rejects, and answers every request. */
export type NodeRelay = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Makes the server half of the `relay` option for Express, Fastify, Connect and Node's own server. It does what
 * `createRelay` of `utmost/relay` does. A body may have been parsed before it: as an object, a text or bytes in `body`.
 * One that was read and is not there is answered 500, so that pages keep their updates.
 *
 * The visitor's address is that of the connection, unless `trustProxy` says otherwise. A visitor who goes before the
 * answer is there still has the update sent on.
 *
 * @param options One of `applicationId` and `userCom` is required. Where both are missing nothing throws, so that a
 *   site can be built without its environment. Updates are then answered 503, and pages keep them.
 * @returns A request handler, to be mounted at any path: `app.use('/t', relay)`, with Fastify `app.all('/t/*', relay)`.
 * @throws TypeError with a sentence that tells the fix: an option is wrong.
 */
export function createNodeRelay(options: RelayOptions): NodeRelay {
  const handle = createHandle(options, 'createNodeRelay');
  return async (request, response) => {
    try {
      if (typeof response?.getHeader !== 'function') throw new MountError(NO_RESPONSE);
      const incoming = ('raw' in request ? request.raw : request) as IncomingRequest;
      // Read at once: a connection that is closed has no address.
      const address = incoming.socket?.remoteAddress;
      const answer = await handle(toRelayRequest(incoming, request as ParsedRequest), address);
      await send(answer, response);
    } catch (error) {
      const isMisplaced = error instanceof MountError;
      console.error(isMisplaced ? error.message : error);
      if (response) await send(errorResponse(500, isMisplaced ? error.message : FAILED), response);
    }
  };
}

const FAILED = 'The relay has failed; see the console of the server.';
const NO_RESPONSE =
  'createNodeRelay makes a handler of a Node request and response; elsewhere use createRelay of utmost/relay.';

/** The part of Node's `ServerResponse` that answers. */
interface OutgoingResponse extends NodeResponse {
  headersSent: boolean;
  destroyed: boolean;
  setHeader(name: string, value: string | string[]): unknown;
  removeHeader(name: string): unknown;
  end(body: string): unknown;
}

/** The part of Fastify's reply that answers. */
interface Reply extends NodeResponse {
  raw: OutgoingResponse;
  sent: boolean;
  code(status: number): unknown;
  header(name: string, value: string | string[]): unknown;
  removeHeader(name: string): unknown;
  send(body: string): unknown;
}

/** Sends an answer, unless there is one already or nobody to hear it. */
async function send(answer: Response, to: NodeResponse): Promise<void> {
  const { status, headers } = answer;
  const body = await answer.text();
  if ('raw' in to) {
    // By Fastify's own means, so that its hooks and logs see the answer.
    const reply = to as Reply;
    if (reply.sent) return;
    setHeaders(headers, reply, (name, value) => reply.header(name, value));
    reply.code(status);
    reply.send(body);
  } else {
    const response = to as OutgoingResponse;
    if (response.headersSent || response.destroyed) return;
    setHeaders(headers, response, (name, value) => response.setHeader(name, value));
    response.statusCode = status;
    response.end(body);
  }
}

/** Sets the headers of an answer beside those that the site's own middleware has set. */
function setHeaders(
  headers: Headers,
  to: Pick<OutgoingResponse, 'getHeader' | 'removeHeader'>,
  set: (name: string, value: string | string[]) => void,
): void {
  for (const name of new Set(headers.keys())) {
    const values = name === 'set-cookie' ? headers.getSetCookie() : [`${headers.get(name)}`];
    const before = /^(set-cookie|vary)$/.test(name) ? [to.getHeader(name) ?? []].flat().map(String) : [];
    to.removeHeader(name);
    const all = [...before, ...values];
    set(name, name === 'set-cookie' ? all : all.join(', '));
  }
}
