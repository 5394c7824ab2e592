/** A feature that not all of the oldest browsers have. */
export interface NewerFeature {
  name: string;
  /** Its paths in MDN's browser-compat-data. */
  paths: string[];
  /** What the script does without it, in a sentence. */
  without: string;
}

/** What the script tags use only where it is there. `e2e/compat.test.ts` fails where the source uses more. */
export const NEWER_FEATURES: readonly NewerFeature[] = [
  {
    name: 'Web Locks',
    paths: ['api.Navigator.locks', 'api.LockManager.request', 'api.LockManager.query'],
    without: 'A lease tells which tab sends what waits.',
  },
  {
    name: 'Navigation API',
    paths: [
      'api.Window.navigation',
      'api.NavigateEvent.destination',
      'api.NavigationCurrentEntryChangeEvent.navigationType',
      'api.NavigationDestination.sameDocument',
      'api.NavigationDestination.url',
    ],
    without: 'Round trips that a script began are not seen.',
  },
  {
    name: '`indexedDB.databases`',
    paths: ['api.IDBFactory.databases'],
    without: 'A refusal of consent opens the database to empty it, even where there was none.',
  },
  {
    name: '`ReportingObserver`, in the panel',
    paths: ['api.ReportingObserver', 'api.ReportingObserver.observe', 'api.Report.body'],
    without: 'Violations of the policy count from when the panel was opened.',
  },
  {
    name: '`responseStatus`, in the panel',
    paths: ['api.PerformanceResourceTiming.responseStatus'],
    without: 'Requests before the panel was opened are shown without their status.',
  },
  {
    name: '`ancestorOrigins`, in the panel',
    paths: ['api.Location.ancestorOrigins'],
    without: 'The referrer tells the page around a frame.',
  },
  {
    name: 'Constructed style sheets, in the panel',
    paths: ['api.ShadowRoot.adoptedStyleSheets', 'api.CSSStyleSheet.replaceSync'],
    without: 'Its style is an element, which a strict policy has to allow.',
  },
  {
    name: '`showPopover`, in the panel',
    paths: ['api.HTMLElement.showPopover'],
    without: 'It stands above the page by its `z-index`.',
  },
];
