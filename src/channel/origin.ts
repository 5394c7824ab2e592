import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { siteKindOf } from './site-kind.ts';
import type { SiteKind } from './site-lists.ts';

/** The origin of a visit in the words of Google Analytics, in lower case. */
export interface Origin {
  source: string;
  medium: string;
  campaign: string;
  /** The kind of the source, where it is a known site. */
  site: SiteKind | undefined;
}

/** Click ids of ads, each with the source and medium that it stands for. */
export const PAID_CLICK_IDS: Readonly<Record<string, readonly [source: string, medium: string]>> = {
  gclid: ['google', 'cpc'],
  gbraid: ['google', 'cpc'],
  wbraid: ['google', 'cpc'],
  dclid: ['dv360', 'display'],
  msclkid: ['bing', 'cpc'],
  ttclid: ['tiktok', 'cpc'],
  twclid: ['twitter', 'cpc'],
  li_fat_id: ['linkedin', 'cpc'],
  rdt_cid: ['reddit', 'cpc'],
  sccid: ['snapchat', 'cpc'],
  yclid: ['yandex', 'cpc'],
};

export const PAID_MEDIUM = /^(.*cp.*|ppc|retargeting|paid.*)$/;
export const DISPLAY_MEDIA: readonly string[] = ['display', 'banner', 'expandable', 'interstitial', 'cpm'];

/** Returns a field of an untrusted campaign as a text in lower case; '' where it is none. */
const textOf = (campaign: object, name: string): string => {
  const value = tryOrUndefined(() => (campaign as Record<string, unknown>)[name]);
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
};

/** Returns the host of the referrer, or the package of an Android app. */
function domainOf(campaign: object): string {
  const domain =
    textOf(campaign, 'referring_domain') ||
    (/^[a-z][a-z\d+.-]*:\/\/(?:[^/?#]*@)?([^/?#:]+)/.exec(textOf(campaign, 'referrer'))?.[1] ?? '');
  return domain.replace(/:\d+$/, '');
}

/**
 * Finds source, medium and campaign as Google Analytics would: the click of an ad, else the tags, else the referrer.
 * Tags that name a kind of advertising themselves go before a click id, for they say more.
 */
export function originOf(campaign: object, paidClickIds: readonly string[]): Origin {
  const [source, medium, name] = ['utm_source', 'utm_medium', 'utm_campaign'].map(field =>
    textOf(campaign, field),
  ) as [string, string, string];
  const make = (source: string, medium: string): Origin => ({
    source,
    medium,
    campaign: name,
    site: siteKindOf(source),
  });
  const clickId = paidClickIds.find(id => textOf(campaign, id));
  const isAd = PAID_MEDIUM.test(medium) || DISPLAY_MEDIA.includes(medium);
  if (clickId !== undefined) {
    const [clickSource, clickMedium] = (Object.hasOwn(PAID_CLICK_IDS, clickId) &&
      PAID_CLICK_IDS[clickId]) || ['', 'cpc'];
    if (isAd) return make(source || clickSource, medium);
    return make(clickSource || source, clickMedium);
  }
  if (source || medium || name) return make(source || '(not set)', medium || '(not set)');
  const domain = domainOf(campaign);
  if (!domain) return make('(direct)', '(none)');
  const { site } = make(domain, '');
  return make(domain, site === 'search' ? 'organic' : site === 'ai' ? 'ai-assistant' : 'referral');
}
