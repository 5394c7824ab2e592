import { attribute } from '../../src/campaign/attribution.ts';
import { type Attribution, type AttributionRules, NO_TOUCHES, type Visit } from '../../src/campaign/rules.ts';

export const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;
export const NOW = Date.UTC(2026, 0, 15);
export const HOME = 'https://www.example.com/';

export const rules: AttributionRules = {
  site: 'example.com',
  excludeReferrers: ['sso.example.net'],
  includeAttribution: false,
  clickIds: false,
  sessionTimeout: 30,
  campaignMaxAge: 180,
};

export const visit = (query = '', referrer = '', at = NOW): Visit => ({ url: HOME + query, referrer, at });

/** Frozen through and through: whoever writes to it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** Attributes one visit, all inputs frozen. */
export const run = (before: Attribution, arrived: Visit, own: Partial<AttributionRules> = {}) =>
  attribute(frozen(structuredClone(before)), frozen(arrived), frozen({ ...rules, ...own }));

/** What a visitor's visits, one after another, leave behind. */
export const attributionAfter = (...visits: Visit[]) =>
  visits.reduce((before, arrived) => run(before, arrived).attribution, NO_TOUCHES);
