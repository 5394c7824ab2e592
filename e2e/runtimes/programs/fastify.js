import Fastify from 'fastify';
import { createNodeRelay } from 'utmost/relay/node';

const relay = createNodeRelay({ applicationId: process.env.APPLICATION_ID });

const app = Fastify();
app.all('/t/*', relay);
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
