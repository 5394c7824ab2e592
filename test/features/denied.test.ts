// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { type createBrowser, kindBrowser, startAnew } from '../client/client-world.ts';
import { settled } from '../world.ts';
import { openFullPage } from './full-world.ts';

startAnew();

const pass = async (milliseconds = 1000) => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
};
const kept = ({ jar }: ReturnType<typeof createBrowser>) =>
  [
    ...jar.cookies.map(({ name }) => name),
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
  ].sort();

it.each([
  ['of the page’s first instance', {}],
  ['with a prefix', { persistenceKeyPrefix: 'shop_' }],
  ['with a prefix, in localStorage', { persistenceKeyPrefix: 'shop_', persistence: 'localStorage' }],
  ['across domains', { crossDomain: { domains: ['example.org'] } }],
] as const)('nothing but the refusal is left after denied: an instance %s', async (_, options) => {
  const browser = kindBrowser();
  const url = 'https://www.example.com/?utm_source=spring';
  const given = { url, ...options } as Parameters<typeof openFullPage>[1];
  const [one, other] = [openFullPage(browser, given), openFullPage(browser, given)];
  await one.client.identifyUser('ada');
  await one.client.identifyCompany('acme');
  one.client.identifySession('t');
  await pass();
  // What is kept of a token that was used, and of a tab that was sent elsewhere, is the page's and no instance's.
  localStorage.setItem('utmost_arrived', '1.abc');
  sessionStorage.setItem('utmost_away', '1 shop.test');
  expect(kept(browser).length).toBeGreaterThan(4);
  one.client.revokePublishingConsent();
  await pass();
  other.page.hide();
  await pass();
  const prefix = 'persistenceKeyPrefix' in options ? options.persistenceKeyPrefix : 'utmost_';
  expect(kept(browser)).toEqual([`${prefix}consent`]);
  openFullPage(browser, given);
  await pass();
  expect(kept(browser)).toEqual([`${prefix}consent`]);
});

it('clearing the cookies does not forget which tokens were used', async () => {
  const { client } = openFullPage(kindBrowser());
  localStorage.setItem('utmost_arrived', '1.abc');
  client.clearCookies();
  await pass();
  expect(localStorage.getItem('utmost_arrived')).toBe('1.abc');
});
