import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: process.env.APPLICATION_ID });

Bun.serve({ hostname: '127.0.0.1', port: Number(process.env.PORT), fetch: relay });
