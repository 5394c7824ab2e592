import { home, type Landing, utm } from './landing.ts';

/** A tagged link without a referrer. */
const tagged = (
  name: string,
  query: string,
  campaign: Landing['campaign'],
  ...issues: string[]
): Landing => ({
  name,
  url: home(query),
  campaign,
  rule: 'campaign',
  issues,
});
const direct = (name: string, query: string, ...issues: string[]): Landing => ({
  name,
  url: home(query),
  campaign: {},
  rule: 'direct',
  issues,
});
const HASH = '#:from-hash';

/** How links are written: encodings, spellings of keys, repetition, hash routers, tags inside of values. */
export const spelling: Landing[] = [
  // Encodings
  tagged('a plus sign is a blank', '?utm_campaign=spring+sale', { utm_campaign: 'spring sale' }),
  tagged('%20 is a blank', '?utm_campaign=spring%20sale', { utm_campaign: 'spring sale' }),
  tagged('%2B is a plus sign', '?utm_campaign=a%2Bb', { utm_campaign: 'a+b' }),
  tagged('a literal blank', '?utm_campaign=spring sale', { utm_campaign: 'spring sale' }),
  tagged('encoded twice is decoded once', '?utm_campaign=spring%2520sale', { utm_campaign: 'spring%20sale' }),
  tagged('encoded thrice is decoded once', '?utm_campaign=a%252520b', { utm_campaign: 'a%2520b' }),
  tagged('a bare percent sign costs nothing', '?utm_campaign=50%off&gclid=x1', {
    utm_campaign: '50%off',
    gclid: 'x1',
  }),
  tagged('a percent sign at the end', '?utm_campaign=100%&utm_source=a', {
    utm_campaign: '100%',
    utm_source: 'a',
  }),
  tagged('half an escape', '?utm_campaign=a%2&utm_source=b', { utm_campaign: 'a%2', utm_source: 'b' }),
  tagged('Latin-1 bytes', '?utm_campaign=%E9t%E9&utm_source=b', {
    utm_campaign: '\uFFFDt\uFFFD',
    utm_source: 'b',
  }),
  tagged('UTF-8 cut off in a character', '?utm_campaign=caf%C3', { utm_campaign: 'caf\uFFFD' }),
  tagged('the old %u notation stays as it is', '?utm_campaign=%u00e9', { utm_campaign: '%u00e9' }),
  tagged('letters that need no encoding in a browser’s bar', '?utm_campaign=été', { utm_campaign: 'été' }),
  tagged('Chinese', '?utm_campaign=%E4%BD%A0%E5%A5%BD', { utm_campaign: '你好' }),
  tagged('an equals sign in a value', '?utm_campaign=a=b&utm_source=c', {
    utm_campaign: 'a=b',
    utm_source: 'c',
  }),
  tagged('an encoded ampersand stays in its value', '?utm_campaign=R%26D', { utm_campaign: 'R&D' }),
  tagged('an encoded hash stays in its value', '?utm_campaign=%231', { utm_campaign: '#1' }),
  tagged('an encoded underscore in a key', '?utm%5Fsource=a', utm('a')),
  direct('a query that was encoded as a whole is one key', '?utm_source%3Da%26utm_medium%3Db'),
  tagged('a semicolon separates nothing', '?utm_source=a;utm_medium=b', utm('a;utm_medium=b')),
  tagged('a second question mark belongs to the value', '?utm_source=a?utm_medium=b', utm('a?utm_medium=b')),
  tagged(
    'HTML-escaped twice',
    '?utm_source=a&amp;amp;utm_medium=b',
    utm('a', 'b'),
    'utm_medium:repaired-key',
  ),
  tagged('&amp; before the first key', '?&amp;utm_source=a', utm('a'), 'utm_source:repaired-key'),
  tagged('ampersands in a row', '?&&utm_source=a&&&utm_medium=b&', utm('a', 'b')),
  // Keys
  tagged(
    'capitals',
    '?UTM_SOURCE=A&Utm_Medium=B',
    utm('A', 'B'),
    'utm_source:repaired-key',
    'utm_medium:repaired-key',
  ),
  tagged('GCLID', '?GCLID=aBc', { gclid: 'aBc' }, 'gclid:repaired-key'),
  tagged('a value’s capitals are its own', '?utm_source=Google', utm('Google')),
  tagged('the right spelling wins, last', '?UTM_Source=a&utm_source=b', utm('b'), 'utm_source:repeated'),
  tagged('the right spelling wins, first', '?utm_source=b&UTM_Source=a', utm('b'), 'utm_source:repeated'),
  tagged(
    'of two repaired keys the first',
    '?UTM_SOURCE=a&Utm_Source=b',
    utm('a'),
    'utm_source:repaired-key',
    'utm_source:repeated',
  ),
  direct('a hyphen is no underscore', '?utm-source=a'),
  direct('other tools’ keys', '?mtm_source=a&pk_campaign=b&hsa_src=c&utm_nooverride=1&utm_creative_format=d'),
  direct('amp; within a key repairs nothing', '?utm_amp;source=a'),
  direct('a key in brackets', '?utm_source[]=a'),
  direct('names of the prototype', '?__proto__=a&constructor=b&toString=c'),
  // Repetition
  tagged('a repeated key: the first', '?utm_source=a&utm_source=b', utm('a'), 'utm_source:repeated'),
  tagged('a repeated key with one value', '?utm_source=a&utm_source=a', utm('a'), 'utm_source:repeated'),
  tagged(
    'a link tagged twice',
    '?utm_source=a&utm_medium=b&utm_source=c&utm_medium=d',
    utm('a', 'b'),
    'utm_source:repeated',
    'utm_medium:repeated',
  ),
  tagged(
    'an empty one does not count as the first',
    '?utm_source=&utm_source=b',
    utm('b'),
    'utm_source:empty',
  ),
  tagged('a macro does not count as the first', '?gclid={gclid}&gclid=b', { gclid: 'b' }, 'gclid:macro'),
  // The hash
  tagged('a hash router', '#/pricing?utm_source=a&utm_medium=b', utm('a', 'b'), HASH),
  tagged('a hashbang router', '#!/pricing?utm_source=a', utm('a'), HASH),
  tagged('a hash that is a query', '#utm_source=a&utm_medium=b', utm('a', 'b'), HASH),
  tagged('a hash router behind a query without a campaign', '?lang=de#/x?utm_source=a', utm('a'), HASH),
  tagged('an upper-case key in the hash', '#/x?UTM_Source=a', utm('a'), 'utm_source:repaired-key', HASH),
  tagged(
    'the query’s campaign counts before the hash’s',
    '?utm_source=a#/x?utm_source=b&utm_medium=c',
    utm('a'),
  ),
  tagged('a fragment behind the tags', '?utm_source=a#section-2', utm('a')),
  tagged('two number signs', '?utm_source=a#b#utm_source=c', utm('a')),
  direct('a fragment without tags', '#section-2'),
  direct('an OAuth answer in the hash', '#access_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig&state=x'),
  // Inside of values
  direct(
    'a UTM in an encoded redirect',
    '?redirect=https%3A%2F%2Fb.org%2F%3Futm_source%3Da%26utm_medium%3Db',
  ),
  direct('a UTM in a redirect that is not encoded', '?url=https://b.org/?utm_source=a'),
  tagged(
    'what follows an ampersand that was not encoded is the page’s own',
    '?url=https://b.org/?utm_source=a&utm_medium=b',
    { utm_medium: 'b' },
  ),
  tagged('own tags beside a redirect’s', '?next=%2F%3Futm_source%3Dx&utm_source=a', utm('a')),
  direct('a UTM in the path', 'a/utm_source=b&utm_medium=c'),
  direct('a UTM in a redirect in the hash', '#/login?next=%2F%3Futm_source%3Da'),
];
