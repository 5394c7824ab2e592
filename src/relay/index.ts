export type { RelayOptions, UserComOptions } from './options.ts';
export { createRelay, type Relay, type RequestInfo } from './relay.ts';
