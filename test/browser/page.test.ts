// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserPage, isBrowser } from '../../src/browser/page.ts';

const define = (object: object, name: string, value: unknown) =>
  Object.defineProperty(object, name, { configurable: true, value });
const navigated = (type: string | undefined) =>
  vi
    .spyOn(performance, 'getEntriesByType')
    .mockReturnValue((type ? [{ type }] : []) as unknown as PerformanceEntryList);

afterEach(() => {
  vi.unstubAllGlobals();
  for (const name of ['hidden', 'prerendering', 'referrer']) Reflect.deleteProperty(document, name);
});

it('an id is a UUID of version 4, and no two are the same', () => {
  const ids = new Set(Array.from({ length: 200 }, browserPage.uuid));
  expect(ids.size).toBe(200);
  for (const id of ids)
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

describe('the visit', () => {
  it('is the page’s address, referrer and time', () => {
    define(document, 'referrer', 'https://news.org/');
    const { url, referrer, at } = browserPage.visit();
    expect([url, referrer]).toEqual([location.href, 'https://news.org/']);
    expect(Math.abs(at - Date.now())).toBeLessThan(1000);
  });

  it.each([
    ['navigate', false],
    ['prerender', false],
    ['reload', true],
    ['back_forward', true],
    [undefined, false],
  ])('by %s is a revisit: %s', (type, revisit) => {
    navigated(type);
    expect(browserPage.visit().isReload).toBe(revisit);
  });
});

describe('a page', () => {
  it('that is shown is active at once', () => {
    const run = vi.fn();
    browserPage.whenActivated(run);
    expect(run).toHaveBeenCalledOnce();
  });

  it('that is prerendered is active once, when it is shown', () => {
    define(document, 'prerendering', true);
    const run = vi.fn();
    browserPage.whenActivated(run);
    expect(run).not.toHaveBeenCalled();
    document.dispatchEvent(new Event('prerenderingchange'));
    document.dispatchEvent(new Event('prerenderingchange'));
    expect(run).toHaveBeenCalledOnce();
  });

  it('wakes when it is back online or visible, and not when it is hidden, until it is stopped', () => {
    const stop = new AbortController();
    const run = vi.fn();
    browserPage.onResume(run, stop.signal);
    const events = () => {
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    };
    define(document, 'hidden', true);
    events();
    expect(run).not.toHaveBeenCalled();
    define(document, 'hidden', false);
    events();
    expect(run).toHaveBeenCalledTimes(2);
    stop.abort();
    events();
    expect(run).toHaveBeenCalledTimes(2);
  });
});

it('leaving the page is told each time', () => {
  const run = vi.fn();
  browserPage.onHide(run);
  window.dispatchEvent(new Event('pagehide'));
  window.dispatchEvent(new Event('pagehide'));
  expect(run.mock.calls).toEqual([[true], [true]]);
});

it('a page is hidden without being left, and not by being shown', () => {
  const run = vi.fn();
  browserPage.onHide(run);
  define(document, 'hidden', true);
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  define(document, 'hidden', false);
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  expect(run.mock.calls).toEqual([[false]]);
});

it('the site’s own listeners for the page’s end, were they added before, find a page that knows it is left', () => {
  const order: string[] = [];
  window.addEventListener('pagehide', () => order.push('site'), { once: true });
  browserPage.onHide(() => order.push('utmost'));
  window.dispatchEvent(new Event('pagehide'));
  expect(order).toEqual(['utmost', 'site']);
});

it('a page wakes out of the back/forward cache, and not by being shown for the first time', () => {
  const stop = new AbortController();
  const run = vi.fn();
  browserPage.onResume(run, stop.signal);
  for (const persisted of [false, true])
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
  expect(run).toHaveBeenCalledOnce();
  stop.abort();
});

it('what is put off can be called off', async () => {
  const run = vi.fn();
  const cancel = browserPage.setTimer(run, 1);
  cancel();
  await new Promise<void>(resolve => browserPage.setTimer(resolve, 5));
  expect(run).not.toHaveBeenCalled();
});

it('without a document there is no page', () => {
  expect(isBrowser()).toBe(true);
  vi.stubGlobal('document', undefined);
  expect(isBrowser()).toBe(false);
});
