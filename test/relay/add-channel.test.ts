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
