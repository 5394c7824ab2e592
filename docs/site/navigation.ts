/** A page of the site: what the navigation calls it, and where its text stands in the repository. */
export interface Entry {
  title: string;
  /** A file of the repository, or of this folder. */
  source: string;
}

export interface Group {
  title: string;
  entries: Entry[];
}

const entry = (title: string, source: string): Entry => ({ title, source });

/** The guides are called by their task: a reader comes with one, and not with the name of a module. */
export const NAVIGATION: readonly Group[] = [
  {
    title: 'Start',
    entries: [
      entry('Get started', 'README.md'),
      entry('Attribution playground', 'docs/site/playground.md'),
      entry('Move in from another tool', 'docs/migrating.md'),
      entry('Move in from moesif-browser-js', 'docs/migrating-from-moesif.md'),
    ],
  },
  {
    title: 'Know where visitors come from',
    entries: [
      entry('See which visit gets the credit', 'docs/attribution.md'),
      entry('Test your rules', 'docs/site/playground.md'),
      entry('Name the channel', 'docs/channels.md'),
      entry('Check your campaign links', 'docs/links.md'),
      entry('Check your pages with the panel', 'docs/panel.md'),
    ],
  },
  {
    title: 'Know who they are',
    entries: [
      entry('Use it in React, Vue, Svelte and Next.js', 'docs/frameworks.md'),
      entry('Follow the login', 'docs/auth.md'),
      entry('Send the campaign with a form', 'docs/forms.md'),
      entry('Read the visitor on your server', 'docs/server.md'),
      entry('Follow a visitor across domains', 'docs/cross-domain.md'),
      entry('Tell companies, sessions, actions', 'docs/full.md'),
      entry('Record calls to your API', 'docs/capture.md'),
    ],
  },
  {
    title: 'Make it arrive',
    entries: [
      entry('Load it by a tag manager', 'docs/loading.md'),
      entry('Put the relay in front of ad blockers', 'docs/relay.md'),
      entry('Send to User.com as well', 'docs/user-com.md'),
      entry('Make cookies last in Safari', 'docs/safari.md'),
      entry('See what an update survives', 'docs/delivery.md'),
    ],
  },
  {
    title: 'Respect visitors',
    entries: [
      entry('Ask for consent', 'docs/consent.md'),
      entry('See what is stored and sent', 'docs/privacy.md'),
      entry('Allow it in a security policy', 'docs/csp.md'),
      entry('Delete and export personal data', 'docs/collector.md'),
    ],
  },
  {
    title: 'Reference',
    entries: [
      entry('API and options', 'docs/api.md'),
      entry('Browsers', 'docs/browsers.md'),
      entry('Size and benchmark', 'docs/benchmark.md'),
      entry('The collector', 'demo/collector/README.md'),
      entry('Architecture', 'docs/ARCHITECTURE.md'),
    ],
  },
  {
    title: 'Project',
    entries: [
      entry('Changes', 'CHANGELOG.md'),
      entry('Contributing', 'CONTRIBUTING.md'),
      entry('Code of conduct', 'CODE_OF_CONDUCT.md'),
      entry('Security', 'SECURITY.md'),
    ],
  },
];

/** Pages that no group lists. */
const UNLISTED = ['docs/site/index.md'];

/** Every source of the site, once. */
export const SOURCES: readonly string[] = [
  ...new Set([...UNLISTED, ...NAVIGATION.flatMap(({ entries }) => entries.map(({ source }) => source))]),
];

const NAMES: Record<string, string> = {
  'README.md': 'start.md',
  'demo/collector/README.md': 'demo-collector.md',
};

/** Returns where a source stands on the site, as a file name: `docs/ARCHITECTURE.md` is `architecture.md`. */
export const toFile = (source: string): string =>
  NAMES[source] ?? source.replace(/^.*\//, '').toLowerCase().replaceAll('_', '-');
