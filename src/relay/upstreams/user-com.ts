import type { RelaySettings } from '../options.ts';
import { request, type Upstream, type UpstreamRequest } from '../upstream.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import { toUserCom } from './user-com-profile.ts';

const NAME = 'User.com';

/**
 * The most attributes of a user. No profile has more, and more would make a small body a large one by repeating its
 * keys.
 */
const MAX_ATTRIBUTES = 1000;

/**
 * Makes the upstream User.com, which takes identified users alone. It sends `PUT users-by-id`. Where User.com does
 * not know the user and `createMissing` is on, it sends the documented `POST users`. Both are upserts in effect, so a
 * retry does no harm.
 */
export function createUserCom({
  host,
  token,
  createMissing,
}: NonNullable<RelaySettings['userCom']>): Upstream {
  const api = `${host}/api/public`;
  const headers = { Authorization: `Token ${token}`, 'Content-Type': 'application/json' };

  return ({ endpoint, body }, signal) => {
    if (endpoint !== 'users' || Array.isArray(body)) return undefined;
    const profile = toUserCom(body);
    if (!profile) return undefined;
    const { userId, attributes } = profile;
    // A URL cannot hold these two: they climb its path, percent signs or not (URL standard, "double-dot segment").
    if (/^\.\.?$/.test(userId)) return refusal(400, 'has no address for a user_id of dots; send another id');
    if (Object.keys(attributes).length > MAX_ATTRIBUTES)
      return refusal(413, `takes at most ${MAX_ATTRIBUTES} attributes; send less metadata`);

    const send = (method: UpstreamRequest['method'], path: string, content: object) =>
      request(NAME, { method, url: `${api}/${path}`, headers, body: JSON.stringify(content) }, signal);
    const update = () => send('PUT', `users-by-id/${encodeURIComponent(userId)}/`, attributes);
    return upsert(update, () =>
      createMissing ? send('POST', 'users/', { ...attributes, user_id: userId }) : undefined,
    );
  };
}

const UNKNOWN = 'answered 404, as it does not know the user; create the user first, or set createMissing';

async function upsert(
  update: () => Promise<UpstreamResult>,
  create: () => Promise<UpstreamResult> | undefined,
): Promise<UpstreamResult> {
  const updated = await update();
  const created = updated.status === 404 ? await create() : undefined;
  if (!created)
    return updated.status === 404 ? { ...updated, reason: UNKNOWN } : forbiddenToUnauthorized(updated);
  // Two requests of a new user at the same time: the other one has created it by now.
  const again = created.status === 400 || created.status === 409 ? await update() : undefined;
  return forbiddenToUnauthorized(again && again.status !== 404 ? again : created);
}

/** Makes a missing right a fault of the owner's to mend, like a wrong key: the sender keeps the update. */
const forbiddenToUnauthorized = (result: UpstreamResult): UpstreamResult =>
  result.status === 403
    ? { ...result, status: 401, reason: 'answered 403; give its token the right to change users' }
    : result;

const refusal = async (status: number, reason: string): Promise<UpstreamResult> => ({
  upstream: NAME,
  status,
  retryAfter: 0,
  reason,
});
