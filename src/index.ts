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
export type { Client } from './client.ts';
export type { DefaultClient } from './default-client.ts';
export type { Jsonable } from './jsonable.ts';
export type { Options } from './options.ts';
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
