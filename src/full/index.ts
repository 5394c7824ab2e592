export type { Decision } from '../campaign/attribution.ts';
export type { Note, NoteCode } from '../campaign/parameters.ts';
export type { WireCampaign } from '../campaign/payload.ts';
export type { Client } from '../client.ts';
export type { Jsonable } from '../jsonable.ts';
export type { Options } from '../options.ts';
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
  UserMetadata,
} from '../types.ts';
export {
  createClient,
  decorateUrl,
  explain,
  flush,
  getAnonymousId,
  getCampaign,
  getCompanyId,
  getUserId,
  identifyCompany,
  identifySession,
  identifyUser,
  init,
  reset,
  resetAnonymousId,
  setConsent,
  track,
} from './api.ts';
export type { CrossDomainOptions } from './cross-domain-options.ts';
export type { DefaultFullClient, FullClient, Metadata, RetiredMethods } from './full-client.ts';
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
} from './moesif-api.ts';
export type { FullOptions } from './options.ts';
export type { RetiredOptions } from './retired.ts';
