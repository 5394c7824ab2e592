// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { createBrowser, startAnew } from '../client/client-world.ts';
import { DELIVERED, OFFLINE } from '../world.ts';
import { openFullPage } from './full-world.ts';

startAnew();

const LANDING = 'https://www.example.com/?utm_source=a';

it('none: nothing is on the device, whatever happens', async () => {
  const browser = createBrowser();
  browser.collector.rule = () => OFFLINE;
  const options = { persistence: 'none', url: LANDING, referrer: 'https://a.test/' } as const;
  const { client, jar, page, store } = openFullPage(browser, options);
  client.identifySession('t');
  await client.identifyUser('1');
  await client.identifyCompany('c');
  void client.track('a');
  document.body.innerHTML = '<a href="https://idp.org/login" onclick="return false">Log in</a>';
  document.querySelector('a')?.click();
  page.hide();
  expect([jar.written, store.begun]).toEqual([[], []]);
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
  expect(client.getUserId()).toBe('1');
  expect(openFullPage(browser, options).client.getUserId()).toBeUndefined();
});

it('where something is kept, the host that the tab is sent to is too', () => {
  sessionStorage.clear();
  openFullPage().client.getAnonymousId();
  document.body.innerHTML = '<a href="https://idp.org/login" onclick="return false">Log in</a>';
  document.querySelector('a')?.click();
  expect(sessionStorage.getItem('utmost_away')).toContain('idp.org');
  sessionStorage.clear();
});

it('none: what failed is sent again by this page', async () => {
  const browser = createBrowser();
  browser.collector.rule = () => OFFLINE;
  const { client, to } = openFullPage(browser, { persistence: 'none' });
  expect(await client.identifyUser('1')).toMatchObject({ status: 'queued' });
  browser.collector.rule = () => DELIVERED;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(to('users')).toHaveLength(2);
});
