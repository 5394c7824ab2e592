import { chromium } from './chromium.ts';
import type { Engine } from './engine.ts';
import { firefox } from './firefox.ts';
import { playwrightFirefox, playwrightWebkit } from './playwright.ts';
import { webkit } from './webkit.ts';

/** Returns the engine that is found; where none is, the first, which tells what to install. */
const either = (...engines: [Engine, ...Engine[]]) => engines.find(({ isFound }) => isFound()) ?? engines[0];

/** The system's browsers; Playwright's own where the system has none. */
export const ENGINES: readonly Engine[] = [
  chromium,
  either(firefox, playwrightFirefox),
  either(webkit, playwrightWebkit),
];
