import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createUserComStandIn, type UserComUser } from '../../demo/user-com.ts';
import { type ConnectionInfo, createRelay, type RelayOptions } from '../../src/relay.ts';

export const APPLICATION_ID = 'application-id-that-nobody-may-see';
export const TOKEN = 'token-that-nobody-may-see-'.padEnd(64, '0');

/** A request as an upstream got it. */
export interface Got {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent.
  body: any;
}

export type Rule = (response: ServerResponse, got: Got) => void;

/** Responds with a status, headers and a body. */
export const respond =
  (status: number, headers: Record<string, string> = {}, body = '{}'): Rule =>
  response =>
    response.writeHead(status, headers).end(body);
export const hang: Rule = () => {};
export const reset: Rule = response => response.socket?.resetAndDestroy();

/** Opens a server on loopback. */
export async function listen(server: Server) {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Nobody answers here any more. */
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A server on loopback that keeps what it gets and answers by its rule. */
export async function openServer(rule: Rule = respond(201)) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '');
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: JSON.parse(body || 'null') };
    got.push(one);
    world.rule(response, one);
  });
  const world = { ...(await listen(server)), got, rule };
  return world;
}

/** A stand-in for User.com, on loopback. A `fault` answers instead of it. */
export async function openUserCom() {
  const app = createUserComStandIn(TOKEN);
  const listener = getRequestListener(app.fetch);
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (world.fault) world.fault(response, {} as Got);
    else void listener(request, response);
  });
  const users = async () => {
    const { users } = (await (await app.request('/user-com/users')).json()) as { users: UserComUser[] };
    return users;
  };
  const world = {
    ...(await listen(server)),
    calls,
    fault: undefined as Rule | undefined,
    users,
    user: async (id: string) => (await users()).find(({ user_id }) => user_id === id),
    /** A user whom the site's own server made. */
    create: (user_id: string) =>
      app.request('/api/public/users/', {
        method: 'POST',
        headers: { Authorization: `Token ${TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ user_id }),
      }),
  };
  return world;
}

export const SITE = 'https://www.example.test';

/** How a page of the site posts, unless a test says otherwise; `undefined` takes a header away. */
export interface Post extends ConnectionInfo {
  method?: string;
  url?: string;
  headers?: Record<string, string | undefined>;
  /** Text, bytes or a stream as it stands; all else as JSON. */
  body?: unknown;
}

/** Posts to a relay that is mounted at `/t`. */
export function poster(options: RelayOptions) {
  const relay = createRelay(options);
  return (path: string, { method = 'POST', url = SITE, headers = {}, body, address }: Post = {}) => {
    const all = { Origin: SITE, 'Content-Type': 'text/plain;charset=UTF-8', ...headers };
    const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const isRaw = typeof body === 'string' || body instanceof ReadableStream || body instanceof Uint8Array;
    const content = isRaw ? body : JSON.stringify(body);
    const carries = content !== undefined && !/^(GET|HEAD)$/.test(method);
    const request = new Request(`${url}/t${path}`, {
      method,
      headers: given,
      ...(carries && { body: content, duplex: 'half' }),
    } as RequestInit);
    return relay(request, { address });
  };
}

/** The sentence of an answer that is an error. */
export async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error;
}
