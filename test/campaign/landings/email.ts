import { from, home, type Landing, utm } from './landing.ts';

/** Newsletters and automation: what the mail tools append, and the mail programs in between. */
export const email: Landing[] = [
  {
    name: 'Mailchimp',
    url: home(
      '?utm_source=Main+List&utm_campaign=6f1f7b-EMAIL_2026_01&utm_medium=email&utm_term=0_a1-6f1f7b-1234&mc_cid=6f1f7b&mc_eid=UNIQID',
    ),
    campaign: utm('Main List', 'email', '6f1f7b-EMAIL_2026_01', '0_a1-6f1f7b-1234'),
    rule: 'campaign',
  },
  { name: 'Mailchimp’s own ids alone', url: home('?mc_cid=6f1f7b&mc_eid=9a'), campaign: {}, rule: 'direct' },
  {
    name: 'HubSpot, tracking hash and all',
    url: home(
      '?utm_campaign=Q1&utm_medium=email&_hsenc=p2ANqtz-8&_hsmi=2953&utm_content=2953&utm_source=hs_email',
    ),
    campaign: utm('hs_email', 'email', 'Q1', '', '2953'),
    rule: 'campaign',
  },
  {
    name: 'HubSpot with a contact’s address in the content',
    url: home('?utm_source=hs_email&utm_medium=email&utm_content=jane.doe%40customer.org'),
    campaign: utm('hs_email', 'email'),
    rule: 'campaign',
    issues: ['utm_content:email'],
  },
  {
    name: 'Klaviyo',
    url: home('?utm_source=Klaviyo&utm_medium=email&utm_campaign=Welcome%20%231%20%28abc%29&_kx=9xYz.Ab1'),
    campaign: utm('Klaviyo', 'email', 'Welcome #1 (abc)'),
    rule: 'campaign',
  },
  {
    name: 'Klaviyo, a template tag left as it was',
    url: home('?utm_source=Klaviyo&utm_campaign=%7B%7B%20message.name%7Cdefault%3A%27x%27%20%7D%7D'),
    campaign: utm('Klaviyo'),
    rule: 'campaign',
    issues: ['utm_campaign:macro'],
  },
  {
    name: 'Marketo with its token',
    url: home('?utm_source=marketo&utm_medium=email&mkt_tok=MTIzLUFCQy00NTYAAAG'),
    campaign: utm('marketo', 'email'),
    rule: 'campaign',
  },
  {
    name: 'Marketo, a lead token left as it was',
    url: home('?utm_source=marketo&utm_content={{lead.Email Address:default=none}}'),
    campaign: utm('marketo'),
    rule: 'campaign',
    issues: ['utm_content:macro'],
  },
  {
    name: 'ActiveCampaign',
    url: home(
      '?utm_source=ActiveCampaign&utm_medium=email&utm_content=Hi%21&utm_campaign=Jan&vgo_ee=2jf%2Bk%3A9',
    ),
    campaign: utm('ActiveCampaign', 'email', 'Jan', '', 'Hi!'),
    rule: 'campaign',
  },
  {
    name: 'Customer.io',
    url: home('?utm_campaign=trial+day+3&utm_content=Day+3&utm_medium=email_action&utm_source=customer.io'),
    campaign: utm('customer.io', 'email_action', 'trial day 3', '', 'Day 3'),
    rule: 'campaign',
  },
  {
    name: 'a mail server’s merge field left as it was',
    url: home('?utm_source=sfmc&utm_campaign=%25%25emailname_%25%25'),
    campaign: utm('sfmc'),
    rule: 'campaign',
    issues: ['utm_campaign:macro'],
  },
  {
    name: 'Campaign Monitor',
    url: home('?utm_medium=email&utm_campaign=News%20January%202026&utm_source=YMLP&utm_term=Read%20more'),
    campaign: utm('YMLP', 'email', 'News January 2026', 'Read more'),
    rule: 'campaign',
  },
  {
    name: 'a subject line with an emoji and an ampersand',
    url: home('?utm_source=brevo&utm_campaign=%F0%9F%8E%89%20Sale%20%26%20more'),
    campaign: utm('brevo', '', '🎉 Sale & more'),
    rule: 'campaign',
  },
  {
    name: 'Outlook SafeLinks: nothing of its query leaves',
    url: home('?utm_source=news&utm_medium=email'),
    referrer:
      'https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.com%2F&data=05%7C02%7Cjane%40corp.org%7C',
    campaign: {
      ...utm('news', 'email'),
      ...from('https://nam02.safelinks.protection.outlook.com/', 'nam02.safelinks.protection.outlook.com'),
    },
    rule: 'campaign',
  },
  {
    name: 'a SafeLinks link without tags',
    url: home(),
    referrer: 'https://eur01.safelinks.protection.outlook.com/?url=x',
    campaign: from(
      'https://eur01.safelinks.protection.outlook.com/',
      'eur01.safelinks.protection.outlook.com',
    ),
    rule: 'referral',
  },
  {
    name: 'a tagged link whose ampersands were HTML-escaped in the mail',
    url: home('?utm_source=news&amp;utm_medium=email&amp;utm_campaign=jan'),
    campaign: utm('news', 'email', 'jan'),
    rule: 'campaign',
    issues: ['utm_medium:repaired-key', 'utm_campaign:repaired-key'],
  },
  {
    name: 'webmail',
    url: home(),
    referrer: 'https://mail.google.com/',
    campaign: from('https://mail.google.com/', 'mail.google.com'),
    rule: 'referral',
  },
  {
    name: 'Gmail on Android',
    url: home('?utm_source=news'),
    referrer: 'android-app://com.google.android.gm/',
    campaign: { ...utm('news'), ...from('android-app://com.google.android.gm/', 'com.google.android.gm') },
    rule: 'campaign',
  },
  {
    name: 'Apple Mail: nothing to go by',
    url: home(),
    referrer: '',
    campaign: {},
    rule: 'direct',
  },
  {
    name: 'an unsubscribe link with the reader’s address in a parameter that is not read',
    url: home('unsubscribe?email=jane%40customer.org&utm_source=news'),
    campaign: utm('news'),
    rule: 'campaign',
  },
  {
    name: 'a mail tool’s click domain as referrer, a token in its path',
    url: home('?utm_source=news'),
    referrer: 'https://click.mailer.org/ls/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig/x',
    campaign: { ...utm('news'), ...from('https://click.mailer.org/', 'click.mailer.org') },
    rule: 'campaign',
    issues: ['referrer:jwt'],
  },
];
