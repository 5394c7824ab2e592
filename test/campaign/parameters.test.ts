import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readParameters } from '../../src/campaign/parameters.ts';

const read = (query: string) => readParameters(`https://example.com/${query}`);
const campaign = (query: string) => read(query).campaign;

describe('what is read', () => {
  it('reads the five UTM parameters and gclid into fields of the same name', () => {
    expect(
      campaign('?utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&gclid=f&other=g'),
    ).toEqual({
      utm_source: 'a',
      utm_medium: 'b',
      utm_campaign: 'c',
      utm_term: 'd',
      utm_content: 'e',
      gclid: 'f',
    });
  });

  it.each(
    'utm_id gbraid wbraid dclid fbclid ttclid twclid msclkid li_fat_id rdt_cid sccid irclid epik yclid'.split(
      ' ',
    ),
  )('%s makes it a campaign visit without a field of its own', name => {
    const { campaignKey, campaign } = read(`?${name}=x1`);
    expect(campaignKey).toBe(`${name}=x1`);
    expect(campaign).toEqual({});
  });

  it.each([
    '',
    '?',
    '?a=b',
    '?utm=x',
    '?xutm_source=x',
    '?utm_sourcex=x',
    '?gclidx=1',
    '?fbclidx=1',
    '?xfbclid=1',
    '#top',
  ])('finds nothing in %j', query => {
    const { campaignKey, campaign, issues } = read(query);
    expect({ campaignKey, campaign, issues }).toEqual({ campaignKey: '', campaign: {}, issues: [] });
  });

  it('a referrer given as a parameter is no referrer', () => {
    expect(read('?referrer=evil.org&referring_domain=evil.org').campaignKey).toBe('');
  });

  it('a UTM inside another parameter’s value does not count', () => {
    expect(read('?next=https%3A%2F%2Fb.org%2F%3Futm_source%3Dx%26utm_medium%3Dy').campaignKey).toBe('');
    expect(read('?next=/b?utm_source=x').campaignKey).toBe('');
  });

  it('two visits with the same parameters have the same text to compare, others another', () => {
    expect(read('?utm_source=a&x=1').campaignKey).toBe(read('?utm_source=a&x=2#view').campaignKey);
    expect(read('?utm_source=a').campaignKey).not.toBe(read('?utm_source=b').campaignKey);
    expect(read('?utm_source=a&fbclid=1').campaignKey).not.toBe(read('?utm_source=a&fbclid=2').campaignKey);
  });
});

describe('decoding', () => {
  it.each([
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['a=b=c', 'a=b=c'],
    ['50%off', '50%off'],
    ['50%25off', '50%off'],
    ['%E4%BD%A0', '你'],
    ['%E0%A4%A', '\uFFFD%A'],
    ['%FFx', '\uFFFDx'],
    ['%F0%9F%8C%8A', '🌊'],
    ['a?b/c', 'a?b/c'],
  ])('%s reads as %s', (raw, value) => {
    expect(campaign(`?utm_campaign=${raw}&gclid=z`)).toEqual({ utm_campaign: value, gclid: 'z' });
  });

  it('reads every ordinary value as the URL standard does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w éß你🌊%&=+?#/-]{1,40}$/u), text => {
        // Blanks are trimmed, and %x%, %%x%% and __X__ are macros.
        fc.pre(text === text.trim() && !/^(%|__)/.test(text));
        const query = new URLSearchParams({ utm_source: text });
        expect(campaign(`?${query}`).utm_source).toBe(text);
      }),
    );
  });

  it('takes any string, as URL or as query, without throwing', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, text, (url, value) => {
        readParameters(url);
        const { campaign } = read(`?utm_source=${value}#?gclid=${value}`);
        for (const kept of Object.values(campaign)) expect(kept).toMatch(/^(?!\s).{1,512}$/su);
      }),
    );
  });
});

describe('which one counts', () => {
  it('the first of a repeated key', () => {
    const { campaign, issues } = read('?utm_source=a&utm_source=b');
    expect(campaign).toEqual({ utm_source: 'a' });
    expect(issues).toEqual([{ key: 'utm_source', code: 'repeated' }]);
  });

  it.each(['', '%20', '%7B%7Bx%7D%7D', 'me%40example.com'])('the first usable one, not %j', unusable => {
    expect(campaign(`?utm_source=${unusable}&utm_source=b`)).toEqual({ utm_source: 'b' });
  });

  it.each(['UTM_Source', 'amp;utm_source', 'amp;amp;utm_source', 'AMP;UTM_SOURCE'])('%s is repaired', key => {
    const { campaign, issues } = read(`?x=1&${key}=a`);
    expect(campaign).toEqual({ utm_source: 'a' });
    expect(issues).toEqual([{ key: 'utm_source', code: 'repaired-key' }]);
  });

  it('a query that was HTML-escaped once keeps all its parameters', () => {
    expect(campaign('?utm_source=a&amp;utm_medium=b&amp;GCLID=c')).toEqual({
      utm_source: 'a',
      utm_medium: 'b',
      gclid: 'c',
    });
  });

  it('a rightly spelled key wins over a repaired one before it', () => {
    expect(campaign('?UTM_SOURCE=wrong&utm_source=right')).toEqual({ utm_source: 'right' });
  });

  it('a repaired key wins over a rightly spelled one without a usable value', () => {
    expect(campaign('?utm_source=&UTM_SOURCE=a')).toEqual({ utm_source: 'a' });
  });
});

describe('the hash', () => {
  it.each(['#/route?utm_source=x', '#utm_source=x', '#?utm_source=x', '?a=b#/route?c=d&utm_source=x'])(
    'counts in %s',
    query => {
      const { campaign, issues } = read(query);
      expect(campaign).toEqual({ utm_source: 'x' });
      expect(issues).toContainEqual({ key: '#', code: 'from-hash' });
    },
  );

  it('counts only when the query has no campaign, and never adds to it', () => {
    const { campaign, issues } = read('?utm_source=real#/route?utm_source=x&utm_medium=y');
    expect(campaign).toEqual({ utm_source: 'real' });
    expect(issues).toEqual([]);
  });

  it('does not count when the query has a click id', () => {
    expect(read('?fbclid=1#utm_source=x').campaignKey).toBe('fbclid=1');
  });

  it('counts when the query’s campaign is unusable', () => {
    expect(campaign('?utm_source=%7Bkeyword%7D#utm_source=x')).toEqual({ utm_source: 'x' });
  });

  it('a question mark of the hash begins no query', () => {
    expect(campaign('#/a?utm_source=x?utm_medium=y')).toEqual({ utm_source: 'x?utm_medium=y' });
  });
});
