import { installGlobal } from './client/install-global.ts';
import { createDefaultClient } from './client/page-client.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';

installGlobal(createDefaultClient(sendWithFetch));
