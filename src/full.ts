export type { Decision } from './campaign/attribution.ts';
export type { ParameterIssue, ParameterIssueCode } from './campaign/parameters.ts';
export type { WireCampaign } from './campaign/payload.ts';
export type { Client } from './client/client.ts';
export {
  createClient,
  decorateUrl,
  explain,
  flush,
  getAnonymousId,
  getCampaign,
  getCompanyId,
  getTouches,
  getUserId,
  identifyCompany,
  identifySession,
  identifyUser,
  init,
  reset,
  resetAnonymousId,
  setConsent,
  setUser,
  track,
} from './features/api.ts';
export type { Metadata } from './features/companies.ts';
export type { CrossDomainOptions } from './features/cross-domain/options.ts';
export type { DefaultFullClient, FullClient } from './features/full-client.ts';
export {
  cdtUrlDecorator,
  clearCookies,
  clearStorage,
  getSession,
  grantPublishingConsent,
  initBatching,
  isPublishingConsentGranted,
  moesif as default,
  recordEvent,
  revokePublishingConsent,
  start,
  stop,
  stopAllBatching,
  updateCompany,
  updateUser,
  useWeb3,
} from './features/moesif/moesif-api.ts';
export type {
  ReadyEvent,
  RecordedCall,
  RecordingMethods,
  RecordingOptions,
} from './features/moesif/recording.ts';
export type { RetiredOptions } from './features/moesif/unsupported.ts';
export type { RetiredMethods } from './features/moesif/unsupported-methods.ts';
export type { FullOptions } from './features/options.ts';
export type { Options } from './options/options.ts';
export type { Jsonable, JsonableUser } from './shared/jsonable.ts';
export type {
  Campaign,
  DeliveryEntry,
  DroppedReason,
  IdentifyOptions,
  Json,
  JsonObject,
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
