import { describe, expect, it } from 'vitest';
import { withoutExpired } from '../../src/campaign/payload.ts';
import { NO_TOUCHES } from '../../src/campaign/rules.ts';
import { attributionAfter, DAY, frozen, MINUTE, NOW, run, visit } from './visits.ts';

const ago = (minutes: number) => attributionAfter(visit('?utm_source=old', '', NOW - minutes * MINUTE));

describe('the touch', () => {
  it('has parameters and referrer of one visit', () => {
    const { attribution, decision } = run(
      NO_TOUCHES,
      visit('?utm_source=a&gclid=g', 'https://u:p@news.org:81/x?y'),
    );
    const campaign = {
      utm_source: 'a',
      gclid: 'g',
      referrer: 'https://news.org:81/x',
      referring_domain: 'news.org',
    };
    expect(attribution).toEqual({
      count: 1,
      lastActivityAt: NOW,
      first: { campaign, at: NOW, rule: 'campaign' },
    });
    expect(decision.campaign).toEqual(campaign);
  });

  it.each(['https://shop.example.com/', 'https://accounts.google.com/', 'https://sso.example.net/'])(
    'an internal or excluded referrer is blanked and removes nothing of an explicit UTM: %s',
    referrer => {
      const { first } = attributionAfter(visit('?utm_source=a&utm_medium=b', referrer));
      expect(first?.campaign).toEqual({ utm_source: 'a', utm_medium: 'b' });
    },
  );

  it('fields of two campaigns never blend', () => {
    const { first, last } = attributionAfter(
      visit('?utm_source=a&utm_medium=b&gclid=g', 'https://news.org/', NOW),
      visit('?utm_source=c&utm_term=d', '', NOW + MINUTE),
    );
    expect(first?.campaign).toEqual({
      utm_source: 'a',
      utm_medium: 'b',
      gclid: 'g',
      referrer: 'https://news.org/',
      referring_domain: 'news.org',
    });
    expect(last?.campaign).toEqual({ utm_source: 'c', utm_term: 'd' });
  });

  it('the first stays the first, the last is the latest', () => {
    const visits = ['a', 'b', 'c'].map((name, index) => visit(`?utm_source=${name}`, '', NOW + index));
    const { first, last, count } = attributionAfter(...visits);
    expect([first?.campaign.utm_source, last?.campaign.utm_source, count]).toEqual(['a', 'c', 3]);
  });

  it('a click id alone is no touch, and displaces none', () => {
    const before = attributionAfter(visit('?utm_source=a', '', NOW - MINUTE));
    expect(run(before, visit('?fbclid=x')).attribution).toEqual({ ...before, lastActivityAt: NOW });
  });

  it('a click id with an external referrer is a touch with that referrer', () => {
    expect(run(ago(31), visit('?fbclid=x', 'https://l.facebook.com/')).attribution.last?.campaign).toEqual({
      referrer: 'https://l.facebook.com/',
      referring_domain: 'l.facebook.com',
    });
  });

  it('what was confirmed and announced is kept through every visit', () => {
    const before = { ...ago(5), announced: 1, delivered: 2 };
    const { attribution } = run(before, visit('?utm_source=b'));
    expect(attribution).toMatchObject({ announced: 1, delivered: 2 });
  });
});

describe('expiry', () => {
  const bothTouches = () =>
    attributionAfter(visit('?utm_source=a', '', NOW), visit('?utm_source=b', '', NOW + DAY));

  it('holds to the millisecond', () => {
    expect(withoutExpired(bothTouches(), NOW + 180 * DAY, 180).first?.campaign.utm_source).toBe('a');
    expect(withoutExpired(bothTouches(), NOW + 180 * DAY + 1, 180).first?.campaign.utm_source).toBe('b');
  });

  it('of the first makes the last one the first', () => {
    const { first, last } = withoutExpired(frozen(bothTouches()), NOW + 180 * DAY + 1, 180);
    expect([first?.campaign.utm_source, last]).toEqual(['b', undefined]);
  });

  it('of both lets a visit begin anew', () => {
    const { attribution } = run(bothTouches(), visit('?utm_source=c', '', NOW + 400 * DAY));
    const { first, last } = withoutExpired(attribution, NOW + 400 * DAY, 180);
    expect([first?.campaign.utm_source, last]).toEqual(['c', undefined]);
  });
});
