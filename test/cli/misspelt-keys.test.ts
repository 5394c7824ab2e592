import { describe, expect, it } from 'vitest';
import { intendedKey, KEYS } from '../../src/cli/misspelt-keys.ts';

describe('a key of a link', () => {
  it.each([
    ['utm_souce', 'utm_source'],
    ['utm_soruce', 'utm_source'],
    ['umt_source', 'utm_source'],
    ['utm_sourcee', 'utm_source'],
    ['utm-source', 'utm_source'],
    ['utm.source', 'utm_source'],
    ['utm source', 'utm_source'],
    ['utmsource', 'utm_source'],
    ['UTM_Source', 'utm_source'],
    ['amp;utm_medium', 'utm_medium'],
    ['amp;amp;utm_medium', 'utm_medium'],
    ['?utm_medium', 'utm_medium'],
    ['utm_meduim', 'utm_medium'],
    ['utm_campain', 'utm_campaign'],
    ['utm_campaing', 'utm_campaign'],
    ['utm_contnet', 'utm_content'],
    ['GCLID', 'gclid'],
    ['li-fat-id', 'li_fat_id'],
  ])('%s is meant as %s', (name, key) => {
    expect(intendedKey(name)).toBe(key);
  });

  it.each([
    ...KEYS,
    // Other tools' keys, and later ones of Google Analytics.
    'mtm_source',
    'itm_source',
    'pk_campaign',
    'hsa_src',
    'utm_source_platform',
    'utm_creative_format',
    'utm_marketing_tactic',
    'yclid',
    'gclsrc',
    'utm_x',
    'source',
    'url',
    'q',
    '',
  ])('%s is right, or another key', name => {
    expect(intendedKey(name)).toBeUndefined();
  });
});
