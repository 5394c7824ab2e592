import { sendWithKy } from '../delivery/send-with-ky.ts';
import { createFull } from './instances.ts';

/** The page's first instance, as the default export has it. */
export const full = /* @__PURE__ */ createFull(sendWithKy);

export const {
  init,
  createClient,
  identifyUser,
  identifyCompany,
  identifySession,
  track,
  reset,
  resetAnonymousId,
  clearCookies,
  clearStorage,
  setConsent,
  grantPublishingConsent,
  revokePublishingConsent,
  isPublishingConsentGranted,
  flush,
  getCampaign,
  getAnonymousId,
  getUserId,
  getCompanyId,
  getSession,
  explain,
  decorateUrl,
  cdtUrlDecorator,
  start,
  stop,
  useWeb3,
  updateUser,
  updateCompany,
  recordEvent,
  initBatching,
  stopAllBatching,
} = full;
