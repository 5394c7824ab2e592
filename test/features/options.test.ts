// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FULL } from '../../src/features/instances.ts';
import type { FullOptions, FullSettings } from '../../src/features/options.ts';
import { normalizeOptions } from '../../src/options/options.ts';
import { createBrowser, kindBrowser, startAnew } from '../client/client-world.ts';
import { OFFLINE, settled } from '../world.ts';
import { openFullPage } from './full-world.ts';

startAnew();

const normalizeFull = (options: FullOptions) => normalizeOptions<FullSettings>(options, FULL);

const LANDING = 'https://www.example.com/?utm_source=a&gclid=g&fbclid=f';
const campaignOf = async (options: Partial<FullOptions> & { url?: string; referrer?: string }) => {
  const { client } = openFullPage(kindBrowser(), options);
  return client.getCampaign();
};
/** Every cookie that was written and not removed again, with its attributes. */
const cookiesOf = async (options: Partial<FullOptions>, url = 'https://www.example.com/') => {
  const { client, jar } = openFullPage(kindBrowser(), { url, ...options });
  client.getAnonymousId();
  await settled();
  return jar.cookies;
};

describe('wrong options', () => {
  it.each([
    [{}, 'utmost: applicationId or relay must be given to init.'],
    [
      { applicationId: 'a', persistence: 'disk' },
      'utmost: persistence must be cookie, localStorage or none.',
    ],
    [{ applicationId: 'a', batchSize: 0 }, 'utmost: batchSize must be a positive number.'],
    [{ applicationId: 'a', disableUtm: 'yes' }, 'utmost: disableUtm must be a boolean.'],
    [
      { applicationId: 'a', persistenceKeyPrefix: '' },
      'utmost: persistenceKeyPrefix must be letters, digits, "_", "-" and ".".',
    ],
    [
      { applicationId: 'a', crossDomain: {} },
      'utmost: crossDomain.domains must be a list of host names such as "shop.example".',
    ],
  ])('%o: a sentence tells the fix', (options, sentence) => {
    expect(() => normalizeFull(options as FullOptions)).toThrow(new TypeError(sentence));
  });

  it('unknown ones are told, those that are undefined are absent, and none is changed', () => {
    const options = Object.freeze({ applicationId: 'a', batchSize: undefined, more: 1, debug: true });
    const settings = normalizeFull(options);
    expect([vi.mocked(console.warn).mock.calls, settings.batchSize]).toEqual([
      [['utmost: unknown option "more"; check it']],
      25,
    ]);
  });

  it.each([
    ['callback', () => {}],
    ['eagerBodyLogging', true],
    ['batchTimeout', 1],
    ['batchStorageExpiration', 1],
    ['enableCrossDomainTracking', true],
    ['crossDomainTargets', []],
    ['crossDomainTrackingParameterName', 'x'],
  ])('%s has no work here: the console says what to use', (name, value) => {
    normalizeFull({ applicationId: 'a', [name]: value, debug: true });
    expect(console.warn).toHaveBeenCalledWith('utmost:', expect.stringContaining(`option ${name}: `));
    expect(console.warn).not.toHaveBeenCalledWith(expect.stringContaining('unknown'));
  });
});

