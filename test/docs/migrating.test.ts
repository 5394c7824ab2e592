import { describe, expect, it } from 'vitest';
import { changedFencesOf, fencesOf, readPage } from './pages.ts';

const page = readPage('docs/migrating.md');

describe('docs/migrating.md', () => {
  it('has a table, an example and the other tool’s documentation for each', () => {
    const tools = ['Segment', 'PostHog', 'Mixpanel', 'Amplitude', 'Google Analytics 4'];
    for (const tool of tools) {
      const part = page.split(/^## /m).find(each => each.startsWith(`${tool}\n`)) ?? '';
      expect([tool, changedFencesOf(part).length]).toEqual([tool, 1]);
      expect(part).toMatch(/^\| .* \| here \|$/m);
      expect(part).toMatch(/\]\(https:\/\//);
    }
  });

  it('keeps Segment’s calls by a recipe that runs', () => {
    const [recipe = ''] = fencesOf(page, 'js');
    const calls: unknown[][] = [];
    let user: string | undefined;
    const note =
      (name: string) =>
      (...rest: unknown[]) =>
        calls.push([name, ...rest]);
    const utmost = {
      identifyUser: note('identifyUser'),
      identifyCompany: note('identifyCompany'),
      track: note('track'),
      reset: note('reset'),
      getUserId: () => user,
    };
    const code = recipe.replace(/^import .*$/m, '').replace('export const analytics =', 'return');
    const analytics = new Function('utmost', code)(utmost);
    analytics.page();
    analytics.alias('12345');
    analytics.identify({ plan: 'free' });
    expect(calls).toEqual([]);
    analytics.identify('12345', { plan: 'pro' });
    user = '12345';
    analytics.identify({ plan: 'max' });
    analytics.group('67890', { seats: 3 });
    analytics.track('Paid', { amount: 3 });
    analytics.reset();
    expect(calls).toEqual([
      ['identifyUser', '12345', { plan: 'pro' }],
      ['identifyUser', '12345', { plan: 'max' }],
      ['identifyCompany', '67890', { seats: 3 }],
      ['track', 'Paid', { amount: 3 }],
      ['reset'],
    ]);
  });
});
