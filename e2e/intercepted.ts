import type { Browser } from 'playwright';
import { PATIENCE } from './patience.ts';

/** A page of https://www.example.com, and the scripts there are beside it, by path. */
export interface Intercepted {
  head: string;
  scripts: Record<string, string>;
  /** Its Content-Security-Policy. */
  policy?: string;
}

/**
 * The outcome of a page: the receipt of an identify, where updates were sent, and what the policy refused.
 */
export interface Outcome {
  receipt: unknown;
  sent: string[];
  refused: string[];
}

const PROBE = `window.refused = [];
  addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
  addEventListener('load', async () => { window.receipt = await window.utmost?.identifyUser('ada') ?? 'none'; });`;

/** Loads a page in a world that the test answers for: no server, real addresses, and every update answered 201. */
export async function load(browser: Browser, { head, scripts, policy = '' }: Intercepted): Promise<Outcome> {
  const page = await browser.newPage({ baseURL: 'https://www.example.com' });
  page.setDefaultTimeout(PATIENCE);
  const sent: string[] = [];
  const files: Record<string, string> = { ...scripts, '/probe.js': PROBE };
  await page.route('**/*', async route => {
    const { pathname, href } = new URL(route.request().url());
    if (route.request().method() !== 'GET') {
      sent.push(href);
      // Whatever a preflight asks for; the policy decides before it.
      const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
      return route.fulfill({ status: 201, headers, json: {} });
    }
    const body = files[pathname];
    if (body) return route.fulfill({ contentType: 'text/javascript', body });
    return route.fulfill({
      contentType: 'text/html',
      headers: { ...(policy && { 'Content-Security-Policy': policy }) },
      body: `<!doctype html><title>page</title><script src="/probe.js"></script>${head}`,
    });
  });
  await page.goto('/?utm_source=strict');
  const receipt = await page.waitForFunction(() => (window as { receipt?: unknown }).receipt);
  const outcome = {
    receipt: await receipt.jsonValue(),
    sent: [...new Set(sent)],
    refused: await page.evaluate(() => (window as { refused?: string[] }).refused ?? []),
  };
  await page.close();
  return outcome;
}

/** Returns the outcome of a page that is in order. */
export const delivered = (url = 'https://api.moesif.net/v1/users'): Outcome => ({
  receipt: { status: 'delivered', httpStatus: 201 },
  sent: [url],
  refused: [],
});
