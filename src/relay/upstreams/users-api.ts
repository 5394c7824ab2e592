import type { RelaySettings } from '../options.ts';
import { request, type Upstream } from '../upstream.ts';

declare const VERSION: string;

// Run from its source, as by the demo, there is no build that puts the version in.
const SDK = `utmost/${typeof VERSION === 'string' ? VERSION : 'source'}`;

/** Makes the upstream Users API, which takes everything. */
export function createUsersApi({ host, applicationId }: NonNullable<RelaySettings['usersApi']>): Upstream {
  return ({ endpoint, body }, signal) =>
    request(
      'The Users API',
      {
        method: 'POST',
        url: `${host}/v1/${endpoint}`,
        headers: {
          'Content-Type': 'application/json',
          'X-Moesif-Application-Id': applicationId,
          'X-Moesif-SDK': SDK,
        },
        body: JSON.stringify(body),
      },
      signal,
    );
}
