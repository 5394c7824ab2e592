import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: process.env.APPLICATION_ID });

const app = new Hono().all('/t/*', relay);
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
