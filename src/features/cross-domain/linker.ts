import { setTimer } from '../../browser/page.ts';
import { isWithin } from '../../campaign/referrer.ts';
import { tryOrUndefined } from '../../shared/try-or-undefined.ts';
import type { CrossDomainSettings } from './options.ts';
import { makeToken } from './token.ts';
import { putParameter, takeParameter } from './url.ts';

/** Dependencies of a linker. */
export interface LinkerDependencies {
  /** Returns the visitor's id; undefined while it may not be passed on, as without consent. */
  anonymousId(): string | undefined;
  now(): number;
  /** Ends all listening to the page. */
  signal?: AbortSignal;
}

/**
 * Lets the page's links and GET forms to `domains` carry the visitor along. Each has a token only from its click or
 * submit to the end of that task. What is copied, hovered or dragged never has one.
 *
 * Not seen: links opened by the context menu, forms in a shadow tree, links in a closed one. Nor are `form.submit()`,
 * `location` and `window.open` seen: scripts have `decorateUrl`.
 */
export function createLinker(
  { domains, parameter }: CrossDomainSettings,
  { anonymousId, now, signal }: LinkerDependencies,
) {
  /** Makes a token for the address, if the visitor may be carried there. */
  const tokenFor = (address: string): string | undefined => {
    const target = tryOrUndefined(() => new URL(address, document.baseURI));
    const domain = target && domains.find(each => isWithin(target.hostname, each));
    // Within one domain the cookie carries the visitor. A page of https passes nothing on in clear.
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
    // The browser reads the address when all listeners have run, before the next task. Another script may have added
    // its own parameter.
    setTimer(() => {
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
    setTimer(() => stop.abort(), 0);
  };
  // Capturing: a page's own listeners may stop the event, and routers read the address in theirs.
  const options = { capture: true, ...(signal && { signal }) };
  for (const type of ['click', 'auxclick']) addEventListener(type, onClick, options);
  addEventListener('submit', onSubmit, options);
  return { decorateUrl };
}
