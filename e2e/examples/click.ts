import type { Browser, Page } from 'playwright';
import { expect } from 'vitest';

const HEADERS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/** Opens a page. The Users API takes what is posted there; `said` are the page's errors. */
export async function openPage(browser: Browser) {
  const page = await browser.newPage();
  const posts: Record<string, unknown>[] = [];
  const said: string[] = [];
  page.on('console', message => message.type() === 'error' && said.push(message.text()));
  page.on('pageerror', error => said.push(`${error}`));
  await page.route('https://api.moesif.net/**', route => {
    if (route.request().method() === 'POST') posts.push(route.request().postDataJSON());
    return route.fulfill({ status: 201, headers: HEADERS, json: {} });
  });
  return { page, posts, said };
}

/** Logs in on an example's page. */
export async function logIn(page: Page) {
  await page.fill('input[name=email]', 'ada@example.com');
  await page.locator('form button').click();
}

/** Opens a campaign link, waits until the page shows the campaign, and logs in. */
export async function clickThrough(page: Page, origin: string) {
  await page.goto(`${origin}/?utm_source=newsletter&utm_campaign=spring`);
  await expect.poll(() => page.locator('#campaign').textContent()).toBe('spring');
  await logIn(page);
}

/** What a collector has to get of the login. */
export const ADA = {
  user_id: 'user-ada@example.com',
  campaign: { utm_source: 'newsletter', utm_campaign: 'spring' },
  metadata: { email: 'ada@example.com' },
};

/** The updates of identified users. */
export const users = (posts: readonly Record<string, unknown>[]) => posts.filter(({ user_id }) => user_id);
