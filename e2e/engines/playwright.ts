import { existsSync } from 'node:fs';
import * as playwright from 'playwright';
import { killProfile } from '../chromium.ts';
import type { Engine } from './engine.ts';
import { preferencesOf } from './firefox.ts';

/** Playwright's own build of Firefox, where `npx playwright install firefox` has put it. */
export const playwrightFirefox: Engine = {
  name: 'Firefox',
  packages: 'firefox-esr',
  isFound: () => existsSync(playwright.firefox.executablePath()),
  async launch({ keeping, profile }) {
    const firefoxUserPrefs = preferencesOf(keeping);
    const context = await playwright.firefox.launchPersistentContext(profile, { firefoxUserPrefs });
    return {
      newPage: () => context.newPage(),
      close: () => context.close(),
      kill: () => killProfile(context, profile, 'lock'),
    };
  },
};

/** Blocks all as a page sees it, for Playwright's WebKit has no setting for it. */
const BLOCKED = `
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} });
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
    Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });`;

/** Playwright's own build of WebKit. As in WebKitGTK, each browser is a private window. */
export const playwrightWebkit: Engine = {
  name: 'WebKit',
  packages: 'webkit2gtk-driver xvfb',
  isFound: () => existsSync(playwright.webkit.executablePath()),
  async launch({ keeping, port }) {
    const proxy = { server: `http://127.0.0.1:${port}`, bypass: '127.0.0.1' };
    const browser = await playwright.webkit.launch({ proxy });
    const context = await browser.newContext();
    if (keeping === 'blocked') await context.addInitScript(BLOCKED);
    return { newPage: () => context.newPage(), close: () => browser.close() };
  },
};