describe('persistence', () => {
  it('cookie: in cookies alone', async () => {
    expect((await cookiesOf({})).map(({ name }) => name).sort()).toEqual(['utmost_id', 'utmost_state']);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('localStorage: there alone', async () => {
    expect(await cookiesOf({ persistence: 'localStorage' })).toEqual([]);
    expect(Object.keys(localStorage).sort()).toEqual(['utmost_id', 'utmost_state']);
  });
});

describe('cookies', () => {
  const DAY = 86_400;
  const attributes = (options: Partial<FullOptions>, url?: string) =>
    cookiesOf(options, url).then(([cookie]) => cookie?.attributes);

  it('are shared by subdomains, unless crossSubdomainCookie is off', async () => {
    expect((await cookiesOf({}))[0]?.domain).toBe('example.com');
    expect((await cookiesOf({ crossSubdomainCookie: false }))[0]?.domain).toBeUndefined();
  });

  it.each([['app.example.com'], ['.app.example.com'], ['*.app.example.com']])(
    'are on the cookieDomain %s',
    async cookieDomain => {
      expect((await cookiesOf({ cookieDomain }, 'https://x.app.example.com/'))[0]?.domain).toBe(
        'app.example.com',
      );
    },
  );

  it('live cookieExpiration days', async () => {
    const lasts = (options: Partial<FullOptions>) =>
      attributes(options).then(text => text?.match(/max-age=([^;]+)/)?.[1]);
    expect([await lasts({}), await lasts({ cookieExpiration: 2 })]).toEqual([`${365 * DAY}`, `${2 * DAY}`]);
  });

  it('are for pages in other sites’ frames with crossSiteCookie', async () => {
    expect(await attributes({})).toContain('sameSite=Lax');
    expect(await attributes({ crossSiteCookie: true }, 'http://www.example.com/')).toMatch(
      /sameSite=None; secure/,
    );
  });

  it('are secure on https, and with secureCookie on http', async () => {
    expect(await attributes({})).toContain('secure');
    expect(await attributes({}, 'http://www.example.com/')).not.toContain('secure');
    expect(await attributes({ secureCookie: true }, 'http://www.example.com/')).toContain('secure');
  });

  it('begin with the persistenceKeyPrefix', async () => {
    const names = (await cookiesOf({ persistenceKeyPrefix: 'a_' })).map(({ name }) => name).sort();
    expect(names).toEqual(['a_id', 'a_state']);
  });
});

describe('the campaign', () => {
  it('has no UTM parameters with disableUtm, in the hash neither', async () => {
    expect(await campaignOf({ url: LANDING, disableUtm: true })).toEqual({ gclid: 'g' });
    const url = 'https://www.example.com/#/a?amp;UTM_Source=x';
    expect(await campaignOf({ url })).toEqual({ utm_source: 'x' });
    expect(await campaignOf({ url, disableUtm: true })).toBeUndefined();
  });

  it('has no gclid with disableGclid', async () => {
    expect(await campaignOf({ url: LANDING, disableGclid: true })).toEqual({ utm_source: 'a' });
  });

  it('has no referrer with disableReferrer', async () => {
    const referrer = 'https://news.org/';
    expect(await campaignOf({ url: LANDING, referrer })).toHaveProperty('referrer');
    expect(await campaignOf({ url: LANDING, referrer, disableReferrer: true })).toEqual({
      utm_source: 'a',
      gclid: 'g',
    });
    expect(await campaignOf({ referrer, disableReferrer: true })).toBeUndefined();
  });

  it('does not show in an action’s address either', async () => {
    const { client, to } = openFullPage(kindBrowser(), {
      url: LANDING,
      disableUtm: true,
      batchEnabled: false,
    });
    await client.track('a');
    expect(to('actions')[0]?.request).toMatchObject({ uri: 'https://www.example.com/?gclid=g' });
  });
});

describe('requirePublishingConsent', () => {
  it('is the consent `pending`: nothing is written or sent before it is granted', async () => {
    const { client, jar, sent } = openFullPage(kindBrowser(), {
      url: LANDING,
      requirePublishingConsent: true,
    });
    const receipt = await client.identifyUser('1');
    expect([receipt.status, client.isPublishingConsentGranted()]).toEqual(['queued', false]);
    expect([jar.written, sent]).toEqual([[], []]);
    client.grantPublishingConsent();
    await vi.advanceTimersByTimeAsync(10);
    expect(client.isPublishingConsentGranted()).toBe(true);
    expect(sent).toMatchObject([{ body: { user_id: '1', campaign: { utm_source: 'a' } } }]);
  });

  it('revoked: what waits is erased, and nothing more is sent', async () => {
    const browser = createBrowser();
    browser.collector.rule = () => OFFLINE;
    const { client, store, sent } = openFullPage(browser);
    await client.identifyUser('1');
    client.revokePublishingConsent();
    expect(await client.track('a')).toMatchObject({ status: 'dropped', reason: 'consent-denied' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([client.isPublishingConsentGranted(), store.bodies, sent.length]).toEqual([false, [], 1]);
  });
});

describe('adoptMoesif', () => {
  beforeEach(() => localStorage.setItem('moesif_stored_user_id', 'theirs'));
  afterEach(() => localStorage.clear());

  it('takes over the visitor of moesif-browser-js, unless it is off', () => {
    expect(openFullPage().client.getUserId()).toBe('theirs');
    expect(openFullPage(undefined, { adoptMoesif: false }).client.getUserId()).toBeUndefined();
  });
});
