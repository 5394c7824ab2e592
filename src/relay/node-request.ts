import { isObject } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { RelayRequest } from './handle.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Listener = (chunk: Bytes | string) => void;

const encode = (text: string): Bytes => new TextEncoder().encode(text);

/** A request of Node's `http` and `http2`, of Express, Connect or Fastify. */
export interface NodeRequest {
  headers: Record<string, string | string[] | undefined>;
}

/** The part of Node's `IncomingMessage` that is read; that of HTTP/2 has it, too. */
export interface IncomingRequest extends NodeRequest {
  method?: string;
  url?: string;
  socket?: { remoteAddress?: string; encrypted?: boolean };
  readableDidRead?: boolean;
  readableEnded?: boolean;
  destroyed?: boolean;
  /** Missing in requests that a platform has made up of a body alone. */
  on?(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  resume(): unknown;
}

/** What frameworks add to a request. */
export interface ParsedRequest {
  /** The body, as a parser has left it. */
  body?: unknown;
  /** The body's bytes, beside what a parser has made of it. Of Firebase and NestJS. */
  rawBody?: unknown;
  /** The address before a mount path was cut off. */
  originalUrl?: string;
}

/** Makes the request that the relay reads of a Node request and what a framework has added to it. */
export function toRelayRequest(incoming: IncomingRequest, parsed: ParsedRequest): RelayRequest {
  const { method = 'GET', socket } = incoming;
  const headers = toHeaders(incoming.headers);
  const scheme = socket?.encrypted ? 'https' : 'http';
  const target = `${parsed.originalUrl ?? incoming.url}`;
  // Of a target in absolute form only the path counts. No path can name a host: it follows one.
  const path = target.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/');
  const url =
    tryOrUndefined(() => new URL(`${scheme}://${headers.get('Host')}${path}`).href) ??
    `http://invalid${path}`;
  return { method, url, headers, ...toBody(incoming, parsed) };
}

function toHeaders(given: NodeRequest['headers']): Headers {
  const headers = new Headers();
  // HTTP/2 has the method and the path among the headers, by names that no header can have.
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !name.startsWith(':')) headers.set(name, `${value}`);
  if (!headers.has('Host') && given[':authority']) headers.set('Host', `${given[':authority']}`);
  return headers;
}

/** Finds the body: on its way, or read and left by a parser. `bodyUsed`: it was read, and is nowhere. */
function toBody(incoming: IncomingRequest, parsed: ParsedRequest): Pick<RelayRequest, 'body' | 'bodyUsed'> {
  // What some parsers leave in `body` where they read nothing does not count.
  const isRead = !incoming.on || incoming.readableDidRead || incoming.readableEnded;
  if (!isRead) return { body: toStream(incoming), bodyUsed: false };
  // Some platforms parse when `body` is read, and may throw.
  const bytes = tryOrUndefined(() => toBytes(parsed.rawBody) ?? toBytes(parsed.body));
  if (!bytes) return { body: null, bodyUsed: true };
  // A Response knows how to make a stream of bytes.
  return { body: new Response(bytes).body, bodyUsed: false };
}

/** The fields of which every update has one. */
const SUBJECTS = ['user_id', 'anonymous_id', 'company_id', 'action_name'];

/** Returns the bytes of a body that was read. None are in what a parser leaves that took it for something else. */
function toBytes(body: unknown): Bytes | undefined {
  if (body instanceof Uint8Array) return body.length ? (body as Bytes) : undefined;
  if (Array.isArray(body) || (isObject(body) && SUBJECTS.some(name => name in body)))
    return encode(JSON.stringify(body));
  return typeof body === 'string' && body ? encode(body) : undefined;
}

/** Makes a stream of a body that is on its way. Ending it leaves the connection as it is: the answer is still due. */
function toStream(incoming: IncomingRequest): ReadableStream<Bytes> {
  let stop = () => {};
  return new ReadableStream({
    start(controller) {
      const fail = () => {
        stop();
        controller.error(new Error('the connection was closed'));
      };
      const listeners: [string, Listener][] = [
        ['data', chunk => controller.enqueue(typeof chunk === 'string' ? encode(chunk) : chunk)],
        [
          'end',
          () => {
            stop();
            controller.close();
          },
        ],
        ['error', fail],
        // The client has gone.
        ['close', fail],
      ];
      stop = () => {
        // An error that nobody listens to would end the server.
        incoming.on?.('error', () => {});
        for (const [event, listener] of listeners) incoming.off(event, listener);
      };
      if (incoming.destroyed) return fail();
      for (const [event, listener] of listeners) incoming.on?.(event, listener);
      // A middleware may have paused it.
      incoming.resume();
    },
    cancel() {
      stop();
      // What still comes goes nowhere, and the connection serves again.
      incoming.resume();
    },
  });
}
