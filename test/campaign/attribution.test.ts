import { describe, expect, it } from 'vitest';
import { type Attribution, NO_TOUCHES, type Visit } from '../../src/campaign/rules.ts';
import { attributionAfter, HOME, MINUTE, NOW, run, visit } from './visits.ts';

type Before = () => Attribution;

// Told only inside the test: a rule that throws fails it by name.
const nobody: Before = () => NO_TOUCHES;
const ago =
  (minutes: number): Before =>
  () =>
    attributionAfter(visit('?utm_source=old', '', NOW - minutes * MINUTE));

describe('the decision table', () => {
  const back = 'https://www.paypal.com/x';
  it.each<[string, Before, Visit, string, 'new touch' | 'kept']>([
    ['a campaign', nobody, visit('?utm_source=a'), 'campaign', 'new touch'],
    ['a campaign within the session', ago(1), visit('?utm_source=a'), 'campaign', 'new touch'],
    ['a campaign behind a sign-in page', ago(1), visit('?utm_source=a', back), 'campaign', 'new touch'],
    ['a campaign behind an own page', ago(1), visit('?utm_source=a', HOME), 'campaign', 'new touch'],
    ['the click id of an ad alone', nobody, visit('?msclkid=a'), 'campaign', 'kept'],
    ['a click id that is on every link, alone', nobody, visit('?fbclid=a'), 'referral', 'kept'],
    ['nothing at all', nobody, visit(), 'direct', 'kept'],
    ['an unreadable referrer', nobody, visit('', 'about:client'), 'direct', 'kept'],
    ['an own page', nobody, visit('', 'https://shop.example.com/cart'), 'internal', 'kept'],
    ['a neighbour in the alphabet', nobody, visit('', 'https://notexample.com/'), 'referral', 'new touch'],
    ['a pretender', nobody, visit('', 'https://example.com.evil.org/'), 'referral', 'new touch'],
    ['a payment page', nobody, visit('', back), 'intermediary', 'kept'],
    ['a payment page after hours', ago(600), visit('', back), 'intermediary', 'kept'],
    [
      'an entry of the site’s own list',
      nobody,
      visit('', 'https://sso.example.net/'),
      'intermediary',
      'kept',
    ],
    ['another site', nobody, visit('', 'https://news.org/'), 'referral', 'new touch'],
    ['another site within the session', ago(1), visit('', 'https://news.org/'), 'same-session', 'kept'],
    ['another site after hours', ago(600), visit('', 'https://news.org/'), 'referral', 'new touch'],
    [
      'a reload',
      ago(600),
      { ...visit('?utm_source=a', 'https://news.org/'), isReload: true },
      'revisit',
      'kept',
    ],
    // A tab restored on a device that was never lastActivityAt: there is nothing it could overwrite.
    [
      'a reload by a stranger',
      nobody,
      { ...visit('?utm_source=a'), isReload: true },
      'campaign',
      'new touch',
    ],
  ])('%s', (_, setUp, arrived, rule, outcome) => {
    const before = setUp();
    const { attribution, decision } = run(before, arrived);
    expect(decision).toMatchObject({ at: NOW, rule, outcome });
    expect(attribution.count).toBe(before.count + (outcome === 'new touch' ? 1 : 0));
    expect('campaign' in decision).toBe(outcome === 'new touch');
  });

  it('a running session keeps its origin, also where that is none', () => {
    const before = attributionAfter(visit('', '', NOW - MINUTE));
    expect(run(before, visit('', 'https://news.org/')).decision.rule).toBe('same-session');
  });

  it('a visitor seen without any touch is still no stranger to a reload', () => {
    const before = attributionAfter(visit('', '', NOW - MINUTE));
    expect(run(before, { ...visit('?utm_source=a'), isReload: true }).decision.rule).toBe('revisit');
  });
});

describe('the session timeout', () => {
  const referral = (age: number) => run(ago(0)(), visit('', 'https://news.org/', NOW + age)).decision.rule;

  it('holds to the millisecond', () => {
    expect(referral(30 * MINUTE)).toBe('same-session');
    expect(referral(30 * MINUTE + 1)).toBe('referral');
  });

  it('counts from the last activity of any kind, not from the touch', () => {
    const before = attributionAfter(
      visit('?utm_source=a', '', NOW - 40 * MINUTE),
      visit('', HOME, NOW - 20 * MINUTE),
    );
    expect(run(before, visit('', 'https://news.org/')).decision.rule).toBe('same-session');
  });

  it('is the site’s own', () => {
    expect(run(ago(2)(), visit('', 'https://news.org/'), { sessionTimeout: 1 }).decision.rule).toBe(
      'referral',
    );
  });
});

it('the decision gives out neither query nor credentials, and tells what was changed', () => {
  const url = 'https://u:p@www.example.com/a?utm_source=me%40example.org&token=1#x';
  const { decision } = run(NO_TOUCHES, { url, referrer: 'https://u:p@news.org/me@a.io?q', at: NOW });
  expect(decision).toMatchObject({ url: 'https://www.example.com/a', referrer: 'https://news.org/' });
  expect(decision.issues).toEqual([
    { key: 'utm_source', code: 'email' },
    { key: 'referrer', code: 'email' },
  ]);
});

it('the decision tells an address that is none as an empty text', () => {
  const { decision } = run(NO_TOUCHES, { url: 'no address', referrer: 'none either', at: NOW });
  expect(decision).toMatchObject({ url: '', referrer: '', issues: [] });
});
