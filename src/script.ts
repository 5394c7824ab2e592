import { createDefaultClient } from './client/default-client.ts';
import { takeOver } from './client/install-global.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';

takeOver(createDefaultClient(sendWithFetch));
