import { getRequestListener } from '@hono/node-server';
import Fastify from 'fastify';
import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: process.env.APPLICATION_ID });
const listener = getRequestListener((request, { incoming }) =>
  relay(request, { address: incoming.socket.remoteAddress }),
);

const app = Fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', (_, __, done) => done(null));
app.all('/t/*', (request, reply) => {
  reply.hijack();
  return listener(request.raw, reply.raw);
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
