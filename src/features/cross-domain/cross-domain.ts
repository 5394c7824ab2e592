import { later } from '../../browser/page.ts';
import { isWithin, readAddress } from '../../campaign/referrer.ts';
import { tryOrUndefined } from '../../shared/try-or-undefined.ts';
import type { Identity } from '../../shared/types.ts';
import type { CrossDomainSettings } from './options.ts';
import { makeToken, readToken } from './token.ts';
import { putParameter, takeParameter } from './url.ts';
import { isFirstUse } from './used-tokens.ts';

/** A visit that may have been sent here by another site of ours. */
export interface Arrival {
  /** The page's address without the token. */
  url: string;
  /**
   * The visitor's identity with the id they had on the other site. The one given, where they are identified here, where no
   * good token came, or where it was used before. It writes to the device: call it when consent allows that.
   */
  adopt(identity: Identity): Identity;
}

/**
 * Takes the token out of the page's address, keeping `history.state`, the rest of the query and the hash. What it says is
 * only held in memory. Good is a token that was made for this domain within the last two minutes and, where the browser tells
 * a referrer, came from one of `domains` or from this one. `isFirst` tells whether it was not used before.
 */
export function takeArrival(
  { domains, parameter }: CrossDomainSettings,
  now: () => number,
  isFirst = isFirstUse,
): Arrival {
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

/** What decoration asks of its surroundings. */
export interface Carrier {
  /** The visitor's id; undefined while nothing may be told, as without consent. */
  anonymousId(): string | undefined;
  now(): number;
  /** Ends all listening to the page. */
  signal: AbortSignal;
}

/**
 * Lets the page's links and GET forms to `domains` carry the visitor along, each from the moment of its click or submit to
 * the end of that task: what is copied, hovered or dragged never has a token.
 *
 * Not seen: links opened by the context menu, `form.submit()`, `location` and `window.open` (there is `decorateUrl` for
 * scripts), forms in a shadow tree, links in a closed one.
 */
export function createCrossDomain(
  { domains, parameter }: CrossDomainSettings,
  { anonymousId, now, signal }: Carrier,
) {
  /** A token for the address, if the visitor may be carried there. */
  const tokenFor = (address: string): string | undefined => {
    const target = tryOrUndefined(() => new URL(address, document.baseURI));
    const domain = target && domains.find(each => isWithin(target.hostname, each));
    // Within one domain the cookie does it. What came by https does not leave in clear.
    const isCarried =
      domain &&
      !isWithin(location.hostname, domain) &&
      (target.protocol === 'https:' || (target.protocol === 'http:' && location.protocol === 'http:'));
    const id = isCarried && anonymousId();
    return id ? makeToken(id, now(), domain) : undefined;
  };
  const decorateUrl = (url: string): string => {
    const token = tokenFor(url);
    return token ? putParameter(url.trim(), parameter, token) : url;
  };

  const onClick = (event: Event) => {
    // Of the other buttons only the middle one opens a link.
    if (event.type === 'auxclick' && (event as MouseEvent).button !== 1) return;
    const path = event.composedPath() as Element[];
    const link = path.find(({ localName }) => localName === 'a' || localName === 'area');
    const name = ['href', 'xlink:href'].find(each => link?.hasAttribute(each));
    if (!link || !name || link.hasAttribute('download')) return;
    const before = link.getAttribute(name) ?? '';
    const decorated = decorateUrl(before);
    if (decorated === before) return;
    link.setAttribute(name, decorated);
    // The browser reads it when all listeners have run, before the next task. Another script may have added its own.
    later(() => {
      const after = link.getAttribute(name);
      if (after) link.setAttribute(name, takeParameter(after, parameter).url);
    }, 0);
  };
  const onSubmit = (event: Event) => {
    const form = event.target as HTMLFormElement;
    const { submitter } = event as SubmitEvent;
    // Not the properties, which a field of the name `action` or `method` hides.
    const attribute = (name: string) =>
      submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? '';
    const token = /^(post|dialog)$/i.test(attribute('method')) ? undefined : tokenFor(attribute('action'));
    if (!token) return;
    const stop = new AbortController();
    const append = ({ formData }: FormDataEvent) => formData.set(parameter, token);
    form.addEventListener('formdata', append, { signal: stop.signal });
    later(() => stop.abort(), 0);
  };
  // Capturing: a page's own listeners may stop the event, and routers read the address in theirs.
  const options = { capture: true, signal };
  for (const type of ['click', 'auxclick']) addEventListener(type, onClick, options);
  addEventListener('submit', onSubmit, options);
  return { decorateUrl };
}
