/** The oldest browsers that the script tags run in, by their names in MDN's browser-compat-data. */
export const OLDEST_BROWSERS = {
  chrome: '93',
  edge: '93',
  firefox: '92',
  safari: '15.4',
  safari_ios: '15.4',
} as const;

export type BrowserName = keyof typeof OLDEST_BROWSERS;
