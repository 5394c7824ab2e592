import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: process.env.APPLICATION_ID });

const app = new Hono();
app.all('/t/*', c => relay(c.req.raw, { address: getConnInfo(c).remote.address }));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
