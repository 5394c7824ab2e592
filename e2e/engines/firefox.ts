import { launch } from 'puppeteer-core';
import { endGroup, findProgram } from '../programs.ts';
import type { Engine, Keeping } from './engine.ts';

type Preferences = Record<string, boolean | number | string>;

/** Firefox's own settings for what a visitor sets in its preferences. */
const PREFERENCES: Record<Keeping, Preferences> = {
  profile: {},
  private: { 'browser.privatebrowsing.autostart': true },
  blocked: { 'network.cookie.cookieBehavior': 2 },
};

/** Returns the preferences of a browser, with every host name leading to this machine. */
export const preferencesOf = (keeping: Keeping): Preferences => ({
  'network.dns.forceResolve': '127.0.0.1',
  ...PREFERENCES[keeping],
});

const find = () => findProgram(process.env.FIREFOX_PATH, 'firefox-esr', 'firefox');

/** The system's Firefox, driven by Puppeteer over WebDriver BiDi. */
export const firefox: Engine = {
  name: 'Firefox',
  packages: 'firefox-esr',
  isFound: () => find() !== undefined,
  async launch({ keeping, profile, patience }) {
    const browser = await launch({
      browser: 'firefox',
      executablePath: `${find()}`,
      userDataDir: profile,
      extraPrefsFirefox: preferencesOf(keeping),
      ...(patience && { timeout: patience }),
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
