import { fileURLToPath } from 'node:url';
import type { Options } from '../../src/options/options.ts';
import type { IdentifyOptions } from '../../src/shared/types.ts';
import type { Body } from './collector.ts';
import type { Value } from './summarize.ts';

/** The arguments of one `identifyUser`. */
export type Call = [userId: string, metadata: Record<string, Value | number>, options: IdentifyOptions];

/** The script that a run's pages track with: the statements that they run, and how its requests are read. */
export interface Client {
  /** The path of the script that its pages load. */
  script: string;
  /** The code of that script, where it is no file. */
  source?: string;
  /** The code that has to stand before that script. */
  before?: string;
  /** Returns the statement that begins, with a collector at that URL. A page may run it more than once. */
  init(host: string, options: Partial<Options>): string;
  /** Returns an expression that makes the call. */
  identify(call: Call): string;
  /** An expression that is true once it has begun. */
  hasBegun: string;
  /** The statement that sends what waits, if there is one. */
  flush?: string;
  /** True if its updates bring the campaign. */
  hasCampaign?: boolean;
  /** The headers that a preflight may ask for. */
  headers: string;
  /** True if it sends cookies to another origin, and has to be allowed that. */
  hasCredentials?: boolean;
  /**
   * Reads the updates that a request brings, in the Users API's shape; none if it is about something else.
   */
  read(body: Buffer, url: URL): Body[];
  /** The other files that it asks its host for, by the path under that URL. */
  files?: Record<string, string>;
}

export const UTMOST: Client = {
  script: fileURLToPath(new URL('../../dist/utmost.min.js', import.meta.url)),
  init: (host, options) => `utmost.init(${JSON.stringify({ applicationId: 'e2e', host, ...options })})`,
  identify: call => `utmost.identifyUser(...${JSON.stringify(call)})`,
  hasBegun: 'utmost.getAnonymousId() !== undefined',
  flush: 'utmost.flush()',
  hasCampaign: true,
  headers: 'Content-Type, X-Moesif-Application-Id, X-Moesif-SDK',
  read: body => [JSON.parse(`${body}`)],
};
