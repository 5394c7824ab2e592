import { explain, flush, getAnonymousId, getCampaign, identifyUser, init, reset, setConsent } from './api.ts';

export { explain, flush, getAnonymousId, getCampaign, identifyUser, init, reset, setConsent } from './api.ts';
export type { Decision } from './campaign/attribution.ts';
export type { Note, NoteCode } from './campaign/parameters.ts';
export type { WireCampaign } from './campaign/payload.ts';
export type { Rule } from './campaign/rules.ts';
export type { Client } from './client.ts';
export type { Options } from './options.ts';
// Left out of the default export, and so of the script tag: it is for tests.
export { type SimulatedVisit, type Simulation, type SimulationOptions, simulateVisits } from './simulate.ts';
export type {
  Campaign,
  DeliveryEntry,
  DroppedReason,
  IdentifyOptions,
  MetadataValue,
  QueuedReason,
  Receipt,
  Touch,
  UserMetadata,
} from './types.ts';

export default { init, identifyUser, reset, setConsent, flush, getCampaign, getAnonymousId, explain };
