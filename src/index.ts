export type { Decision } from './campaign/attribution.ts';
export type { ParameterIssue, ParameterIssueCode } from './campaign/parameters.ts';
export {
  explain,
  flush,
  getAnonymousId,
  getCampaign,
  getTouches,
  identifyUser,
  init,
  reset,
  setConsent,
  setUser,
  utmost as default,
} from './client/api.ts';
export type { Client } from './client/client.ts';
export type { DefaultClient } from './client/page-client.ts';
export type { Options } from './options/options.ts';
export type { Jsonable, JsonableUser } from './shared/jsonable.ts';
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
  Touches,
  UnchangedReason,
  User,
  UserMetadata,
} from './shared/types.ts';
