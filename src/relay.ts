export type { RelayOptions, UserComOptions } from './relay/options.ts';
export { type ConnectionInfo, createRelay, type Relay } from './relay/relay.ts';
