import type { Campaign } from '../shared/types.ts';
import { originOf, PAID_CLICK_IDS } from './origin.ts';
import { CHANNEL_RULES, type Channel } from './rules.ts';

export type { Channel };

/**
 * A campaign, as `getCampaign()` returns it and a request carries it. Further click ids may stand in it, as they do in
 * `metadata.attribution.first`.
 */
export type ChannelCampaign =
  | { readonly [K in keyof Campaign]?: string | null | undefined }
  | { readonly [field: string]: unknown };

/** Options of `channelOf`. */
export interface ChannelOptions {
  /**
   * Names of the click ids that count as the click of an ad. Default: `gclid gbraid wbraid dclid msclkid ttclid twclid
   * li_fat_id rdt_cid sccid yclid`. `[]` leaves the channel to tags and referrer. A name of your own is `Paid Other`,
   * where `utm_source` says no more.
   */
  paidClickIds?: readonly string[] | undefined;
}

/**
 * Names the channel of a campaign by Google Analytics 4's Default Channel Group. Pure; upper and lower case are one.
 * Nothing in, or no campaign at all, is `Direct`. Never throws: fields that are no text count as absent.
 *
 * @param campaign What `getCampaign()` returns, or the `campaign` of a request. Click ids may stand in it, too.
 * @param options Which click ids count as the click of an ad.
 * @returns The channel. `Unassigned`, where there are tags and no rule applies to them.
 */
export function channelOf(
  campaign: ChannelCampaign | null | undefined,
  options: ChannelOptions = {},
): Channel {
  const given: unknown = options?.paidClickIds;
  const paidClickIds: readonly string[] = Array.isArray(given) ? given : Object.keys(PAID_CLICK_IDS);
  const origin = originOf(typeof campaign === 'object' && campaign ? campaign : {}, paidClickIds);
  return CHANNEL_RULES.find(({ applies }) => applies(origin))?.channel ?? 'Unassigned';
}
