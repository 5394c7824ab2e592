import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { CaptureEvent } from '../../src/capture/types.ts';

/** A request of a page's client, as it arrived. */
interface Arrived {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body: string;
}

type Answer = (response: ServerResponse, body: Buffer, type: string) => void;

/** A module with the function `answer`, which returns 42. */
const MODULE = Buffer.from(
  '0061736d01000000' + '0105016000017f' + '03020100' + '070a0106616e737765720000' + '0a06010400412a0b',
  'hex',
);
const JSON_TYPE = { 'content-type': 'application/json', 'x-answer': 'yes' };

const json =
  (status: number, value: unknown): Answer =>
  response =>
    response.writeHead(status, JSON_TYPE).end(JSON.stringify(value));

/** Breaks off: an HTTP/2 stream by its reset, a connection of HTTP/1.1 by what is no answer, which no browser tries again. */
const breakOff: Answer = response => {
  const { stream } = response as { stream?: { close(code: number): void } };
  if (stream) stream.close(2);
  else response.socket?.end('nonsense\r\n\r\n');
};

/** Lets go of an answer whose body is not whole. */
function cut(response: ServerResponse): void {
  const { stream } = response as { stream?: { close(code: number): void } };
  if (stream) stream.close(2);
  else response.destroy();
}

/** Sends parts of a body so far apart that a page sees each. */
function inParts(response: ServerResponse, parts: readonly string[], after: () => void): void {
  const [part, ...rest] = parts;
  if (part === undefined) after();
  else {
    response.write(part);
    setTimeout(() => inParts(response, rest, after), 150);
  }
}

/** Answers by path. */
const ANSWERS: Record<string, Answer> = {
  '/api/json': json(200, { id: 7, name: 'Zoë' }),
  '/api/missing': json(404, { error: 'not found' }),
  '/api/fails': json(503, { error: 'later' }),
  '/api/graphql': json(200, { data: { pet: { __typename: 'Pet', id: 7, name: 'Zoë' } } }),
  '/api/never': () => {},
  '/api/reset': breakOff,
  '/api/echo': (response, body, type) =>
    response.writeHead(200, { ...JSON_TYPE, 'content-type': type }).end(body),
  '/api/count': (response, body) => json(200, { bytes: body.length })(response, body, ''),
  '/api/moved': response => response.writeHead(302, { location: '/api/json?moved' }).end(),
  '/api/module.wasm': response => response.writeHead(200, { 'content-type': 'application/wasm' }).end(MODULE),
  '/api/slow': response => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 3000 });
    inParts(
      response,
      ['a', 'b', 'c'].map(letter => letter.repeat(1000)),
      () => response.end(),
    );
  },
  '/api/cut': response => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 3000 });
    inParts(response, ['a'.repeat(1000)], () => cut(response));
  },
  '/api/events': response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    inParts(
      response,
      [1, 2, 3].map(n => `id: ${n}\ndata: message ${n}\n\n`),
      () => {},
    );
  },
};

/** Headers that differ between two visitors, and between two runs. */
const OWN = /^(:|cookie$|host$)/;

/** Serves pages, their API, and what utmost sends, over HTTP/1.1 and by TLS over HTTP/2. */
export async function serve(pems: { private: string; cert: string }) {
  const events: CaptureEvent[] = [];
  const arrived: Arrived[] = [];
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));

  const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const { pathname } = new URL(`${request.url}`, 'http://site');
    // Nothing of it may differ from one run to the next.
    response.sendDate = false;
    if (pathname.startsWith('/t/v1/')) {
      if (pathname.includes('/events')) events.push(...[JSON.parse(`${body}`)].flat());
      return response.writeHead(201).end();
    }
    if (pathname.endsWith('.js'))
      return response
        .writeHead(200, { 'content-type': 'text/javascript' })
        .end(readFileSync(dist + pathname));
    const { method = '', headers } = request;
    const told = Object.entries(headers).filter(([name]) => !OWN.test(name)) as Arrived['headers'];
    if (pathname.startsWith('/api/'))
      arrived.push({ method, url: `${request.url}`, headers: told, body: body.toString('base64') });
    const found = ANSWERS[pathname];
    if (found) return found(response, body, headers['content-type'] ?? 'text/plain');
    const icon = '<link rel="icon" href="data:,">';
    return response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><meta charset="utf-8">${icon}`);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  };
  const plain = createServer(listener);
  const secure = createSecureServer({ key: pems.private, cert: pems.cert }, listener as never);
  // A page's calls that are aborted are no fault of the server's.
  secure.on('sessionError', () => {});
  const sessions = new Set<{ destroy(): void }>();
  secure.on('session', session => sessions.add(session));
  for (const server of [plain, secure])
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  return {
    plain: `http://localhost:${portOf(plain)}/`,
    secure: `https://localhost:${portOf(secure)}/`,
    port: portOf(plain),
    /** Returns the events that have come, and forgets them. */
    takeEvents: () => events.splice(0),
    /** Returns the page's requests that have come, and forgets them. */
    takeArrived: () => arrived.splice(0),
    events,
    close() {
      plain.closeAllConnections();
      plain.close();
      for (const session of sessions) session.destroy();
      secure.close();
    },
  };
}
