import { toSdk } from '../../delivery/requests/moesif.ts';
import type { RelaySettings } from '../options.ts';
import { request, type Upstream } from '../upstream.ts';

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
          'X-Moesif-SDK': toSdk(),
        },
        body: JSON.stringify(body),
      },
      signal,
    );
}
