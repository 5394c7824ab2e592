export type { RelayOptions, UserComOptions } from './relay/options.ts';
export { type ConnectionInfo, createRelay, type Relay, type RequestContext } from './relay/relay.ts';
