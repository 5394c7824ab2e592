import { launch } from 'puppeteer-core';
import { endGroup, findProgram } from '../programs.ts';
import type { Engine, Keeping } from './engine.ts';

/** Firefox's own settings for what a visitor sets in its preferences. */
export const PREFERENCES: Record<Keeping, Record<string, boolean | number | string>> = {
  profile: {},
  private: { 'browser.privatebrowsing.autostart': true },
  blocked: { 'network.cookie.cookieBehavior': 2 },
};

const find = () => findProgram(process.env.FIREFOX_PATH, 'firefox-esr', 'firefox');

/** The system's Firefox, driven by Puppeteer over WebDriver BiDi. */
export const firefox: Engine = {
  name: 'Firefox',
  packages: 'firefox-esr',
  isFound: () => find() !== undefined,
  async launch({ keeping, profile }) {
    const browser = await launch({
      browser: 'firefox',
      executablePath: `${find()}`,
      userDataDir: profile,
      extraPrefsFirefox: { 'network.dns.forceResolve': '127.0.0.1', ...PREFERENCES[keeping] },
    });
    return {
      newPage: () => browser.newPage(),
      close: () => browser.close(),
      async kill() {
        const main = browser.process();
        if (main) await endGroup(main);
      },
    };
  },
};
