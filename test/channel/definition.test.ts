import { expect, it, test } from 'vitest';
import { type Channel, channelOf } from '../../src/channel/channel-of.ts';
import { CHANNEL_RULES } from '../../src/channel/rules.ts';

const PAID = 'Medium matches regex ^(.*cp.*|ppc|retargeting|paid.*)$';
const SHOP = 'Campaign Name matches regex ^(.*(([^a-df-z]|^)shop|shopping).*)$';

type Tags = [source?: string, medium?: string, campaign?: string];

/**
 * The table of support.google.com/analytics/answer/9756891, "Channels for manual traffic", in its order: channel, the
 * condition in Google's words, and tags that meet it. Not in the table: the row of AI assistants (see docs/channels.md).
 */
const DEFINITION: [Channel, string, Tags[]][] = [
  [
    'Direct',
    'Source exactly matches "(direct)" AND Medium is one of ("(not set)", "(none)")',
    [[], ['(direct)', '(none)'], ['(direct)', '(not set)'], ['(direct)']],
  ],
  [
    'Cross-network',
    'Campaign Name contains "cross-network"',
    [
      ['google', 'cpc', 'x Cross-Network'],
      ['a', 'b', 'cross-network'],
    ],
  ],
  [
    'Paid Shopping',
    `(Source matches a list of shopping sites OR ${SHOP}) AND ${PAID}`,
    [
      ['amazon', 'cpc'],
      ['google', 'ppc', 'shopping'],
      ['x', 'paid', 'my-shop'],
      ['x', 'retargeting', 'eshop'],
    ],
  ],
  [
    'Paid Search',
    `Source matches a list of search sites AND ${PAID}`,
    [
      ['google', 'cpc'],
      ['BING', 'CPC'],
      ['google', 'cpm'],
      ['google', 'ecpc', 'bishop'],
      ['yahoo', 'paidsearch'],
      ['baidu', 'ppc'],
    ],
  ],
  [
    'Paid Social',
    `Source matches a regex list of social sites AND ${PAID}`,
    [
      ['facebook', 'paid'],
      ['ig', 'paid_social'],
      ['linkedin.com', 'cpc'],
      ['t.co', 'retargeting'],
    ],
  ],
  [
    'Paid Video',
    `Source matches a list of video sites AND ${PAID}`,
    [
      ['youtube', 'cpc'],
      ['vimeo.com', 'paid-video'],
    ],
  ],
  [
    'Display',
    'Medium is one of ("display", "banner", "expandable", "interstitial", "cpm")',
    [
      ['google', 'display'],
      ['x', 'banner'],
      ['x', 'expandable'],
      ['x', 'interstitial'],
      ['x', 'cpm'],
    ],
  ],
  [
    'Paid Other',
    PAID,
    [
      ['newspaper', 'cpc'],
      ['x', 'paid'],
      ['chatgpt.com', 'cpc'],
      ['x', 'retargeting'],
    ],
  ],
  [
    'Organic Shopping',
    `Source matches a list of shopping sites OR ${SHOP.replace('Name', 'name')}`,
    [['etsy'], ['www.ebay.co.uk', 'referral'], ['x', 'y', 'shop'], ['x', 'y', 'summer shopping']],
  ],
  [
    'Organic Social',
    'Source matches a regex list of social sites OR Medium is one of ("social", "social-network", "social-media", "sm", "social network", "social media")',
    [
      ['facebook', 'post'],
      ['x', 'social'],
      ['x', 'social-network'],
      ['x', 'Social-Media'],
      ['x', 'sm'],
      ['x', 'social network'],
      ['x', 'social media'],
    ],
  ],
  [
    'Organic Video',
    'Source matches a list of video sites OR Medium matches regex ^(.*video.*)$',
    [['youtube'], ['x', 'my-video-page']],
  ],
  [
    'Organic Search',
    'Source matches a list of search sites OR Medium exactly matches organic',
    [['duckduckgo'], ['x', 'organic'], ['google', 'organic'], ['google', 'email']],
  ],
  [
    'Referral',
    'Medium is one of ("referral", "app", or "link")',
    [
      ['blog', 'referral'],
      ['blog', 'app'],
      ['blog', 'link'],
    ],
  ],
  [
    'Email',
    'Source = email|e-mail|e_mail|e mail OR Medium = email|e-mail|e_mail|e mail',
    [['email'], ['x', 'email'], ['x', 'E-Mail'], ['e_mail', 'x'], ['e mail'], ['x', 'e mail']],
  ],
  ['Affiliates', 'Medium = affiliate', [['x', 'affiliate']]],
  ['Audio', 'Medium exactly matches audio', [['x', 'audio']]],
  ['SMS', 'Source exactly matches sms OR Medium exactly matches sms', [['sms'], ['x', 'sms']]],
  [
    'Mobile Push Notifications',
    'Medium ends with "push" OR Medium contains "mobile" or "notification" OR Source exactly matches "firebase"',
    [['x', 'web-push'], ['x', 'a mobile b'], ['x', 'notifications'], ['firebase']],
  ],
];

test.each(DEFINITION)('%s: %s', (channel, _, all) => {
  for (const [utm_source, utm_medium, utm_campaign] of all)
    expect([utm_source, utm_medium, channelOf({ utm_source, utm_medium, utm_campaign })]).toEqual([
      utm_source,
      utm_medium,
      channel,
    ]);
});

it('the rows stand in the published order, with that of AI assistants between paid and unpaid', () => {
  const order = CHANNEL_RULES.map(({ channel }) => channel);
  expect(order.filter(channel => channel !== 'AI Assistant')).toEqual(DEFINITION.map(([channel]) => channel));
  expect(order.indexOf('AI Assistant')).toBe(order.indexOf('Paid Other') + 1);
});

it.each([
  ['newsletter'],
  ['newsletter', 'newsletter'],
  ['x', 'affiliates'],
  ['x', 'pushed'],
  ['x', 'emails'],
  [undefined, undefined, 'spring'],
  [undefined, undefined, 'workshop'],
  ['smsx', 'audiobook'],
  ['mygoogle'],
])(
  'Unassigned, as no row applies: %s / %s / %s',
  (utm_source, utm_medium?: string, utm_campaign?: string) => {
    expect(channelOf({ utm_source, utm_medium, utm_campaign })).toBe('Unassigned');
  },
);
