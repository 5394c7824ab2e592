export {
  explain,
  flush,
  getAnonymousId,
  getCampaign,
  identifyUser,
  init,
  reset,
  setConsent,
  utmost as default,
} from './api.ts';
export type { Decision } from './campaign/attribution.ts';
export type { Note, NoteCode } from './campaign/parameters.ts';
export type { WireCampaign } from './campaign/payload.ts';
export type { Client } from './client.ts';
export type { DefaultClient } from './default-client.ts';
export type { Jsonable } from './jsonable.ts';
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
  Rule,
  Touch,
  UserMetadata,
} from './types.ts';
