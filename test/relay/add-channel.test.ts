import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRelay } from '../../src/relay.ts';
import { APPLICATION_ID, openServer, poster, SITE } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
});

async function metadataOf(body: object, path = '/v1/users', options: object = { addChannel: true }) {
  const post = poster({ applicationId: APPLICATION_ID, upstream: api.url, ...options });
  expect((await post(path, { body })).status).toBe(201);
  return api.got[0]?.body.metadata;
}
const NEWS = { utm_source: 'news', utm_medium: 'email' };

describe('addChannel', () => {
  it('adds the channel of the campaign, and leaves the rest of the metadata', async () => {
    const metadata = await metadataOf({ user_id: 'ada', campaign: NEWS, metadata: { plan: 'pro' } });
    expect(metadata).toEqual({ plan: 'pro', channel: 'Email' });
  });

  it('adds it to a visitor without metadata, and to a company', async () => {
    const campaign = { utm_source: null, referring_domain: 'www.google.com', gclid: null };
    expect(await metadataOf({ anonymous_id: 'a', campaign })).toEqual({ channel: 'Organic Search' });
    api.got.length = 0;
    const company = { company_id: 'acme', campaign: { gclid: 'x' } };
    expect(await metadataOf(company, '/v1/companies')).toEqual({ channel: 'Paid Search' });
  });

  it.each([['Partner'], [''], [null]])('leaves what the page sent: %j', async channel => {
    const metadata = await metadataOf({ user_id: 'ada', campaign: NEWS, metadata: { channel } });
    expect(metadata).toEqual({ channel });
  });

  it.each([[undefined], [{}], [{ utm_source: null }]])('adds nothing to campaign %j', async campaign => {
    expect(await metadataOf({ user_id: 'ada', campaign, metadata: { a: 1 } })).toEqual({ a: 1 });
  });

  it('counts a click id of the same touch alone', async () => {
    const campaign = { utm_source: 'bing' };
    const touch = { ...campaign, utm_medium: null, msclkid: 'x' };
    const other = { utm_source: 'fair', ttclid: 'y' };
    const attribution = { count: 2, first: other, last: touch };
    const metadata = await metadataOf({ user_id: 'ada', campaign, metadata: { attribution } });
    expect(metadata.channel).toBe('Paid Search');
    api.got.length = 0;
    const apart = { attribution: { count: 1, first: other, last: other } };
    expect((await metadataOf({ user_id: 'ada', campaign, metadata: apart })).channel).toBe('Organic Search');
  });

  describe('by metadata.click_ids alone', () => {
    const EARLY = { id: 'a', time: '2026-01-01T00:00:00.000Z', landing_path: '/' };
    const LATE = { ...EARLY, id: 'b', time: '2026-01-02T00:00:00.000Z' };
    const LAST = { utm_source: 'bing', utm_medium: null, gclid: null };
    it.each([
      [
        'a paid click makes the channel a paid one',
        { utm_source: 'bing' },
        { msclkid: EARLY },
        'Paid Search',
      ],
      ['tags stay before it', { ...LAST, utm_medium: 'display' }, { msclkid: LATE }, 'Display'],
      ['the last touch has the latest click', LAST, { ttclid: EARLY, irclid: LATE }, 'Organic Search'],
      ['the first has the earliest', { utm_source: 'bing' }, { msclkid: EARLY, irclid: LATE }, 'Paid Search'],
      ['a gclid is of its own campaign', LAST, { gclid: LATE }, 'Organic Search'],
      ['what is no click counts nothing', LAST, { msclkid: 'x', ttclid: null }, 'Organic Search'],
      ['nor does what is no object', LAST, ['x'], 'Organic Search'],
    ])('%s', async (_, campaign, click_ids, channel) => {
      const metadata = await metadataOf({ user_id: 'ada', campaign, metadata: { click_ids } });
      expect(metadata).toEqual({ click_ids, channel });
    });

    it('the touch of metadata.attribution goes before it', async () => {
      const touch = { ...LAST, time: EARLY.time };
      const metadata = { attribution: { count: 1, first: touch, last: touch }, click_ids: { msclkid: LATE } };
      const answer = await metadataOf({ user_id: 'ada', campaign: LAST, metadata });
      expect(answer.channel).toBe('Organic Search');
    });
  });

  it('leaves actions as they are', async () => {
    const action = { action_name: 'signed up', request: { uri: `${SITE}/app` }, metadata: { a: 1 } };
    expect(await metadataOf(action, '/v1/actions')).toEqual({ a: 1 });
  });

  it('is off by default', async () => {
    expect(await metadataOf({ user_id: 'ada', campaign: NEWS, metadata: {} }, '/v1/users', {})).toEqual({});
  });

  it('must be true or false', () => {
    expect(() => createRelay({ applicationId: 'x', addChannel: 'yes' as unknown as boolean })).toThrow(
      'utmost: addChannel must be true or false.',
    );
  });
});
