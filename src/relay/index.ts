export type { RelayOptions, UserComOptions } from './options.ts';
export { type ConnectionInfo, createRelay, type Relay } from './relay.ts';
