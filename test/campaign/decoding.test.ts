import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanValue, readParameters } from '../../src/campaign/parameters.ts';
import corpus from '../data/urlencoded-parser-data.json' with { type: 'json' };
import { attributionAfter, HOME, NOW, run, visit } from './visits.ts';

interface Row {
  input: string;
  output: [name: string, value: string][];
}
const rows = (corpus as Row[]).map(({ input, output }) => {
  // The standard's own division: at every `&`, empty parts left out, and in a part at the first `=`.
  const parts = input.split('&').filter(Boolean);
  const halves = parts.map(part => part.match(/^([^=]*)=?(.*)$/su)?.slice(1) as [string, string]);
  return { input, output, halves };
});

const cleaned = (value: string) => cleanValue(value, () => undefined);
const read = (query: string) => readParameters(HOME + query).campaign.utm_source;

describe('the URL standard’s test data', () => {
  it.each(rows)('$input: every name and value reads as published', ({ output, halves }) => {
    expect(halves).toHaveLength(output.length);
    // Names are decoded as values are: each half stands as a value once.
    for (const [index, pair] of output.entries())
      for (const [half, published] of pair.entries())
        expect(read(`?utm_source=${halves[index]?.[half]}`)).toBe(cleaned(published));
  });

  it.each(rows)('$input: as one query, the first usable value counts', ({ output, halves }) => {
    const query = halves.map(([, value]) => `utm_source=${value}`).join('&');
    expect(read(`?${query}`)).toBe(output.map(([, value]) => cleaned(value)).find(Boolean));
  });

  it.each(rows)('$input: beside a campaign it takes nothing from it, and adds nothing', ({ input }) => {
    const own = { utm_source: 'a', gclid: 'b' };
    expect(readParameters(`${HOME}?${input}&utm_source=a&gclid=b`).campaign).toEqual(own);
    expect(readParameters(`${HOME}?utm_source=a&gclid=b&${input}`).campaign).toEqual(own);
    const { campaignKey, campaign, issues } = readParameters(`${HOME}?${input}`);
    expect({ campaignKey, campaign, issues }).toEqual({ campaignKey: '', campaign: {}, issues: [] });
  });
});

const text = fc.string({ unit: 'binary', maxLength: 100 });
const bytes = (value: string) => [...new TextEncoder().encode(value)];

describe('any value', () => {
  it('percent-encoded byte by byte reads back as the cleaned value', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (value, upper) => {
        const hex = bytes(value).map(byte => `%${byte.toString(16).padStart(2, '0')}`);
        const query = upper ? hex.join('').toUpperCase() : hex.join('');
        // Half a surrogate pair has no bytes of its own.
        const sent = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes(value)));
        expect(read(`?utm_source=${query}`)).toBe(cleaned(sent));
      }),
    );
  });

  it('reads in the hash as in the query', () => {
    fc.assert(
      fc.property(text, value => {
        const query = new URLSearchParams({ utm_source: value });
        expect(read(`#/route?${query}`)).toBe(read(`?${query}`));
      }),
    );
  });

  it('that was cleaned is clean', () => {
    fc.assert(
      fc.property(text, fc.nat(600), (value, repeat) => {
        const once = cleaned(value.repeat(repeat % 9));
        if (once !== undefined) expect(cleaned(once)).toBe(once);
      }),
    );
  });
});

it('parameters that are no campaign’s change nothing, wherever they stand', () => {
  const key = fc.constantFrom('utm_source', 'utm_medium', 'UTM_TERM', 'amp;gclid', 'fbclid');
  const own = fc.array(fc.tuple(key, text), { maxLength: 6 });
  const unrelated = fc.array(
    fc.tuple(
      text.map(name => `x${name}`),
      text,
      fc.nat(6),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(own, unrelated, (parameters, others) => {
      const mixed: [string, string][] = [...parameters];
      for (const [name, value, place] of others) mixed.splice(place, 0, [name, value]);
      expect(readParameters(`${HOME}?${new URLSearchParams(mixed)}`)).toEqual(
        readParameters(`${HOME}?${new URLSearchParams(parameters)}`),
      );
    }),
  );
});

describe('attributing', () => {
  const query = fc.oneof(
    text,
    fc.constantFrom('', '?utm_source=a', '?fbclid=b', '?gclid={gclid}', '#utm_term=c'),
  );
  const hosts = ['', 'www.example.com', 'paypal.com', 'sso.example.net', 'news.org', 'a b'];
  const referrer = fc.oneof(text, fc.constantFrom(...hosts.map(host => `https://${host}/`)));
  const visits = fc.record({
    url: query.map(part => HOME + part),
    referrer,
    at: fc.integer({ min: NOW, max: NOW + 4e6 }),
    isReload: fc.boolean(),
  });

  it('throws at no address and no referrer whatever', () => {
    fc.assert(
      fc.property(text, text, text, (url, origin, site) => {
        const { decision } = run(
          attributionAfter(),
          { url, referrer: origin, at: NOW },
          { site, excludeReferrers: [site] },
        );
        expect(decision.rule).toMatch(/^[a-z-]+$/);
      }),
    );
  });

  it('a visit that was kept changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(visits, { maxLength: 3 }), visits, (earlier, arrived) => {
        const once = run(attributionAfter(...earlier), arrived);
        fc.pre(once.decision.outcome === 'kept');
        const twice = run(once.attribution, arrived);
        expect(twice.decision.outcome).toBe('kept');
        expect(twice.attribution).toEqual(once.attribution);
      }),
    );
  });

  it('a touch never has a field of another visit', () => {
    fc.assert(
      fc.property(visits, visits, (earlier, arrived) => {
        const before = attributionAfter(earlier);
        const alone = run(attributionAfter(visit()), arrived).decision.campaign;
        const { decision } = run(before, arrived);
        if (decision.campaign) expect(decision.campaign).toEqual(alone);
      }),
    );
  });
});
