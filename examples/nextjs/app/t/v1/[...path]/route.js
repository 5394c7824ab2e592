import { createRelayRoute } from 'utmost/next';

export const { POST, OPTIONS } = createRelayRoute({
  applicationId: process.env.APPLICATION_ID,
  upstream: process.env.UPSTREAM,
});
