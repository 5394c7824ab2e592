import { createDefaultClient } from './default-client.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';
import { takeOver } from './take-over.ts';

takeOver(createDefaultClient(sendWithFetch));
