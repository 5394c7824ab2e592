import { createServer } from 'node:http';
import { createNodeRelay } from 'utmost/relay/node';

const relay = createNodeRelay({ applicationId: process.env.APPLICATION_ID });

createServer(relay).listen(Number(process.env.PORT), '127.0.0.1');
