import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/options/options.ts';
import { runChecks } from '../../src/panel/checks/checks.ts';
import type { Facts } from '../../src/panel/facts.ts';
import { factsWith, NOW } from './facts.ts';

const DAY = 86_400_000;
const settings = { ...DEFAULTS, applicationId: 'app' };
const delivered = { status: 'delivered', httpStatus: 201 } as const;
const cookie = (days: number) => ({ place: 'cookie', name: 'utmost_id', until: NOW + days * DAY }) as const;
const noted = (code: 'internal-campaign' | 'from-referrer') =>
  factsWith().decisions.map(each => ({ ...each, issues: [{ key: 'referrer', code }] }));

test('a page that is in order has nothing but ok', () => {
  expect(runChecks(factsWith()).filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
});

test.each<[what: string, facts: Partial<Facts>, title: string, verdict: string, words: string]>([
  ['no copy', { hasClient: false, settings: undefined }, 'Application id', 'fault', 'is not on this page'],
  ['blanks', { settings: { ...settings, applicationId: 'app ' } }, 'Application id', 'fault', 'blank'],
  [
    'a relay whose id is refused',
    { answers: [{ at: NOW, kind: 'user', httpStatus: 401 }] },
    'Application id',
    'fault',
    'on your server',
  ],
  ['an id', { settings }, 'Application id', 'ok', 'It is set'],
  [
    'no cookies wanted',
    { settings: { ...settings, persistence: 'none' } },
    'Cookie',
    'look',
    'persistence is none',
  ],
  [
    'a short life by option',
    { settings: { ...settings, cookieExpiration: 7 }, stored: [cookie(7)] },
    'Cookie',
    'ok',
    '7 days',
  ],
  ['a cap', { stored: [cookie(7)] }, 'Cookie', 'look', 'renew'],
  [
    'a prefix of its own',
    { settings: { ...settings, persistenceKeyPrefix: 'b_' } },
    'Cookie',
    'fault',
    'refused',
  ],
  [
    'Safari, which tells no date',
    { browser: 'Safari 18.1', stored: [{ place: 'cookie', name: 'utmost_id' }] },
    'Cookie',
    'look',
    '7 days',
  ],
  [
    'Safari, and a server that renews',
    {
      browser: 'Safari 18.1',
      stored: [
        { place: 'cookie', name: 'utmost_id' },
        { place: 'cookie', name: 'utmost_renewed' },
      ],
    },
    'Cookie',
    'ok',
    'your server renews it',
  ],
  [
    'Firefox, which tells none',
    { browser: 'Firefox 140', stored: [{ place: 'cookie', name: 'utmost_id' }] },
    'Cookie',
    'ok',
    'does not tell',
  ],
  ['plain http', { isSecure: false }, 'First party', 'look', 'https'],
  ['an own frame', { embedding: 'same-site' }, 'First party', 'look', 'frame of this site'],
  [
    'Global Privacy Control',
    { consent: 'denied', hasGlobalPrivacyControl: true, settings: { ...settings, respectGpc: true } },
    'Consent',
    'look',
    'Global Privacy Control',
  ],
  ['offline', { network: { upstream: 'offline' } }, 'Collector reachable', 'look', 'offline'],
  [
    'a relay that is filtered',
    { network: { upstream: 'filtered' } },
    'Collector reachable',
    'fault',
    'another path',
  ],
  [
    'a host that is filtered',
    { settings, network: { upstream: 'filtered' } },
    'Collector reachable',
    'fault',
    'through a relay',
  ],
  ['a pause that is over', { pausedUntil: NOW - 1 }, 'Collector reachable', 'ok', 'is reachable'],
  [
    'a host that redirects',
    {
      settings,
      network: { upstream: 'reachable' },
      answers: [{ at: NOW, kind: 'user', receipt: { status: 'queued', reason: 'redirected', message: '' } }],
    },
    'Answers as an API',
    'fault',
    'is not the API',
  ],
  [
    'an impostor that was mended',
    {
      settings,
      network: { upstream: 'reachable' },
      answers: [
        { at: NOW, kind: 'user', receipt: delivered },
        { at: NOW - 1, kind: 'user', receipt: { status: 'queued', reason: 'not-the-api', message: '' } },
      ],
    },
    'Answers as an API',
    'ok',
    'has confirmed',
  ],
  [
    'nothing sent',
    { settings, network: { upstream: 'reachable' } },
    'Answers as an API',
    'look',
    'Identify a user',
  ],
  ['own links with tags', { decisions: noted('internal-campaign') }, 'Own pages', 'look', 'Remove them'],
  [
    'a page before that had the tags',
    { decisions: noted('from-referrer') },
    'Own pages',
    'fault',
    'recorded nothing',
  ],
  ['no clock to compare', { network: { upstream: 'relay' } }, 'Clock', 'look', 'No server'],
  [
    'half a minute',
    { network: { upstream: 'relay', clockAhead: -30_000 } },
    'Clock',
    'ok',
    'within a minute',
  ],
  ['a cached script', { scriptVersion: '1.2.2' }, 'Version', 'look', 'empty the cache'],
  [
    'a registry that is silent',
    { latestFrom: 'https://registry.example/' },
    'Version',
    'look',
    'did not answer',
  ],
  [
    'the latest by number, not by letter',
    { version: '1.10.0', scriptVersion: '1.10.0', network: { upstream: 'relay', latest: '1.9.0' } },
    'Version',
    'ok',
    'is the latest',
  ],
  [
    'a later one',
    { version: '1.9.0', scriptVersion: '1.9.0', network: { upstream: 'relay', latest: '1.10.0' } },
    'Version',
    'look',
    '1.10.0 is published',
  ],
])('%s', (_, facts, title, verdict, words) => {
  const found = runChecks(factsWith(facts)).find(each => each.title === title);
  expect(found).toMatchObject({ verdict, sentence: expect.stringContaining(words) });
});

test('before init, every check has a sentence of its own', () => {
  const facts = factsWith({
    hasClient: false,
    settings: undefined,
    consent: 'pending',
    network: { upstream: 'unasked' },
  });
  for (const { sentence } of runChecks(facts)) expect(sentence).toMatch(/^[A-Zu1].*\.$/);
});
