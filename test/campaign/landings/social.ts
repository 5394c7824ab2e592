import { from, home, type Landing, utm } from './landing.ts';

const facebook = from('https://l.facebook.com/', 'l.facebook.com');
const fbclid = 'IwY2xjawHkZ0NleHRuA2FlbQIxMAABHQ_aem_7g';

/** Social networks: click ids, dynamic parameters, in-app browsers. */
export const social: Landing[] = [
  {
    name: 'an organic Facebook link: a click id and a redirector',
    url: home(`?fbclid=${fbclid}`),
    referrer: 'https://l.facebook.com/',
    campaign: facebook,
    rule: 'referral',
  },
  {
    name: 'a shared link that still has its fbclid',
    url: home(`?fbclid=${fbclid}`),
    campaign: {},
    rule: 'referral',
  },
  {
    name: 'the mobile redirector of Facebook with its own query',
    url: home(`?fbclid=${fbclid}`),
    referrer: 'https://lm.facebook.com/l.php?u=https%3A%2F%2Fwww.example.com&h=AT0',
    campaign: from('https://lm.facebook.com/l.php', 'lm.facebook.com'),
    rule: 'referral',
  },
  {
    name: 'Meta ads, dynamic parameters resolved',
    url: home(
      `?utm_source=fb&utm_medium=paid&utm_campaign=Spring+%7C+DE&utm_content=120210&fbclid=${fbclid}`,
    ),
    referrer: 'https://l.facebook.com/',
    campaign: { ...utm('fb', 'paid', 'Spring | DE', '', '120210'), ...facebook },
    rule: 'campaign',
  },
  {
    name: 'Meta ads, dynamic parameters unresolved',
    url: home(
      '?utm_source={{site_source_name}}&utm_medium=paid&utm_campaign={{campaign.name}}&utm_term={{adset.name}}',
    ),
    campaign: { utm_medium: 'paid' },
    rule: 'campaign',
    issues: ['utm_source:macro', 'utm_campaign:macro', 'utm_term:macro'],
  },
  {
    name: 'Meta ads, dynamic parameters unresolved and encoded',
    url: home('?utm_source=facebook&utm_content=%7B%7Bad.name%7D%7D-%7B%7Bplacement%7D%7D'),
    campaign: utm('facebook'),
    rule: 'campaign',
    issues: ['utm_content:macro'],
  },
  {
    name: 'nothing but unresolved parameters and a click id',
    url: home(`?utm_source={{site_source_name}}&fbclid=${fbclid}`),
    referrer: 'https://l.instagram.com/',
    campaign: from('https://l.instagram.com/', 'l.instagram.com'),
    rule: 'referral',
    issues: ['utm_source:macro'],
  },
  {
    name: 'a link in an Instagram profile',
    url: home(`?utm_source=ig&utm_medium=social&utm_content=link_in_bio&fbclid=${fbclid}`),
    referrer: 'https://l.instagram.com/',
    campaign: {
      ...utm('ig', 'social', '', '', 'link_in_bio'),
      ...from('https://l.instagram.com/', 'l.instagram.com'),
    },
    rule: 'campaign',
  },
  {
    name: 'Facebook’s in-app browser on Android',
    url: home(`?fbclid=${fbclid}`),
    referrer: 'android-app://com.facebook.katana/',
    campaign: from('android-app://com.facebook.katana/', 'com.facebook.katana'),
    rule: 'referral',
  },
  {
    name: 'Instagram’s in-app browser without a referrer, UTM only',
    url: home('?utm_source=instagram&utm_medium=story'),
    campaign: utm('instagram', 'story'),
    rule: 'campaign',
  },
  {
    name: 'TikTok ads, resolved',
    url: home('?utm_source=tiktok&utm_medium=paid&utm_campaign=177&ttclid=E.C.P.CrQB'),
    referrer: 'https://www.tiktok.com/',
    campaign: { ...utm('tiktok', 'paid', '177'), ...from('https://www.tiktok.com/', 'www.tiktok.com') },
    rule: 'campaign',
  },
  {
    name: 'TikTok ads, unresolved',
    url: home('?utm_source=tiktok&utm_campaign=__CAMPAIGN_NAME__&utm_content=__CID__&ttclid=__CLICKID__'),
    campaign: utm('tiktok'),
    rule: 'campaign',
    issues: ['utm_campaign:macro', 'utm_content:macro', 'ttclid:macro'],
  },
  {
    name: 'TikTok’s in-app browser',
    url: home('?ttclid=E.C.P'),
    referrer: 'https://www.tiktok.com/',
    campaign: from('https://www.tiktok.com/', 'www.tiktok.com'),
    rule: 'campaign',
  },
  {
    name: 'X ads',
    url: home('?twclid=2-3f8a&utm_source=twitter&utm_medium=paid'),
    referrer: 'https://t.co/',
    campaign: { ...utm('twitter', 'paid'), ...from('https://t.co/', 't.co') },
    rule: 'campaign',
  },
  {
    name: 'an organic link on X',
    url: home(),
    referrer: 'https://t.co/Ab3dE5fG7h',
    campaign: from('https://t.co/Ab3dE5fG7h', 't.co'),
    rule: 'referral',
  },
  {
    name: 'LinkedIn ads',
    url: home('?li_fat_id=0b3c-1a&utm_source=linkedin&utm_medium=sponsored&utm_campaign=ABM+Q1'),
    referrer: 'https://www.linkedin.com/',
    campaign: {
      ...utm('linkedin', 'sponsored', 'ABM Q1'),
      ...from('https://www.linkedin.com/', 'www.linkedin.com'),
    },
    rule: 'campaign',
  },
  {
    name: 'LinkedIn ads, unresolved',
    url: home('?li_fat_id=0b3c-1a&utm_source=linkedin&utm_campaign={{CAMPAIGN_NAME}}'),
    campaign: utm('linkedin'),
    rule: 'campaign',
    issues: ['utm_campaign:macro'],
  },
  {
    name: 'LinkedIn’s short links',
    url: home(),
    referrer: 'https://lnkd.in/eXyZ1234',
    campaign: from('https://lnkd.in/eXyZ1234', 'lnkd.in'),
    rule: 'referral',
  },
  {
    name: 'LinkedIn’s app on Android',
    url: home('?trk=public_post'),
    referrer: 'android-app://com.linkedin.android/',
    campaign: from('android-app://com.linkedin.android/', 'com.linkedin.android'),
    rule: 'referral',
  },
  {
    name: 'LinkedIn’s sign-in comes back: no referral',
    url: home('welcome?code=AQT'),
    referrer: 'https://www.linkedin.com/oauth/v2/authorization',
    campaign: {},
    rule: 'intermediary',
  },
  {
    name: 'Reddit’s redirector',
    url: home(),
    referrer: 'https://out.reddit.com/t3_1abc?url=https%3A%2F%2Fwww.example.com%2F&token=AQ',
    campaign: from('https://out.reddit.com/t3_1abc', 'out.reddit.com'),
    rule: 'referral',
  },
  {
    name: 'a click id no rule names',
    url: home('?igsh=471&mc_eid=9f&_hsenc=dj0y'),
    referrer: 'https://www.pinterest.com/',
    campaign: from('https://www.pinterest.com/', 'www.pinterest.com'),
    rule: 'referral',
  },
];
