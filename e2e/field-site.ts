import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const dist = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../dist/${file}`, import.meta.url)), 'utf8');

export interface FieldSite {
  /** Returns an address of a host, by default the site's. */
  url(path: string, host?: string): string;
  /** The bodies of the updates that were posted, oldest first. */
  posted: Record<string, unknown>[];
  close(): void;
}

const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/**
 * Serves pages of any host name by their path, those of example.test with the script tag. A page `302 …` is a
 * redirect.
 *
 * Some words in a page's content are replaced. `TAG` is the script tag, which is then nowhere else. `SLOW` is
 * one whose script takes half a second, and `SNIPPET` such a one behind the loader snippet. `FRAMED` is one
 * within an attribute, `NONE` no tag, and `PORT` the server's port.
 */
export async function serveField(pages: Record<string, string>, attributes = ''): Promise<FieldSite> {
  const posted: Record<string, unknown>[] = [];
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const script = dist('utmost.min.js');
  const tag = (file = 'utmost.js') =>
    `<script async src="/${file}" data-application-id="e2e" data-host="127.0.0.1:${port}" ${attributes}></script>`;
  const tags: Record<string, string> = {
    TAG: tag(),
    SLOW: tag('slow.js'),
    SNIPPET: dist('snippet.html')
      .replace('/utmost.min.js', '/slow.js')
      .replace('applicationId:"YOUR_APPLICATION_ID"', `applicationId:"e2e",host:"127.0.0.1:${port}"`),
    FRAMED: tag().replaceAll('"', '&quot;'),
    NONE: '',
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, hostname } = new URL(`http://${request.headers.host}${request.url}`);
    if (pathname.startsWith('/v1/')) {
      let text = '';
      for await (const chunk of request) text += chunk;
      if (request.method === 'POST') posted.push(JSON.parse(text));
      return response.writeHead(request.method === 'POST' ? 201 : 204, CORS).end();
    }
    if (pathname.endsWith('.js')) {
      if (pathname === '/slow.js') await new Promise(resolve => setTimeout(resolve, 500));
      return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
    }
    const content = (pages[pathname] ?? '').replaceAll('PORT', `${port}`);
    const [, to] = /^302 (.*)/.exec(content) ?? [];
    if (to) return response.writeHead(302, { Location: to }).end();
    const isTagged = /\b(TAG|SLOW|SNIPPET|FRAMED|NONE)\b/.test(content);
    const own = hostname.endsWith('example.test') && !isTagged ? tag() : '';
    const body = content.replace(/\b(TAG|SLOW|SNIPPET|FRAMED|NONE)\b/g, name => `${tags[name]}`);
    return response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><title>page</title>${own}<body>${body}`);
  };
  server.on('request', (request, response) => void answer(request, response));
  return {
    url: (path, host = 'www.example.test') => `http://${host}:${port}${path}`,
    posted,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
