import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Call, type Client, UTMOST } from '../delivery/client.ts';
import { mixpanelOf, moesifOf, posthogOf, segmentOf } from './requests.ts';

/** One row of the comparison: a client as its vendor documents it, in one of its configurations. */
export interface Competitor extends Client {
  name: string;
  /**
   * True if it differs from the one before it in its options alone: its bytes and times are not told again.
   */
  isVariant?: boolean;
  /** True if its script is source code, and would be minified to be shipped. */
  isSource?: boolean;
}

const PACKAGES = new URL('node_modules/', import.meta.url);
const file = (path: string) => fileURLToPath(new URL(path, PACKAGES));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Returns a name with the version that is installed. */
const nameOf = (name: string): string =>
  `${name} ${JSON.parse(readFileSync(new URL(`${name}/package.json`, PACKAGES), 'utf8')).version}`;

/** Makes a statement that a page may run more than once. */
const once = (statement: string) => `if (!window.begun) { window.begun = true; ${statement} }`;
const code = JSON.stringify;
const argumentsOf = ([user, metadata]: Call) => `${code(user)}, ${code(metadata)}`;

/** The snippet that a team writes by hand. */
export const BASELINE: Competitor = {
  name: 'hand-written snippet',
  script: fileURLToPath(new URL('baseline.js', import.meta.url)),
  isSource: true,
  init: host => `track.init(${code(host)})`,
  identify: call => `track.identify(${argumentsOf(call)})`,
  hasBegun: 'true',
  headers: UTMOST.headers,
  read: moesifOf,
};

// Of its options, `batchEnabled` is about delivery, and by its documentation not about users: it has one configuration.
const moesif = (script: string): Competitor => ({
  name: `moesif-browser-js ${readFileSync(script, 'utf8').match(/LIB_VERSION:"(.*?)"/)?.[1]}`,
  script,
  // It speaks the page's protocol, and takes a host without one.
  init: host => once(`moesif.init({ applicationId: 'bench', host: ${code(host.replace('http://', ''))} });`),
  identify: call => `moesif.identifyUser(${argumentsOf(call)})`,
  hasBegun: 'true',
  headers: UTMOST.headers,
  read: moesifOf,
});

/**
 * Returns moesif-browser-js in the version that utmost is tested with, in the newest on npm, and in that of the file
 * named by `MOESIF`: its repository has newer ones. Each version once.
 */
function moesifs(): Competitor[] {
  const path = 'moesif-browser-js/moesif.min.js';
  const tested = fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
  const scripts = [tested, file(path), ...(process.env.MOESIF ? [process.env.MOESIF] : [])];
  return [...new Map(scripts.map(moesif).map(each => [each.name, each])).values()];
}

/**
 * Returns the settings of Segment's own destination, as its CDN tells every page of a source without others.
 */
const segmentSettings = (host: string, more = {}) => ({
  integrations: {
    'Segment.io': {
      apiKey: 'bench',
      apiHost: `${host.replace('http://', '')}/v1`,
      protocol: 'http',
      ...more,
    },
  },
});
const segmentInit = (host: string, settings: object, options: object) =>
  once(`window.analytics = AnalyticsNext.AnalyticsBrowser.load(
    ${code({ writeKey: 'bench', cdnURL: host, ...settings })}, ${code(options)});
    analytics.ready(() => { window.isReady = true; });`);

const segment = (): Competitor => ({
  name: nameOf('@segment/analytics-next'),
  script: file('@segment/analytics-next/dist/umd/index.js'),
  init: host => segmentInit(host, {}, segmentSettings(host)),
  // Its promise waits for the delivery.
  identify: call => `void analytics.identify(${argumentsOf(call)})`,
  hasBegun: 'window.isReady',
  headers: 'Content-Type, Authorization, X-Retry-Count',
  read: segmentOf,
  files: { 'v1/projects/bench/settings': code({ integrations: { 'Segment.io': { apiKey: 'bench' } } }) },
});

/** Segment with the settings in the page instead of on the CDN, and with requests that outlive it. */
const segmentAtItsBest = (): Competitor => ({
  ...segment(),
  name: `${segment().name}, inline settings and keepalive`,
  isVariant: true,
  init: host =>
    segmentInit(
      host,
      { cdnSettings: segmentSettings(host) },
      segmentSettings(host, { deliveryStrategy: { strategy: 'standard', config: { keepalive: true } } }),
    ),
});

// It takes a driven browser for a robot, and would send nothing.
const posthogInit = (host: string, options: object) =>
  once(`posthog.init('bench', ${code({ api_host: host, opt_out_useragent_filter: true, ...options })});`);

const posthog = (): Competitor => ({
  name: nameOf('posthog-js'),
  script: file('posthog-js/dist/array.js'),
  init: host => posthogInit(host, {}),
  identify: call => `posthog.identify(${argumentsOf(call)})`,
  hasBegun: 'posthog.__loaded',
  headers: 'Content-Type',
  read: posthogOf,
  files: { 'array/bench/config.js': '', 'array/bench/config': '{}' },
});

/**
 * PostHog without batches and compression, so that every event is sent in its own task. Neither the timer of
 * a batch nor the asynchronous compression comes before it.
 */
const posthogAtItsBest = (): Competitor => ({
  ...posthog(),
  name: `${posthog().name}, unbatched and uncompressed`,
  isVariant: true,
  init: host => posthogInit(host, { request_batching: false, disable_compression: true }),
});

const mixpanelInit = (host: string, options = {}) =>
  once(`mixpanel.init('bench', ${code({ api_host: host, ...options })});`);

// What it advises against loss, a queue in localStorage that is sent in batches, is what it does by default.
const mixpanel = (): Competitor => ({
  name: nameOf('mixpanel-browser'),
  script: file('mixpanel-browser/dist/mixpanel.min.js'),
  // The stub that its script looks for, as its snippet leaves it.
  before: 'window.mixpanel = Object.assign([], { _i: [], __SV: 1.2 });',
  init: host => mixpanelInit(host),
  identify: ([user, metadata]) => `mixpanel.identify(${code(user)}), mixpanel.people.set(${code(metadata)})`,
  hasBegun: 'mixpanel.__loaded',
  headers: 'Content-Type',
  hasCredentials: true,
  read: mixpanelOf,
});

/** Mixpanel for pages that are left: a beacon for every request, of which none is tried again. */
const mixpanelByBeacon = (): Competitor => ({
  ...mixpanel(),
  name: `${mixpanel().name}, unbatched beacons`,
  isVariant: true,
  init: host => mixpanelInit(host, { batch_requests: false, api_transport: 'sendBeacon' }),
});

export const THIS: Competitor = { ...UTMOST, name: `utmost ${version}` };

/** Returns all of them, utmost first and the baseline last. */
export const competitors = (): Competitor[] => [
  THIS,
  ...moesifs(),
  segment(),
  segmentAtItsBest(),
  posthog(),
  posthogAtItsBest(),
  mixpanel(),
  mixpanelByBeacon(),
  BASELINE,
];
