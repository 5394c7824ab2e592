import { createRelay } from 'utmost/relay';

export default {
  fetch(request, env, context) {
    const relay = createRelay({ applicationId: env.APPLICATION_ID, trustProxy: 'cf-connecting-ip' });
    return relay(request, env, context);
  },
};
