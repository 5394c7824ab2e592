// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConsentModeOptions, followConsentMode } from '../../src/consent/google-consent-mode.ts';

const page = window as unknown as { dataLayer?: unknown[]; [name: string]: unknown };
let choices: string[] = [];
let stop = () => {};
const follow = (options?: ConsentModeOptions) => {
  stop = followConsentMode(choice => choices.push(choice), options);
};

/** As Google's own snippet has it. */
function gtag(..._parameters: unknown[]) {
  page.dataLayer ??= [];
  // biome-ignore lint/complexity/noArguments: it is the arguments object that Google's tags look for.
  page.dataLayer.push(arguments);
}
const consent = (action: string, analytics_storage: string, more = {}) =>
  gtag('consent', action, { ad_storage: 'denied', analytics_storage, ...more });

/** What Tag Manager does to the data layer when it arrives: a push of its own around the one it finds. */
function loadTagManager(): unknown[] {
  const heard: unknown[] = [...(page.dataLayer ?? [])];
  const layer = page.dataLayer as unknown[];
  const before = layer.push;
  layer.push = (...entries) => {
    const result = before.apply(layer, entries);
    heard.push(...entries);
    return result;
  };
  return heard;
}

beforeEach(() => {
  vi.useFakeTimers();
  choices = [];
  delete page.dataLayer;
});
afterEach(() => stop());

describe('an update', () => {
  it('is a choice, and what was denied by default before it is none', () => {
    consent('default', 'denied');
    follow();
    vi.runAllTimers();
    expect(choices).toEqual([]);
    consent('update', 'granted');
    expect(choices).toEqual(['granted']);
  });

  it('from before is handed on at once', () => {
    consent('default', 'denied');
    consent('update', 'granted');
    follow();
    expect(choices).toEqual(['granted']);
  });

  it('is handed on once, and again when the visitor has changed their mind', () => {
    follow();
    for (const value of ['granted', 'granted', 'denied', 'denied', 'granted']) consent('update', value);
    expect(choices).toEqual(['granted', 'denied', 'granted']);
  });

  it('of another type says nothing', () => {
    follow();
    gtag('consent', 'update', { ad_storage: 'granted' });
    expect(choices).toEqual([]);
  });

  it('counts for the type that was asked for', () => {
    follow({ type: 'ad_user_data' });
    consent('update', 'granted', { ad_user_data: 'denied' });
    expect(choices).toEqual(['denied']);
  });

  it('ends the wait for a default', () => {
    follow();
    consent('default', 'granted', { wait_for_update: 500 });
    consent('update', 'denied');
    vi.runAllTimers();
    expect(choices).toEqual(['denied']);
  });
});

describe('a default', () => {
  it('that is granted everywhere needs no choice', () => {
    consent('default', 'granted');
    follow();
    expect(choices).toEqual([]);
    vi.runAllTimers();
    expect(choices).toEqual(['granted']);
  });

  it('that is granted waits as long as Google’s tags do', () => {
    follow();
    consent('default', 'granted', { wait_for_update: 500 });
    vi.advanceTimersByTime(499);
    expect(choices).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(choices).toEqual(['granted']);
  });

  it('waits for the longest wait that any of them asks for', () => {
    follow();
    consent('default', 'granted', { wait_for_update: 500 });
    consent('default', 'granted', { region: ['US'] });
    vi.advanceTimersByTime(499);
    expect(choices).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(choices).toEqual(['granted']);
  });

  it('after a choice says nothing', () => {
    follow();
    consent('update', 'denied');
    consent('default', 'granted');
    vi.runAllTimers();
    expect(choices).toEqual(['denied']);
  });

  // As documented: granted everywhere but in some regions, the more specific region winning.
  it.each([
    ['US-NY', ['granted']],
    ['US-CA', []],
    ['FR', []],
    ['FR-IDF', []],
    ['BR', ['granted']],
    ['', []],
  ])('that is another one in some regions, with the visitor in %j: %j', (region, expected) => {
    consent('default', 'granted');
    consent('default', 'denied', { region: ['FR', 'US-CA'], wait_for_update: 500 });
    consent('default', 'granted', { region: ['US'] });
    follow({ region });
    vi.runAllTimers();
    expect(choices).toEqual(expected);
  });

  it.each([
    ['US', ['granted']],
    ['FR', []],
    ['', []],
  ])('for some regions alone says nothing of others, with the visitor in %j: %j', (region, expected) => {
    follow({ region });
    consent('default', 'granted', { region: ['US'] });
    vi.runAllTimers();
    expect(choices).toEqual(expected);
  });
});

describe('the data layer', () => {
  it('works on for Tag Manager, whether it comes before or after', () => {
    gtag('js', 1);
    const early = loadTagManager();
    follow();
    const late = loadTagManager();
    expect(page.dataLayer?.push({ event: 'x' })).toBe(2);
    consent('update', 'granted');
    expect([early.length, late.length]).toEqual([3, 3]);
    expect(choices).toEqual(['granted']);
  });

  it('is made where there is none yet, and found by whoever comes later', () => {
    follow();
    consent('update', 'denied');
    expect([page.dataLayer?.length, choices]).toEqual([1, ['denied']]);
  });

  it('may have another name', () => {
    follow({ dataLayer: 'layer' });
    consent('update', 'granted');
    expect(choices).toEqual([]);
    // The command as it stands, in the other layer.
    (page.layer as unknown[]).push(page.dataLayer?.[0]);
    expect(choices).toEqual(['granted']);
    delete page.layer;
  });

  it('holds much else, which says nothing', () => {
    follow();
    const { dataLayer = [] } = page;
    dataLayer.push(null, 'consent', {}, { consent: 'update' }, () => {});
    // Google takes arguments for a command, and an array for something else.
    dataLayer.push(['consent', 'update', { analytics_storage: 'granted' }]);
    consent('reset', 'granted');
    gtag('consent');
    gtag('consent', 'update');
    gtag('event', 'update', { analytics_storage: 'granted' });
    for (const value of [true, 1, 'yes', undefined]) gtag('consent', 'update', { analytics_storage: value });
    vi.runAllTimers();
    expect(choices).toEqual([]);
  });

  it('is as it was once nobody follows, and nothing is handed on', () => {
    const layer: unknown[] = [];
    page.dataLayer = layer;
    const { push } = layer;
    follow();
    consent('default', 'granted');
    stop();
    expect(layer.push).toBe(push);
    consent('update', 'granted');
    vi.runAllTimers();
    expect(choices).toEqual([]);
  });

  it('goes on through a wrapper that was made around ours', () => {
    follow();
    const heard = loadTagManager();
    stop();
    consent('update', 'granted');
    expect([heard.length, page.dataLayer?.length, choices]).toEqual([1, 1, []]);
  });

  it('does not suffer from what goes wrong with the choice', () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
    stop = followConsentMode(() => {
      throw new ReferenceError('utmost is not defined');
    });
    consent('update', 'granted');
    expect(page.dataLayer).toHaveLength(1);
    expect(`${errors.mock.lastCall}`).toContain('utmost is not defined');
    errors.mockRestore();
  });
});

it('without a function to call it throws a sentence', () => {
  expect(() => followConsentMode(undefined as never)).toThrow(
    'utmost: the choice has no function to go to; pass one',
  );
});
