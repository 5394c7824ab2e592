import { flush, getAnonymousId, getCampaign, identifyUser, init, reset } from './api.ts';

export { flush, getAnonymousId, getCampaign, identifyUser, init, reset } from './api.ts';
export type { Client } from './client.ts';
export type { Options } from './options.ts';
export type { Campaign, IdentifyOptions, MetadataValue, Receipt, UserMetadata } from './types.ts';

export default { init, identifyUser, reset, flush, getCampaign, getAnonymousId };
