import { describe, expect, it } from 'vitest';
import { NO_TOUCHES } from '../../src/campaign/rules.ts';
import { ads } from './landings/ads.ts';
import { email } from './landings/email.ts';
import { hosts } from './landings/hosts.ts';
import { hygiene } from './landings/hygiene.ts';
import { intermediaries } from './landings/intermediaries.ts';
import { referrals } from './landings/referrals.ts';
import { social } from './landings/social.ts';
import { spelling } from './landings/spelling.ts';
import { NOW, run } from './visits.ts';

const themes = { ads, social, email, referrals, spelling, hygiene, hosts, intermediaries };

describe.each(Object.entries(themes))('%s', (_, landings) => {
  it.each(landings)('$name', landing => {
    const {
      url,
      referrer = '',
      site = 'example.com',
      excludeReferrers = [],
      campaign,
      rule,
      issues,
    } = landing;
    const arrived = { url, referrer, at: NOW };
    // Seen before, but long ago.
    const { attribution, decision } = run({ ...NO_TOUCHES, lastActivityAt: 1 }, arrived, {
      site,
      excludeReferrers,
    });
    const isTouch = Object.keys(campaign).length > 0;
    expect({
      rule: decision.rule,
      outcome: decision.outcome,
      campaign: attribution.first?.campaign ?? {},
      issues: decision.issues.map(({ key, code }) => `${key}:${code}`),
    }).toEqual({ rule, outcome: isTouch ? 'new touch' : 'kept', campaign, issues: issues ?? [] });
  });
});

it('no two landings of a theme bear one name, and there are 150 at least', () => {
  const all = Object.entries(themes).flatMap(([theme, rows]) => rows.map(({ name }) => `${theme} ${name}`));
  expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  expect(all.length).toBeGreaterThanOrEqual(150);
});
