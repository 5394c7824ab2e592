import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: Deno.env.get('APPLICATION_ID') });

Deno.serve({ hostname: '127.0.0.1', port: Number(Deno.env.get('PORT')) }, relay);
