import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFaults } from '../../src/cli/faults.ts';

const RIGHT = 'utm_source=news&utm_medium=email';
const faultsOf = (query: string, allow = {}) =>
  findFaults(`https://shop.example/${query}`, { allow }).map(({ code, key, level }) =>
    [code, key ?? '', level === 'note' && 'note'].filter(Boolean).join(' '),
  );

describe('an address', () => {
  it.each([
    [''],
    ['?q=shoes'],
    [`?${RIGHT}`],
    [`?${RIGHT}#reviews`],
    ['?gclid=abc'],
    ['?gclid=abc&utm_campaign=x'],
    [`?${RIGHT}&next=https%3A%2F%2Fshop.example%2F%3Fa%3D%2520b`],
    [`?${RIGHT}&utm_term=100%25%20wool`],
    [`?${RIGHT}&q=x%2540`],
    [`?${RIGHT}&profile=https://medium.example/@someone`],
  ])('%s has no fault', query => {
    expect(faultsOf(query)).toEqual([]);
  });

  it.each([
    ['?utm_souce=a&utm_medium=b', ['misspelt-key utm_souce']],
    ['?UTM_Source=a&amp;utm_medium=b', ['misspelt-key UTM_Source', 'misspelt-key amp;utm_medium']],
    [`?${RIGHT}?gclid=x`, ['second-question-mark']],
    [`?${RIGHT}?fbclid=x`, ['second-question-mark']],
    [`?${RIGHT}&utm_source=news`, ['repeated utm_source']],
    [`?gclid=a&gclid=b`, ['repeated gclid']],
    [`#${RIGHT}`, ['in-fragment']],
    [`?${RIGHT}#/cart?utm_term=x`, ['in-fragment']],
    ['?utm_medium=email', ['missing-key utm_source']],
    ['?utm_source=a', ['missing-key utm_medium note']],
    [`?${RIGHT}&utm_term=`, ['empty utm_term']],
    [`?${RIGHT}&utm_content=%20`, ['blanks utm_content', 'empty utm_content']],
    [`?${RIGHT}&utm_campaign={{campaign.name}}`, ['placeholder utm_campaign']],
    [
      `?${RIGHT}&utm_term=%7Bkeyword%7D&utm_content=[UTM]`,
      ['placeholder utm_term', 'placeholder utm_content'],
    ],
    [`?${RIGHT}&utm_campaign=a%2520b`, ['double-encoded utm_campaign']],
    [`?${RIGHT}&utm_term=%25C3%25BC`, ['double-encoded utm_term']],
    [`?${RIGHT}&utm_content=jo@x.example`, ['email utm_content']],
    [`?${RIGHT}&email=jo%40x.example`, ['email email']],
    [`?${RIGHT}&utm_term=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.abc`, ['token utm_term']],
    ['?gclid=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.abc', ['token gclid']],
    [`?${RIGHT}&utm_term=${'x'.repeat(513)}`, ['too-long utm_term']],
    [`?gclid=${'x'.repeat(600)}`, ['too-long gclid']],
    [`?${RIGHT}&utm_campaign=%20spring`, ['blanks utm_campaign']],
    [`?${RIGHT}&utm_campaign=spring+`, ['blanks utm_campaign']],
    [`?${RIGHT}&utm_campaign=a%0Ab`, ['control-characters utm_campaign']],
    [`?${RIGHT}&utm_campaign=a%00b`, ['control-characters utm_campaign']],
    // The value of a misspelt key is looked at, too.
    ['?utm_souce=&utm_medium=b', ['misspelt-key utm_souce', 'empty utm_souce']],
    ['?utm_souce={source}&utm_medium=b', ['misspelt-key utm_souce', 'placeholder utm_souce']],
  ])('%s has its fault', (query, codes) => {
    expect(faultsOf(query).sort()).toEqual([...codes].sort());
  });

  it('is never refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        text => void findFaults(text, { allow: { utm_term: [text] } }),
      ),
    );
  });
});

describe('an allow-list', () => {
  const allow = { utm_medium: ['email', 'cpc'], utm_campaign: ['spring-*', '*-sale-*', 'always'] };

  it.each(['email&utm_campaign=spring-', 'cpc&utm_campaign=spring-2026', 'cpc&utm_campaign=x-sale-y'])(
    'has utm_medium=%s',
    query => {
      expect(faultsOf(`?utm_source=any&utm_medium=${query}`, allow)).toEqual([]);
    },
  );

  it.each([
    ['utm_medium', 'utm_medium=e-mail'],
    ['utm_medium', 'utm_medium=Email'],
    ['utm_campaign', 'utm_medium=cpc&utm_campaign=my-spring-1'],
    ['utm_campaign', 'utm_medium=cpc&utm_campaign=sale'],
    // The parts of a pattern do not overlap.
    ['utm_campaign', 'utm_medium=cpc&utm_campaign=-sale'],
  ])('has no %s as in %s', (key, query) => {
    expect(faultsOf(`?utm_source=any&${query}`, allow)).toEqual([`not-allowed ${key}`]);
  });

  it('tells the value that is near, and none that is not', () => {
    const messageOf = (medium: string) =>
      findFaults(`https://x.example/?utm_source=a&utm_medium=${medium}`, { allow })[0]?.message;
    expect(messageOf('e-mail')).toBe('utm_medium may not be e-mail; did you mean email?');
    expect(messageOf('banner')).toBe(
      'utm_medium may not be banner; add it to the allow-list or use one of its values.',
    );
  });
});
