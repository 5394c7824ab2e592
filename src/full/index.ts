export type { Decision } from '../campaign/attribution.ts';
export type { Note, NoteCode } from '../campaign/parameters.ts';
export type { WireCampaign } from '../campaign/payload.ts';
export type { Rule } from '../campaign/rules.ts';
export type { Client } from '../client.ts';
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
  Touch,
  UserMetadata,
} from '../types.ts';
export {
  cdtUrlDecorator,
  clearCookies,
  clearStorage,
  createClient,
  decorateUrl,
  explain,
  flush,
  full as default,
  getAnonymousId,
  getCampaign,
  getCompanyId,
  getSession,
  getUserId,
  grantPublishingConsent,
  identifyCompany,
  identifySession,
  identifyUser,
  init,
  initBatching,
  isPublishingConsentGranted,
  recordEvent,
  reset,
  resetAnonymousId,
  revokePublishingConsent,
  setConsent,
  start,
  stop,
  stopAllBatching,
  track,
  updateCompany,
  updateUser,
  useWeb3,
} from './api.ts';
export type { CrossDomainOptions } from './cross-domain-options.ts';
export type { FullClient, Metadata, RetiredMethods } from './full-client.ts';
export type { FullOptions } from './options.ts';
export type { RetiredOptions } from './retired.ts';
