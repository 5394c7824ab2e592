import { expect, test, vi } from 'vitest';
import { DEFAULTS, type Settings } from '../../src/options/options.ts';
import { kindOf, listenToAnswers } from '../../src/panel/answers.ts';
import { runChecks } from '../../src/panel/checks/checks.ts';
import type { Facts } from '../../src/panel/facts.ts';
import { toSections } from '../../src/panel/report.ts';
import { toSupportText } from '../../src/panel/support.ts';
import { durationOf, whenOf } from '../../src/panel/words.ts';
import type { Touch } from '../../src/shared/types.ts';
import { factsWith, NOW } from './facts.ts';

const rowsOf = (facts: Facts, title: string) =>
  toSections(facts).find(each => each.title === title)?.rows ?? [];
const touch: Touch = {
  at: NOW - 3 * 86_400_000,
  rule: 'campaign',
  path: '/landing-secret',
  campaign: {
    utm_source: 'source-secret',
    utm_term: 'ada@secret.example',
    gclid: 'gclid-secret',
    referrer: 'https://news.example/referrer-secret',
    referring_domain: 'news.example',
  },
  clickIds: { fbclid: 'fbclid-secret' },
};
const full = factsWith({
  anonymousId: 'anonymous-secret',
  userId: 'user-secret',
  companyId: 'company-secret',
  touches: { count: 2, lastActivityAt: NOW, first: touch, last: { ...touch, at: NOW } },
  decisions: factsWith().decisions.map(each => ({
    ...each,
    url: 'https://www.example.com/page-secret',
    referrer: 'https://news.example/referrer-secret',
  })),
  waiting: [
    {
      id: 'entry-secret',
      profile: 'user-secret',
      at: NOW - 60_000,
      body: { user_id: 'user-secret', metadata: { plan: 'metadata-secret' } },
    },
    {
      id: 'entry-2',
      profile: 'p',
      at: NOW - 5000,
      body: { action_name: 'action-secret', user_id: 'user-secret' },
    },
  ],
  answers: [
    {
      at: NOW - 1000,
      id: 'entry-secret',
      kind: 'user',
      receipt: { status: 'queued', reason: 'http', message: 'HTTP 503; it waits', httpStatus: 503 },
    },
    { at: NOW - 9000, kind: 'request' },
  ],
});

test('this visit says its rule and its reason in a sentence', () => {
  expect(rowsOf(full, 'This visit')[0]?.value).toBe('It changed no touch, by the rule direct: no referrer.');
});

test('what waits says whose it is, since when, and why', () => {
  expect(rowsOf(full, 'Waiting in the outbox').map(({ label, value }) => [label, value])).toEqual([
    ['user', 'user-secret, since 1 minute ago: HTTP 503; it waits'],
    ['action', 'action-secret, since 5 seconds ago: no answer has confirmed it yet'],
  ]);
  const paused = { ...full, answers: [], pausedUntil: NOW + 120_000 };
  expect(rowsOf(paused, 'Waiting in the outbox')[0]?.value).toContain('no requests for another 2 minutes');
});

test('answers say status, reason and HTTP status', () => {
  expect(rowsOf(full, 'Last answers').map(({ value }) => value)).toEqual([
    'queued, http, HTTP 503',
    expect.stringContaining('before the panel was opened'),
  ]);
});

test('the last touch says where it is the first', () => {
  const facts = { ...full, touches: { ...full.touches, last: undefined } };
  expect(toSections(facts).find(({ title }) => title === 'Last touch')).toMatchObject({
    empty: 'It is the first.',
    rows: [],
  });
});

test('what is stored says until when, where the browser tells', () => {
  const stored = [...full.stored, { place: 'sessionStorage', name: 'utmost_away' } as const];
  expect(rowsOf({ ...full, stored }, 'Stored on this device').map(({ value }) => value)).toEqual([
    'cookie, until 2027-05-01 12:00 UTC (in 365 days)',
    'sessionStorage, until this tab is closed',
  ]);
});

test('the panel shows all of it, and the text for support nothing of the visitor', () => {
  const shown = JSON.stringify(toSections(full));
  const text = toSupportText(full, runChecks(full), toSections(full));
  const secrets = [...new Set(shown.match(/[\w@-]*secret/g))];
  expect(secrets.length).toBeGreaterThan(10);
  expect(text).not.toContain('secret');
  for (const word of ['www.example.com', 'news.example', 'campaign', 'HTTP 503', 'Chrome 148', '[ok] Clock'])
    expect(text).toContain(word);
});

test('a domain in a cookie that is no host is not shared', () => {
  const tampered = { ...touch, campaign: { referring_domain: 'ada@secret.example/secret' } };
  const facts = { ...full, touches: { count: 1, lastActivityAt: 0, first: tampered } };
  expect(
    rowsOf(facts, 'First touch')
      .map(({ shared }) => shared)
      .join(),
  ).not.toContain('ada');
});

test.each([
  [{ user_id: 'u' }, 'user'],
  [{ anonymous_id: 'a' }, 'visitor'],
  [{ company_id: 'c' }, 'company'],
  [{ company_id: 'c', user_id: 'u' }, 'user'],
  [{ action_name: 'a', user_id: 'u' }, 'action'],
])('%o is about a %s', (body, kind) => expect(kindOf({ body })).toBe(kind));

test('answers are heard from now on, and the site hears them too', () => {
  const own = vi.fn();
  const settings = { ...DEFAULTS, onDelivery: own };
  const onAnswer = vi.fn();
  const answers = listenToAnswers(settings, () => NOW, onAnswer);
  const entry = { id: 'e', body: { user_id: 'u' }, at: NOW };
  for (let times = 0; times < 25; times++)
    settings.onDelivery({ status: 'delivered', httpStatus: 201 }, entry);
  expect(own).toHaveBeenCalledTimes(25);
  expect(onAnswer).toHaveBeenCalledTimes(25);
  expect(answers).toHaveLength(20);
  expect(answers[0]).toMatchObject({ id: 'e', kind: 'user', at: NOW });
});

test('a later init finds the same function, and one it sets is heard', () => {
  const own = () => {};
  const settings: Settings = { ...DEFAULTS, onDelivery: own };
  listenToAnswers(
    settings,
    () => NOW,
    () => {},
  );
  expect(`${settings.onDelivery}`).toBe(`${own}`);
  const next = vi.fn();
  settings.onDelivery = next;
  settings.onDelivery({ status: 'delivered', httpStatus: 201 }, { id: 'e', body: {}, at: NOW });
  expect(next).toHaveBeenCalledOnce();
});

test.each([
  [999, '1 second'],
  [90_000, '2 minutes'],
  [3_600_000, '1 hour'],
  [400 * 86_400_000, '400 days'],
])('%i milliseconds are %s', (milliseconds, words) => expect(durationOf(milliseconds)).toBe(words));

test('a time lies before now, after it, or is now', () => {
  expect([whenOf(NOW - 5000, NOW), whenOf(NOW + 5000, NOW), whenOf(NOW, NOW)]).toEqual([
    '5 seconds ago',
    'in 5 seconds',
    'just now',
  ]);
});
