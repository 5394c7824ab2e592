import { createDefaultClient } from './client/default-client.ts';
import { installGlobal } from './client/install-global.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';

installGlobal(createDefaultClient(sendWithFetch));
