import { createRelay } from 'utmost/relay';

export default {
  fetch(request, env, context) {
    const relay = createRelay({
      applicationId: env.APPLICATION_ID,
      upstream: env.UPSTREAM,
      trustProxy: 'cf-connecting-ip',
    });
    // With the context, the last update of a page that is gone is sent on all the same.
    return relay(request, env, context);
  },
};
