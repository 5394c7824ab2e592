import {
  CORE_OPTIONS,
  type Complete,
  normalizeOptions,
  type Options,
  type Settings,
} from '../options/options.ts';
import { isTrust, TRUST } from './client-ip.ts';
import { checkNames } from './option-names.ts';

/** Options of the page that say which campaign it sends. Give the same here as there. */
export interface VisitorOptions extends Pick<Options, 'attribution' | 'campaignMaxAge' | 'consent'> {
  /** The option of `utmost/full` of that name. Default `utmost_`. */
  persistenceKeyPrefix?: string | undefined;
}

/** Options of `createServerClient`: those of the page, and what only a server has to know. */
export interface ServerOptions
  extends VisitorOptions,
    Pick<Options, 'applicationId' | 'host' | 'includeAttribution' | 'clickIds' | 'respectGpc'> {
  /**
   * The source of the visitor's address, as the relay's option of that name. A number: how many proxies of yours stand
   * in front. A header's name (`cf-connecting-ip`): that header alone. Without either it is the connection's own
   * address, where the request has it. Default 0.
   */
  trustProxy?: number | string | undefined;
  /** The longest that a returned promise stays open, in milliseconds, retries included. Default 10000. */
  timeout?: number | undefined;
}

export type ServerSettings = Settings & Complete<Pick<ServerOptions, 'persistenceKeyPrefix' | 'trustProxy'>>;

/** Names of `VisitorOptions`, then those of `ServerOptions` besides. */
const VISITOR_NAMES = ['attribution', 'campaignMaxAge', 'consent', 'persistenceKeyPrefix'];
const SERVER_NAMES = [
  'applicationId',
  'host',
  'includeAttribution',
  'clickIds',
  'respectGpc',
  'trustProxy',
  'timeout',
];

const SPEC = {
  defaults: { ...CORE_OPTIONS.defaults, persistenceKeyPrefix: 'utmost_' },
  checks: {
    ...CORE_OPTIONS.checks,
    trustProxy: [TRUST, (trust: unknown) => (isTrust(trust) ? trust : undefined)],
  },
} as const;

function normalize(options: object, names: readonly string[], what: string): ServerSettings {
  checkNames(options, names, what);
  const { trustProxy = 0, ...settings } = normalizeOptions<Settings & Partial<ServerSettings>>(options, SPEC);
  return { ...settings, trustProxy } as ServerSettings;
}

/** Makes settings of the options of `createServerClient`, or throws a TypeError with a sentence that tells the fix. */
export function normalizeServerOptions(options: ServerOptions): ServerSettings {
  // An environment variable may be missing, as while a site is built.
  const { applicationId = '' } = options;
  const settings = normalize(
    { ...options, applicationId: applicationId || 'none' },
    [...VISITOR_NAMES, ...SERVER_NAMES],
    'createServerClient',
  );
  return { ...settings, applicationId };
}

/** Makes settings of the options of `readVisitor`. Those that cannot be meant are said on the console, and count as absent. */
export function normalizeVisitorOptions(options: VisitorOptions): ServerSettings {
  const complete = (given: object) =>
    normalize({ ...given, applicationId: 'none' }, [...VISITOR_NAMES, 'applicationId'], 'readVisitor');
  try {
    return complete(options);
  } catch (error) {
    console.error((error as Error).message);
    return complete({});
  }
}
