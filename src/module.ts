import { createDefaultClient } from './client/page-client.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';

const utmost = createDefaultClient(sendWithFetch);

/** The package's main entry in one file, for a page that imports from an address and has no bundler. */
export const {
  init,
  identifyUser,
  setUser,
  reset,
  setConsent,
  flush,
  getCampaign,
  getTouches,
  getAnonymousId,
  explain,
} = utmost;
export default utmost;
