import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { visitorAddress } from '../../demo/visitor-address.ts';

/** The address that is found with so many proxies, from this header. */
async function addressOf(proxies: number, header?: string): Promise<string> {
  const app = new Hono().get('/', c => c.text(visitorAddress(c, proxies) ?? ''));
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const headers = header === undefined ? {} : { 'X-Forwarded-For': header };
    return await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

it.each([
  [0, '203.0.113.9', '127.0.0.1'],
  [1, '203.0.113.9', '203.0.113.9'],
  [1, 'made-up, 198.51.100.1, 203.0.113.9', '203.0.113.9'],
  [2, '1.1.1.1, 203.0.113.9, 10.0.0.1', '203.0.113.9'],
  [1, '2001:db8::1', '2001:db8::1'],
  [1, undefined, '127.0.0.1'],
  [2, '203.0.113.9', '127.0.0.1'],
  [1, 'unknown', '127.0.0.1'],
])('by %i proxies, of %j, the visitor is at %s', async (proxies, header, address) => {
  expect(await addressOf(proxies, header)).toBe(address);
});
