import { DEFAULTS } from '../../src/options/options.ts';
import type { Facts } from '../../src/panel/facts.ts';

export const NOW = Date.UTC(2026, 4, 1, 12);

const ok: Facts = {
  now: NOW,
  host: 'www.example.com',
  isSecure: true,
  browser: 'Chrome 148',
  version: '1.2.3',
  scriptVersion: '1.2.3',
  latestFrom: '',
  hasClient: true,
  hasSecondCopy: false,
  settings: { ...DEFAULTS, applicationId: 'app', relay: '/t' },
  consent: 'granted',
  hasGlobalPrivacyControl: false,
  anonymousId: 'anonymous-1',
  touches: { count: 0, lastActivityAt: 0 },
  decisions: [
    {
      at: NOW,
      url: 'https://www.example.com/pricing',
      referrer: '',
      rule: 'direct',
      outcome: 'kept',
      reason: 'no referrer',
      issues: [],
    },
  ],
  stored: [{ place: 'cookie', name: 'utmost_id', until: NOW + 365 * 86_400_000 }],
  embedding: 'top',
  waiting: [],
  pausedUntil: 0,
  answers: [],
  refusals: [],
  network: { upstream: 'relay', clockAhead: 0 },
};

/** Facts of a page that is in order, but for these. */
export const factsWith = (others: Partial<Facts> = {}): Facts => ({ ...ok, ...others });
