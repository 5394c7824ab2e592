import { describe, expect, it } from 'vitest';
import { readParameters } from '../../src/campaign/parameters.ts';

const read = (query: string) => readParameters(`https://www.example.com/${query}`);
const REPAIRED = 'repaired-key';

describe('a link as it was meant', () => {
  it.each<[string, string, object]>([
    [
      'a slash before the first key',
      '?/utm_source=fb&utm_medium=social',
      { utm_source: 'fb', utm_medium: 'social' },
    ],
    ['a slash before a later key', '?page=2&/utm_source=fb', { utm_source: 'fb' }],
    ['three, and a slash', '???/utm_source=fb', { utm_source: 'fb' }],
    [
      'an encoded blank before the key',
      '?%20utm_source=fb&+utm_medium=cpc',
      { utm_source: 'fb', utm_medium: 'cpc' },
    ],
    ['a blank behind the key', '?utm_source%20=fb', { utm_source: 'fb' }],
    ['HTML’s ampersand', '?utm_source=fb&amp;utm_medium=cpc', { utm_source: 'fb', utm_medium: 'cpc' }],
    [
      'HTML’s ampersand twice over',
      '?utm_source=fb&amp;amp;utm_medium=cpc',
      { utm_source: 'fb', utm_medium: 'cpc' },
    ],
    ['HTML’s ampersand in capitals', '?a=1&AMP;gclid=g', { gclid: 'g' }],
    ['a slash before a click id', '?/gclid=g', { gclid: 'g' }],
    ['all in a hash', '#/?/utm_source=fb', { utm_source: 'fb' }],
  ])('%s', (_, query, campaign) => {
    const { campaign: actual, issues } = read(query);
    expect(actual).toEqual(campaign);
    expect(issues.map(({ code }) => code)).toContain(REPAIRED);
  });

  it('two question marks are one, as the URL standard has it', () => {
    expect(read('??utm_source=fb&utm_medium=social').campaign).toEqual({
      utm_source: 'fb',
      utm_medium: 'social',
    });
  });

  it('a rightly spelled key wins over a repaired one, wherever it stands', () => {
    expect(read('?/utm_source=wrong&utm_source=right').campaign).toEqual({ utm_source: 'right' });
    expect(read('?utm_source=right&%20utm_source=wrong').campaign).toEqual({ utm_source: 'right' });
  });

  it.each(['?xutm_source=a', '?utm.source=a', '?my/utm_source=a', '?a?utm_source=a', '?-utm_source=a'])(
    'what merely ends alike is another parameter: %s',
    query => expect(read(query)).toMatchObject({ campaignKey: '', issues: [] }),
  );
});

describe('a click id glued on by a question mark', () => {
  it.each<[string, string, object, object]>([
    [
      'to a tag',
      '?utm_source=fb&utm_medium=cpc?fbclid=F',
      { utm_source: 'fb', utm_medium: 'cpc' },
      { fbclid: 'F' },
    ],
    [
      'to a tag in the middle',
      '?utm_source=fb?gclid=G&utm_medium=cpc',
      { utm_source: 'fb', utm_medium: 'cpc', gclid: 'G' },
      {},
    ],
    [
      'to a tag that holds an address',
      '?utm_content=https://a.io/b?msclkid=M',
      { utm_content: 'https://a.io/b' },
      { msclkid: 'M' },
    ],
    ['to another parameter', '?page=2?gclid=G', { gclid: 'G' }, {}],
    ['to another parameter without a value', '?ref?ttclid=T', {}, { ttclid: 'T' }],
    ['to nothing', '?utm_source=a&?li_fat_id=L', { utm_source: 'a' }, { li_fat_id: 'L' }],
    ['to a tag behind a slash', '?/utm_source=fb?fbclid=F', { utm_source: 'fb' }, { fbclid: 'F' }],
    ['to HTML’s ampersand', '?a=1&amp;utm_medium=cpc?twclid=T', { utm_medium: 'cpc' }, { twclid: 'T' }],
    [
      'to another click id',
      '?utm_source=fb?gclid=G?fbclid=F',
      { utm_source: 'fb', gclid: 'G' },
      { fbclid: 'F' },
    ],
    ['in capitals', '?utm_medium=cpc?FBCLID=F', { utm_medium: 'cpc' }, { fbclid: 'F' }],
    ['in a hash router', '#/p?utm_medium=cpc?wbraid=W', { utm_medium: 'cpc' }, { wbraid: 'W' }],
    [
      'to two tags',
      '?utm_source=a?gclid=1&utm_medium=b?dclid=2',
      { utm_source: 'a', utm_medium: 'b', gclid: '1' },
      { dclid: '2' },
    ],
  ])('%s', (_, query, campaign, clickIds) => {
    const parameters = read(query);
    expect([parameters.campaign, parameters.clickIds]).toEqual([campaign, clickIds]);
    expect(parameters.issues.map(({ code }) => code)).toContain(REPAIRED);
  });

  it.each<[string, string, object]>([
    ['before anything else', '?utm_term=why?because', { utm_term: 'why?because' }],
    ['before a tag', '?utm_term=a?utm_medium=b', { utm_term: 'a?utm_medium=b' }],
    ['before what only begins like a click id', '?utm_term=a?gclids=b', { utm_term: 'a?gclids=b' }],
    ['before a click id’s bare name', '?utm_term=what+is+a?gclid', { utm_term: 'what is a?gclid' }],
    ['that is encoded', '?utm_term=a%3Fgclid%3Db', { utm_term: 'a?gclid=b' }],
    ['at the end', '?utm_term=really?', { utm_term: 'really?' }],
  ])('leaves a question mark %s in the value', (_, query, campaign) => {
    expect(read(query)).toMatchObject({ campaign, clickIds: {}, issues: [] });
  });

  it.each([
    '?redirect=https://shop.org/p?gclid=G',
    '?next=/checkout?fbclid=F',
    '?url=//cdn.org/x?msclkid=M&page=2',
    '?a=1&return_to=/a/b?utm_source=x?gclid=G',
    '?u=android-app://x/y?ttclid=T',
  ])('is that of another address where it stands in one: %s', query => {
    expect(read(query)).toMatchObject({ campaignKey: '', issues: [] });
  });
});
