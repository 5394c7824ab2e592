import { isWithin, readAddress } from '../../campaign/referrer.ts';
import { tryOrUndefined } from '../../shared/try-or-undefined.ts';
import type { Identity } from '../../shared/types.ts';
import type { CrossDomainSettings } from './options.ts';
import { readToken } from './token.ts';
import { takeParameter } from './url.ts';
import { isFirstUse } from './used-tokens.ts';

/** A visit that may have been sent here by another site of ours. */
export interface Incoming {
  /** The page's address without the token. */
  url: string;
  /**
   * Returns the visitor's identity with the id they had on the other site. Returns the identity given where they are
   * identified here, where no good token came, or where it was used before. It writes to the device: call it when
   * consent allows that.
   */
  adopt(identity: Identity): Identity;
}

/**
 * Takes the token out of the page's address, keeping `history.state`, the rest of the query and the hash. Its content
 * is only held in memory.
 *
 * A good token was made for this domain within the last two minutes. Where the browser reports a referrer, it has to
 * be one of `domains` or this domain. `isFirst` checks that the token was not used before.
 */
export function takeIncoming(
  { domains, parameter }: CrossDomainSettings,
  now: () => number,
  isFirst = isFirstUse,
): Incoming {
  const { url, value } = takeParameter(location.href, parameter);
  if (value !== undefined) tryOrUndefined(() => history.replaceState(history.state, '', url));
  const token = readToken(value, location.hostname, now());
  const from = readAddress(document.referrer)?.fields.referring_domain;
  const isOurs = token && (!from || [...domains, token.domain].some(domain => isWithin(from, domain)));
  return {
    url,
    adopt: identity =>
      isOurs && identity.userId === undefined && isFirst(token, now())
        ? { ...identity, anonymousId: token.anonymousId }
        : identity,
  };
}
