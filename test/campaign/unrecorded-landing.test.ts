import { describe, expect, it } from 'vitest';
import { type SimulatedVisit, type SimulationOptions, simulateVisits } from '../../src/campaign/simulate.ts';

const T = 1e12;
const MINUTE = 60_000;
const HOME = 'https://www.example.com/';
const LANDING = `${HOME}offer?utm_source=news&utm_campaign=spring&secret=s`;
const MOVED: SimulatedVisit = { url: `${HOME}de/`, referrer: LANDING, at: T };

const decide = (visits: SimulatedVisit[], options?: SimulationOptions) => {
  const simulation = simulateVisits(visits, options);
  const decision = simulation.decisions.at(-1);
  return { ...simulation, decision, codes: decision?.issues.map(({ code }) => code) };
};

describe('the tags of an own page that recorded nothing', () => {
  it('count on the first page seen, and are noted', () => {
    const { decision, campaign, codes } = decide([MOVED]);
    expect(campaign).toEqual({ utm_source: 'news', utm_campaign: 'spring' });
    expect(decision).toMatchObject({ rule: 'campaign', outcome: 'new touch' });
    expect(codes).toEqual(['unrecorded-landing', 'from-referrer']);
  });

  it.each([
    ['a click id', '?gclid=g', { gclid: 'g' }],
    ['a hash that the browser has kept to itself', '?utm_source=a', { utm_source: 'a' }],
    ['a malformed link', '?/utm_source=a&amp;utm_medium=b', { utm_source: 'a', utm_medium: 'b' }],
  ])('count likewise of %s', (_, query, campaign) => {
    expect(decide([{ ...MOVED, referrer: HOME + query }]).campaign).toEqual(campaign);
  });

  it('count for a visitor who returns after hours, beside what is known', () => {
    const visits = [{ url: `${HOME}?utm_source=old`, at: T - 600 * MINUTE }, MOVED];
    const { last, first, decision, codes } = decide(visits);
    expect([first?.campaign, last?.campaign]).toEqual([
      { utm_source: 'old' },
      { utm_source: 'news', utm_campaign: 'spring' },
    ]);
    expect([decision?.outcome, codes]).toEqual(['new touch', ['from-referrer']]);
  });

  it('count for one who returns, where the click id alone is carried on to the next page', () => {
    const visits = [
      { url: `${HOME}?utm_source=old`, at: T - 600 * MINUTE },
      { url: `${HOME}de/?fbclid=f`, referrer: `${HOME}?utm_source=news&fbclid=f`, at: T },
    ];
    expect(decide(visits).last?.campaign).toEqual({ utm_source: 'news' });
  });

  it('have the landing’s path, not that of the page which tells of it', () => {
    expect(decide([MOVED], { includeAttribution: true }).first).toMatchObject({ path: '/offer' });
  });

  it('never show as an address', () => {
    expect(JSON.stringify(decide([MOVED]).decisions)).not.toMatch(/secret|\?/);
  });
});

describe('the tags of an own page do not count', () => {
  it('where that page did record them', () => {
    for (const minutes of [1, 29, 31, 600]) {
      const visits = [{ url: LANDING, at: T - minutes * MINUTE }, MOVED];
      const { decision, count } = { ...decide(visits), count: visits.length };
      expect(count).toBe(2);
      expect(decision).toMatchObject({ rule: 'internal', outcome: 'kept', issues: [] });
    }
  });

  it('where this tab was sent on by a page that did, though another campaign came since', () => {
    const visits = [
      { url: LANDING, at: T - 90 * MINUTE },
      { url: `${HOME}?utm_source=other-tab`, at: T - 60 * MINUTE },
      { ...MOVED, departedTo: 'www.example.com' },
    ];
    expect(decide(visits).decision).toMatchObject({ rule: 'internal', outcome: 'kept', issues: [] });
  });

  it('within a running session, whose origin is known', () => {
    const { decision } = decide([{ url: HOME, at: T - MINUTE }, MOVED]);
    expect(decision).toMatchObject({ rule: 'internal', outcome: 'kept', issues: [] });
  });

  it('where the page’s own address has some', () => {
    const { campaign, codes } = decide([{ ...MOVED, url: `${HOME}?utm_source=own` }]);
    expect(campaign).toEqual({ utm_source: 'own' });
    expect(codes).toEqual(['unrecorded-landing', 'internal-campaign']);
  });

  it('of a page of another site', () => {
    const { campaign } = decide([{ ...MOVED, referrer: 'https://other.org/?utm_source=theirs' }]);
    expect(campaign).toEqual({ referrer: 'https://other.org/', referring_domain: 'other.org' });
  });

  it('on a reload of somebody seen before, which has no note of them either', () => {
    const { decision } = decide([
      { url: HOME, at: T - 600 * MINUTE },
      { ...MOVED, isReload: true },
    ]);
    expect(decision).toMatchObject({ rule: 'revisit', outcome: 'kept', issues: [] });
  });

  it('by a click id that is on every link', () => {
    const { decision, codes } = decide([{ ...MOVED, referrer: `${HOME}?fbclid=f` }]);
    expect([decision?.rule, codes]).toEqual(['internal', ['unrecorded-landing']]);
  });
});

describe('the first page seen, with an own referrer', () => {
  it.each([HOME, `${HOME}?a=1`, 'https://shop.example.com/', 'http://example.com:8080/x'])(
    'tells that the visit began on a page that recorded nothing: %s',
    referrer => {
      for (const isReload of [false, true]) {
        const { decision, campaign } = decide([{ url: HOME, referrer, isReload }]);
        expect(decision).toMatchObject({
          rule: 'internal',
          outcome: 'kept',
          issues: [{ key: 'referrer', code: 'unrecorded-landing' }],
        });
        expect(campaign).toBeUndefined();
      }
    },
  );

  it('tells it once: the second page has no such note', () => {
    expect(
      decide([
        { url: HOME, referrer: HOME },
        { url: HOME, referrer: HOME },
      ]).codes,
    ).toEqual([]);
  });

  it.each(['', 'https://news.org/', 'https://notexample.com/'])(
    'has no such note from elsewhere: %j',
    referrer => {
      expect(decide([{ url: HOME, referrer }]).codes).toEqual([]);
    },
  );
});
