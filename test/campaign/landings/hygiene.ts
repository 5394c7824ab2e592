import { from, home, type Landing, utm } from './landing.ts';

const long = 'x'.repeat(600);
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N';

const read = (name: string, query: string, campaign: Landing['campaign'], ...issues: string[]): Landing => ({
  name,
  url: home(query),
  campaign,
  rule: Object.keys(campaign).length ? 'campaign' : 'direct',
  issues,
});

/** The referrer of a visit, as it may leave. */
const seen = (
  name: string,
  referrer: string,
  shown: string,
  domain: string,
  ...issues: string[]
): Landing => ({
  name,
  url: home(),
  referrer,
  campaign: from(shown, domain),
  rule: 'referral',
  issues,
});

/** What may not leave, and what is no value. */
export const hygiene: Landing[] = [
  // Nothing there
  read('an empty value', '?utm_source=', {}, 'utm_source:empty'),
  read('a key without an equals sign', '?utm_source&utm_medium=a', { utm_medium: 'a' }, 'utm_source:empty'),
  read('a value of blanks', '?utm_source=%20+%20', {}, 'utm_source:trimmed', 'utm_source:empty'),
  read(
    'all five empty',
    '?utm_source=&utm_medium=&utm_campaign=&utm_term=&utm_content=',
    {},
    ...['source', 'medium', 'campaign', 'term', 'content'].map(key => `utm_${key}:empty`),
  ),
  read(
    'words for nothing are words',
    '?utm_source=null&utm_medium=undefined&utm_campaign=(not set)',
    utm('null', 'undefined', '(not set)'),
  ),
  read('zero is a value', '?utm_campaign=0', { utm_campaign: '0' }),
  // Changed
  read('blanks around a value', '?utm_source=%20google+', utm('google'), 'utm_source:trimmed'),
  read('a line break', '?utm_source=goo%0D%0Agle', utm('google'), 'utm_source:control-characters'),
  read(
    'a line break at the end, from a copied link',
    '?utm_source=google%0A',
    utm('google'),
    'utm_source:control-characters',
  ),
  read('a null byte', '?utm_source=a%00b', utm('ab'), 'utm_source:control-characters'),
  read('a tab between words', '?utm_source=a%09b', utm('ab'), 'utm_source:control-characters'),
  read('a byte order mark', '?utm_source=%EF%BB%BFa', utm('a'), 'utm_source:control-characters'),
  read(
    'a control character and a blank',
    '?utm_source=+a%07',
    utm('a'),
    'utm_source:control-characters',
    'utm_source:trimmed',
  ),
  read(
    'a long value is cut',
    `?utm_campaign=${long}`,
    { utm_campaign: long.slice(0, 512) },
    'utm_campaign:cut',
  ),
  read('a value of just the length', `?utm_campaign=${long.slice(0, 512)}`, {
    utm_campaign: long.slice(0, 512),
  }),
  read('markup is a text like any other', '?utm_source=<b>x</b>', utm('<b>x</b>')),
  // Dropped
  read('a long gclid is dropped', `?gclid=${long}&utm_source=a`, utm('a'), 'gclid:too-long'),
  read('a long gclid and nothing else', `?gclid=${long}`, {}, 'gclid:too-long'),
  read('an e-mail address', '?utm_source=a&utm_term=jane@customer.org', utm('a'), 'utm_term:email'),
  read('an encoded e-mail address', '?utm_source=a&utm_term=jane%40customer.org', utm('a'), 'utm_term:email'),
  read(
    'an e-mail address encoded twice',
    '?utm_source=a&utm_term=jane%2540customer.org',
    utm('a'),
    'utm_term:email',
  ),
  read(
    'an e-mail address with a tag',
    '?utm_source=a&utm_term=jane%2Bnews%40customer.org',
    utm('a'),
    'utm_term:email',
  ),
  read(
    'an e-mail address within words',
    '?utm_source=a&utm_content=for jane@customer.org only',
    utm('a'),
    'utm_content:email',
  ),
  read(
    'an @ that makes no address',
    '?utm_source=@brand&utm_content=3@night',
    utm('@brand', '', '', '', '3@night'),
  ),
  read('a JWT', `?utm_source=a&utm_content=${JWT}`, utm('a'), 'utm_content:jwt'),
  read('a JWT as gclid', `?gclid=${JWT}`, {}, 'gclid:jwt'),
  read('a JWT elsewhere in the query is not read', `?token=${JWT}&utm_source=a`, utm('a')),
  read('dots alone make no token', '?utm_campaign=eyes.wide.shut', { utm_campaign: 'eyes.wide.shut' }),
  // Referrers
  seen('a referrer’s credentials', 'https://jane:pw@news.org/a', 'https://news.org/a', 'news.org'),
  seen('a referrer’s name alone', 'https://jane@news.org/a', 'https://news.org/a', 'news.org'),
  seen(
    'a referrer’s query with a token',
    `https://news.org/a?token=${JWT}`,
    'https://news.org/a',
    'news.org',
  ),
  seen('a referrer’s fragment', 'https://news.org/a#jane', 'https://news.org/a', 'news.org'),
  seen(
    'an e-mail address in the referrer’s path',
    'https://news.org/u/jane@customer.org/x',
    'https://news.org/',
    'news.org',
    'referrer:email',
  ),
  seen(
    'an encoded one',
    'https://news.org/u/jane%40customer.org',
    'https://news.org/',
    'news.org',
    'referrer:email',
  ),
  seen(
    'a token in the referrer’s path',
    `https://news.org/reset/${JWT}`,
    'https://news.org/',
    'news.org',
    'referrer:jwt',
  ),
  seen(
    'a long path',
    `https://news.org/${long}`,
    `https://news.org/${long}`.slice(0, 512),
    'news.org',
    'referrer:cut',
  ),
  {
    name: 'personal data in an own page’s address is reported, and stays',
    url: home(),
    referrer: 'https://app.example.com/u/jane@customer.org',
    campaign: {},
    rule: 'internal',
    issues: ['referrer:email'],
  },
];
