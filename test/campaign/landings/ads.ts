import { from, home, type Landing, utm } from './landing.ts';

const google = from('https://www.google.com/', 'www.google.com');
const bing = from('https://www.bing.com/', 'www.bing.com');
const gclid = 'Cj0KCQiA-aGCBhCwARIsAHDl5x_9Qw3kz';

/** Search and display advertising: auto-tagging, ValueTrack and other macros. */
export const ads: Landing[] = [
  {
    name: 'Google Ads auto-tagging alone',
    url: home(`?gclid=${gclid}`),
    referrer: 'https://www.google.com/',
    campaign: { gclid, ...google },
    rule: 'campaign',
  },
  {
    name: 'Google Ads auto-tagging where the browser sent no referrer',
    url: home(`?gclid=${gclid}`),
    campaign: { gclid },
    rule: 'campaign',
  },
  {
    name: 'auto-tagging with gad_source and gclsrc, which are no campaign parameters',
    url: home(`?gad_source=1&gad_campaignid=211&gclid=${gclid}&gclsrc=aw.ds`),
    campaign: { gclid },
    rule: 'campaign',
  },
  { name: 'gad_source alone', url: home('?gad_source=1&gad_campaignid=211'), campaign: {}, rule: 'direct' },
  {
    name: 'ValueTrack, resolved',
    url: home(
      `?utm_source=google&utm_medium=cpc&utm_campaign=211&utm_term=running+shoes&utm_content=9_e_c&gclid=${gclid}`,
    ),
    referrer: 'https://www.google.com/',
    campaign: { ...utm('google', 'cpc', '211', 'running shoes', '9_e_c'), gclid, ...google },
    rule: 'campaign',
  },
  {
    name: 'ValueTrack, unresolved, as a preview click leaves it',
    url: home('?utm_source=google&utm_medium=cpc&utm_campaign={campaignid}&utm_term={keyword}'),
    campaign: utm('google', 'cpc'),
    rule: 'campaign',
    issues: ['utm_campaign:macro', 'utm_term:macro'],
  },
  {
    name: 'ValueTrack, unresolved and percent-encoded',
    url: home('?utm_source=google&utm_campaign=%7Bcampaignid%7D&utm_content=%7B_custom%7D'),
    campaign: utm('google'),
    rule: 'campaign',
    issues: ['utm_campaign:macro', 'utm_content:macro'],
  },
  {
    name: 'ValueTrack inside other text',
    url: home('?utm_source=google&utm_campaign=brand-{ifmobile:m}'),
    campaign: utm('google'),
    rule: 'campaign',
    issues: ['utm_campaign:macro'],
  },
  {
    name: 'an empty ValueTrack value, as for dynamic search ads',
    url: home('?utm_source=google&utm_medium=cpc&utm_term=&utm_campaign=dsa'),
    campaign: utm('google', 'cpc', 'dsa'),
    rule: 'campaign',
    issues: ['utm_term:empty'],
  },
  {
    name: 'an unresolved gclid macro and nothing else',
    url: home('?gclid={gclid}'),
    referrer: 'https://www.google.com/',
    campaign: google,
    rule: 'referral',
    issues: ['gclid:macro'],
  },
  {
    name: 'gbraid: a campaign without a field of its own',
    url: home('?gbraid=0AAAAADabc'),
    referrer: 'https://www.google.com/',
    campaign: google,
    rule: 'campaign',
  },
  { name: 'wbraid with nothing to send', url: home('?wbraid=CmAKCQ'), campaign: {}, rule: 'campaign' },
  {
    name: 'wbraid beside UTM',
    url: home('?wbraid=CmAKCQ&utm_source=google&utm_medium=cpc'),
    campaign: utm('google', 'cpc'),
    rule: 'campaign',
  },
  {
    name: 'dclid of a display click',
    url: home('?dclid=CPqT0&utm_source=dv360&utm_medium=display'),
    referrer: 'https://ad.doubleclick.net/ddm/clk/1;2',
    campaign: {
      ...utm('dv360', 'display'),
      ...from('https://ad.doubleclick.net/ddm/clk/1;2', 'ad.doubleclick.net'),
    },
    rule: 'campaign',
  },
  {
    name: 'a display macro in the shell’s spelling, unresolved',
    url: home('?utm_source=dv360&utm_campaign=$%7BCAMPAIGN_ID%7D'),
    campaign: utm('dv360'),
    rule: 'campaign',
    issues: ['utm_campaign:macro'],
  },
  {
    name: 'Performance Max with utm_id',
    url: home(`?utm_id=211&utm_source=google&utm_medium=cpc&gclid=${gclid}`),
    campaign: { ...utm('google', 'cpc'), gclid },
    rule: 'campaign',
  },
  { name: 'utm_id alone', url: home('?utm_id=211'), campaign: {}, rule: 'campaign' },
  {
    name: 'Microsoft Advertising with msclkid only',
    url: home('?msclkid=8e0f2f9a3b'),
    referrer: 'https://www.bing.com/',
    campaign: bing,
    rule: 'campaign',
  },
  {
    name: 'Microsoft Advertising with UTM auto-tagging',
    url: home(
      '?msclkid=8e0f&utm_source=bing&utm_medium=cpc&utm_campaign=Brand%20UK&utm_term=shoes&utm_content=Ad%201',
    ),
    referrer: 'https://www.bing.com/',
    campaign: { ...utm('bing', 'cpc', 'Brand UK', 'shoes', 'Ad 1'), ...bing },
    rule: 'campaign',
  },
  {
    name: 'Microsoft Advertising, unresolved',
    url: home(
      '?utm_source=bing&utm_campaign={CampaignId}&utm_term={keyword:default}&utm_content={QueryString}',
    ),
    campaign: utm('bing'),
    rule: 'campaign',
    issues: ['utm_campaign:macro', 'utm_term:macro', 'utm_content:macro'],
  },
  {
    name: 'a native ad network’s referrer and macros',
    url: home('?utm_source=taboola&utm_medium=native&utm_campaign={campaign_name}&utm_content=Title%3F'),
    referrer: 'https://trc.taboola.com/',
    campaign: {
      ...utm('taboola', 'native', '', '', 'Title?'),
      ...from('https://trc.taboola.com/', 'trc.taboola.com'),
    },
    rule: 'campaign',
    issues: ['utm_campaign:macro'],
  },
  {
    name: 'a tag template nobody filled in',
    url: home('?utm_source=[SOURCE]&utm_medium=[utm_medium]&utm_campaign=[UTM]'),
    campaign: {},
    rule: 'direct',
    issues: ['utm_source:macro', 'utm_medium:macro', 'utm_campaign:macro'],
  },
  {
    name: 'brackets that belong to a campaign’s name',
    url: home('?utm_source=google&utm_campaign=[UK] Brand'),
    campaign: utm('google', '', '[UK] Brand'),
    rule: 'campaign',
  },
];
