import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killProfile, launchChromium, launchProfile } from '../chromium.ts';
import type { Engine } from './engine.ts';

/** Chromium's own setting "block all cookies", which means storage too. */
const BLOCKED = { profile: { default_content_setting_values: { cookies: 2 } } };

/** The Chromium of the other tests, driven by Playwright. */
export const chromium: Engine = {
  name: 'Chromium',
  packages: 'chromium',
  // The other tests install it where there is none.
  isFound: () => true,
  async launch({ keeping, profile }) {
    if (keeping === 'private') {
      const browser = await launchChromium();
      const context = await browser.newContext();
      return { newPage: () => context.newPage(), close: () => browser.close() };
    }
    if (keeping === 'blocked') {
      await mkdir(join(profile, 'Default'));
      await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(BLOCKED));
    }
    const context = await launchProfile(profile);
    return {
      newPage: () => context.newPage(),
      close: () => context.close(),
      kill: () => killProfile(context, profile),
    };
  },
};
