import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: process.env.APPLICATION_ID });

const app = express();
app.use(
  '/t',
  getRequestListener((request, { incoming }) => relay(request, { address: incoming.socket.remoteAddress })),
);
app.listen(Number(process.env.PORT), '127.0.0.1');
