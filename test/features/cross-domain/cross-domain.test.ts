// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinker } from '../../../src/features/cross-domain/linker.ts';
import { readToken } from '../../../src/features/cross-domain/token.ts';
import { takeParameter } from '../../../src/features/cross-domain/url.ts';

const NOW = 1_790_000_000_000;
const SETTINGS = { domains: ['example.com', 'shop.test'], parameter: '_utmost' };

let stop = new AbortController();
let visitor: string | undefined;
let decorateUrl: (url: string) => string;
const onPage = (url: string) =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);

beforeEach(() => {
  onPage('https://www.example.com/');
  stop = new AbortController();
  visitor = 'visitor-1';
  const carrier = { anonymousId: () => visitor, now: () => NOW, signal: stop.signal };
  ({ decorateUrl } = createLinker(SETTINGS, carrier));
  // No test leaves its page; the last listeners see what the browser would.
  for (const type of ['click', 'auxclick', 'submit'])
    window.addEventListener(type, event => event.preventDefault(), { signal: stop.signal });
});
afterEach(() => stop.abort());

/** Whose token an address carries, for the shop, and the address without it. */
const carried = (url: string) => {
  const { url: bare, value } = takeParameter(url, '_utmost');
  return [bare, readToken(value, 'www.shop.test', NOW)?.anonymousId];
};
const nextTask = () => new Promise(resolve => setTimeout(resolve));

describe('decorateUrl', () => {
  it.each([
    'https://shop.test',
    'https://www.shop.test/a?b=%zz#c',
    'HTTPS://SHOP.TEST/A',
    '//shop.test/',
    'https://shop.test:8443/',
    'https://user@shop.test./?',
  ])('%s carries the visitor, and is otherwise as it was', url =>
    expect(carried(decorateUrl(url))).toEqual([url, 'visitor-1']),
  );

  it.each([
    ['another site', 'https://news.org/?to=shop.test'],
    ['one that only ends alike', 'https://notshop.test/'],
    ['one that only begins alike', 'https://shop.test.evil.org/'],
    ['this domain', 'https://app.example.com/'],
    ['this page', '/pricing?a=1'],
    ['plain http, from https', 'http://shop.test/'],
    ['another scheme', 'mailto:me@shop.test'],
    ['a script', 'javascript:void "//shop.test"'],
    ['nothing', ''],
    ['no address', 'https://:/'],
  ])('leaves %s alone', (_, url) => expect(decorateUrl(url)).toBe(url));

  it('gives plain http to a page that is plain http itself', () => {
    onPage('http://www.example.com/');
    for (const url of ['http://shop.test/', 'https://shop.test/'])
      expect(carried(decorateUrl(url))).toEqual([url, 'visitor-1']);
  });

  it('gives another scheme nothing, on a page that is plain http', () => {
    onPage('http://www.example.com/');
    expect(decorateUrl('ws://shop.test/')).toBe('ws://shop.test/');
  });

  it('overlooks the spaces around an address, as browsers do', () =>
    expect(carried(decorateUrl(' https://shop.test/a\n'))).toEqual(['https://shop.test/a', 'visitor-1']));

  it('gives nothing while nobody may be told', () => {
    visitor = undefined;
    expect(decorateUrl('https://shop.test/')).toBe('https://shop.test/');
  });

  it('renews a token that is there already', () => {
    visitor = 'visitor-0';
    const old = decorateUrl('https://shop.test/?a');
    visitor = 'visitor-1';
    expect(carried(decorateUrl(old))).toEqual(['https://shop.test/?a', 'visitor-1']);
  });
});

describe('a click', () => {
  /** The link's address at the end of the click, and in the next task. */
  const clicked = async (html: string, at: string, event = new MouseEvent('click', EVENT)) => {
    document.body.innerHTML = html;
    const link = document.querySelector('[href], [xlink\\:href]');
    const href = () => link?.getAttribute('href') ?? link?.getAttribute('xlink:href') ?? '';
    const before = href();
    document.querySelector(at)?.dispatchEvent(event);
    const during = href();
    await nextTask();
    expect(href()).toBe(before);
    return carried(during);
  };
  const EVENT = { bubbles: true, cancelable: true, composed: true };
  const URL = 'https://shop.test/a?b#c';
  const CARRIED = [URL, 'visitor-1'];

  it.each([
    ['a link', `<a href="${URL}">x</a>`, 'a'],
    ['something within a link', `<a href="${URL}"><b><i>x</i></b></a>`, 'i'],
    ['a link into a new tab', `<a href="${URL}" target="_blank" rel="noopener">x</a>`, 'a'],
    ['an area of a map', `<map><area href="${URL}"></map>`, 'area'],
    ['a link of a drawing', `<svg><a href="${URL}"><text>x</text></a></svg>`, 'text'],
    ['a link of an old drawing', `<svg><a xlink:href="${URL}"><text>x</text></a></svg>`, 'text'],
  ])('on %s carries the visitor, for as long as the click lasts', async (_, html, at) => {
    expect(await clicked(html, at)).toEqual(CARRIED);
  });

  it.each([
    ['a download', `<a href="${URL}" download>x</a>`, 'a'],
    ['no link', `<p>x</p><a href="${URL}">y</a>`, 'p'],
    ['a link of this site', '<a href="/pricing">x</a>', 'a'],
    ['a link without an address', `<a><i>x</i></a><p href="${URL}">`, 'i'],
  ])('on %s changes nothing', async (_, html, at) => {
    const [bare, id] = await clicked(html, at);
    expect(id).toBeUndefined();
    expect(document.body.innerHTML).toContain(bare);
  });

  it('of the middle button opens a link, one of the right button does not', async () => {
    const html = `<a href="${URL}">x</a>`;
    const aux = (button: number) => new MouseEvent('auxclick', { ...EVENT, button });
    expect(await clicked(html, 'a', aux(1))).toEqual(CARRIED);
    expect(await clicked(html, 'a', aux(2))).toEqual([URL, undefined]);
  });

  it('that the page keeps to itself carries the visitor all the same', async () => {
    document.addEventListener('click', event => event.stopImmediatePropagation(), {
      capture: true,
      signal: stop.signal,
    });
    expect(await clicked(`<a href="${URL}">x</a>`, 'a')).toEqual(CARRIED);
  });

  it('finds a link in a shadow tree', async () => {
    document.body.innerHTML = '<div></div>';
    const root = document.querySelector('div')?.attachShadow({ mode: 'open' });
    if (!root) throw new Error('no shadow');
    root.innerHTML = `<a href="${URL}"><b>x</b></a>`;
    root.querySelector('b')?.dispatchEvent(new MouseEvent('click', EVENT));
    expect(carried(root.querySelector('a')?.getAttribute('href') ?? '')).toEqual(CARRIED);
  });

  it('what another script adds to the address in the click stays', async () => {
    document.body.innerHTML = `<a href="https://shop.test/?a">x</a>`;
    const link = document.querySelector('a') as HTMLAnchorElement;
    link.addEventListener('click', () => link.setAttribute('href', `${link.getAttribute('href')}&_gl=1`));
    link.dispatchEvent(new MouseEvent('click', EVENT));
    await nextTask();
    expect(link.getAttribute('href')).toBe('https://shop.test/?a&_gl=1');
  });

  it('changes nothing after the abort', async () => {
    const silent = new AbortController();
    window.addEventListener('click', event => event.preventDefault(), { signal: silent.signal });
    stop.abort();
    expect(await clicked(`<a href="${URL}">x</a>`, 'a')).toEqual([URL, undefined]);
    silent.abort();
  });
});
