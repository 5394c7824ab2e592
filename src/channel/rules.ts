import { DISPLAY_MEDIA, type Origin, PAID_MEDIUM } from './origin.ts';

/**
 * A channel of Google Analytics 4's Default Channel Group. `Unassigned`: no row of the definition applies.
 */
export type Channel =
  | 'Direct'
  | 'Cross-network'
  | 'Paid Shopping'
  | 'Paid Search'
  | 'Paid Social'
  | 'Paid Video'
  | 'Display'
  | 'Paid Other'
  | 'AI Assistant'
  | 'Organic Shopping'
  | 'Organic Social'
  | 'Organic Video'
  | 'Organic Search'
  | 'Referral'
  | 'Email'
  | 'Affiliates'
  | 'Audio'
  | 'SMS'
  | 'Mobile Push Notifications'
  | 'Unassigned';

/** A row of the definition: a channel, its condition as published, and the test of it. */
interface ChannelRule {
  channel: Channel;
  condition: string;
  applies(origin: Origin): boolean;
}

const SHOP = /^(.*(([^a-df-z]|^)shop|shopping).*)$/;
const EMAIL = /^(email|e-mail|e_mail|e mail)$/;
const SOCIAL_MEDIA = ['social', 'social-network', 'social-media', 'sm', 'social network', 'social media'];
const PAID = 'Medium matches regex ^(.*cp.*|ppc|retargeting|paid.*)$';
const SHOPPING =
  'Source matches a list of shopping sites OR Campaign Name matches regex ^(.*(([^a-df-z]|^)shop|shopping).*)$';
const oneOf = (values: readonly string[]) =>
  `Medium is one of (${values.map(each => `"${each}"`).join(', ')})`;

const isPaid = ({ medium }: Origin) => PAID_MEDIUM.test(medium);
const isShopping = ({ site, campaign }: Origin) => site === 'shopping' || SHOP.test(campaign);

/**
 * Google Analytics 4's Default Channel Group for manual traffic, in the published order; the first row that applies
 * decides. Its help page (answer 9756891) names no list of AI assistants: their row says what this project does.
 */
export const CHANNEL_RULES: readonly ChannelRule[] = [
  {
    channel: 'Direct',
    condition: 'Source exactly matches "(direct)" AND Medium is one of ("(not set)", "(none)")',
    applies: ({ source, medium }) => source === '(direct)' && /^\((not set|none)\)$/.test(medium),
  },
  {
    channel: 'Cross-network',
    condition: 'Campaign Name contains "cross-network"',
    applies: ({ campaign }) => campaign.includes('cross-network'),
  },
  {
    channel: 'Paid Shopping',
    condition: `(${SHOPPING}) AND ${PAID}`,
    applies: origin => isShopping(origin) && isPaid(origin),
  },
  {
    channel: 'Paid Search',
    condition: `Source matches a list of search sites AND ${PAID}`,
    applies: origin => origin.site === 'search' && isPaid(origin),
  },
  {
    channel: 'Paid Social',
    condition: `Source matches a regex list of social sites AND ${PAID}`,
    applies: origin => origin.site === 'social' && isPaid(origin),
  },
  {
    channel: 'Paid Video',
    condition: `Source matches a list of video sites AND ${PAID}`,
    applies: origin => origin.site === 'video' && isPaid(origin),
  },
  {
    channel: 'Display',
    condition: oneOf(DISPLAY_MEDIA),
    applies: ({ medium }) => DISPLAY_MEDIA.includes(medium),
  },
  { channel: 'Paid Other', condition: PAID, applies: isPaid },
  {
    channel: 'AI Assistant',
    condition: 'Medium exactly matches "ai-assistant" OR Source matches a list of AI assistants',
    applies: ({ site, medium }) => medium === 'ai-assistant' || site === 'ai',
  },
  { channel: 'Organic Shopping', condition: SHOPPING, applies: isShopping },
  {
    channel: 'Organic Social',
    condition: `Source matches a regex list of social sites OR ${oneOf(SOCIAL_MEDIA)}`,
    applies: ({ site, medium }) => site === 'social' || SOCIAL_MEDIA.includes(medium),
  },
  {
    channel: 'Organic Video',
    condition: 'Source matches a list of video sites OR Medium matches regex ^(.*video.*)$',
    applies: ({ site, medium }) => site === 'video' || medium.includes('video'),
  },
  {
    channel: 'Organic Search',
    condition: 'Source matches a list of search sites OR Medium exactly matches organic',
    applies: ({ site, medium }) => site === 'search' || medium === 'organic',
  },
  {
    channel: 'Referral',
    condition: oneOf(['referral', 'app', 'link']),
    applies: ({ medium }) => /^(referral|app|link)$/.test(medium),
  },
  {
    channel: 'Email',
    condition: 'Source = email|e-mail|e_mail|e mail OR Medium = email|e-mail|e_mail|e mail',
    applies: ({ source, medium }) => EMAIL.test(source) || EMAIL.test(medium),
  },
  {
    channel: 'Affiliates',
    condition: 'Medium = affiliate',
    applies: ({ medium }) => medium === 'affiliate',
  },
  {
    channel: 'Audio',
    condition: 'Medium exactly matches audio',
    applies: ({ medium }) => medium === 'audio',
  },
  {
    channel: 'SMS',
    condition: 'Source exactly matches sms OR Medium exactly matches sms',
    applies: ({ source, medium }) => source === 'sms' || medium === 'sms',
  },
  {
    channel: 'Mobile Push Notifications',
    condition:
      'Medium ends with "push" OR Medium contains "mobile" or "notification" OR Source exactly matches "firebase"',
    applies: ({ source, medium }) => /push$|mobile|notification/.test(medium) || source === 'firebase',
  },
];
