import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of sites whose links go wrong, each in a way of its own. */
export interface LinksSite {
  url(path: string): string;
  /** Paths of all requests, in their order. */
  requests: string[];
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, query: string, request: IncomingMessage) => void;

const page: Answer = response => response.setHeader('content-type', 'text/html').end('<h1>Shoes</h1>');
const redirect =
  (to: (query: string) => string, status = 302): Answer =>
  (response, query) =>
    response.writeHead(status, { location: to(query) }).end();
const html =
  (text: string): Answer =>
  response =>
    response.setHeader('content-type', 'text/html; charset=utf-8').end(text);

const ROUTES: Record<string, Answer> = {
  '/page': page,
  '/passes': redirect(query => `/page${query}`, 301),
  '/passes-relative': redirect(query => `page${query}`, 307),
  '/passes-308': redirect(query => `../page${query}#top`, 308),
  '/loses': redirect(() => '/page'),
  '/loses-gclid': redirect(query => `/page${query.replace(/gclid=[^&]*&?/, '')}`, 303),
  '/then-loses': redirect(query => `/loses${query}`),
  '/lowers': redirect(query => `/page${query.toLowerCase()}`),
  '/replaces': redirect(() => '/page?utm_source=other&utm_medium=email'),
  '/short': redirect(() => '/page?utm_source=news&utm_medium=email'),
  '/meta': html('<meta http-equiv="refresh" content="0; url=/page?utm_source=news&amp;utm_medium=email">'),
  '/meta-loses': html('<META CONTENT="1;URL=\'page\'" HTTP-EQUIV="Refresh">'),
  '/header': (response, query) => response.writeHead(200, { refresh: `0; url=/page${query}` }).end(),
  '/script': html('<script>location.replace("/page" + location.search)</script>Please wait'),
  '/script-href': html('<script>window.location.href = "/page"</script>'),
  '/unicode': (response, query) =>
    response
      .writeHead(302, { location: Buffer.from(`/page${query}&utm_term=café`).toString('latin1') })
      .end(),
  '/loop': redirect(query => `/loop${query}`),
  '/loop-a': redirect(query => `/loop-b${query}`),
  '/loop-b': redirect(query => `/loop-a${query}`),
  '/count': redirect(query => `/count${query.replace(/n=(\d+)/, (_, n) => `n=${Number(n) + 1}`)}`),
  '/app': redirect(() => 'shop://open?utm_source=news'),
  '/intent': redirect(() => 'intent://open#Intent;scheme=shop;end'),
  '/nowhere': redirect(() => 'http://[broken/'),
  '/error': response => response.writeHead(500).end('broken'),
  '/never': () => undefined,
  '/slow-page': response => response.setHeader('content-type', 'text/html').write('<h1>'),
  '/resets': (_, __, request) => request.socket.destroy(),
};

/** Starts the server on a free port of this machine. */
export async function openLinksSite(): Promise<LinksSite> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const [, path = '', query = ''] = /^([^?]*)(.*)$/.exec(request.url ?? '') ?? [];
    requests.push(path);
    const answer = ROUTES[path];
    if (answer) answer(response, query, request);
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: path => `http://127.0.0.1:${port}${path}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
