import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const { request, tenant } = useCollector();

describe('the query routes', () => {
  it('lists the newest modified first', async () => {
    const { post, all } = tenant();
    for (const day of [2, 3, 1])
      await post({ user_id: `d${day}`, modified_time: `2024-01-0${day}T00:00:00Z` });
    expect((await all()).map(profile => profile.user_id)).toEqual(['d3', 'd2', 'd1']);
  });

  it('finds a user by any id, however it is spelled', async () => {
    const { post, user } = tenant();
    for (const user_id of [
      'a/b',
      '100%',
      'ä ö',
      '../x',
      '?q=1#h',
      'events',
      '.',
      '..',
      '/',
      '%2e',
      'a+b',
      '\ufffd',
    ]) {
      await post({ user_id });
      expect((await user(user_id)).user_id).toBe(user_id);
    }
  });

  it('answers with a sentence for a user that is not there, for an id that can not be, and without one', async () => {
    const { get } = tenant();
    for (const [query, status, sentence] of [
      ['user_id=nobody', 404, /^There is no user/],
      ['user_id=%E0%A4%A', 404, /^There is no user/],
      ['anonymous_id=..', 404, /^There is no visitor/],
      ['user_id=a%00b', 400, /^user_id must not hold/],
      ['user_id=', 400, /^Either user_id or anonymous_id/],
      ['user_id=u&anonymous_id=a', 400, /^Either user_id or anonymous_id/],
    ] as const) {
      const answer = await get(`/profile?${query}`);
      expect(answer.status, query).toBe(status);
      expect(await errorOf(answer)).toMatch(sentence);
    }
    expect(await errorOf(await get('/companies'))).toMatch(/^company_id is needed/);
  });

  it('tells an open dashboard who has changed', async () => {
    const { id, post } = tenant();
    const answer = await request('/events');
    expect(answer.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await post({ user_id: 'u' });
    let text = '';
    while (!text.includes('data:')) text += (await reader?.read())?.value ?? 'data:';
    await reader?.cancel();
    expect(text).toContain(
      `event: profile\ndata: {"application_id":"${id}","user_id":"u","anonymous_id":null}`,
    );
  });

  it('finds profiles by campaign, by kind, by company and by words anywhere in their values', async () => {
    const { post, get, all } = tenant();
    const ada = { email: 'Ada@Example.com', title: 'Ship Builder', langs: ['Norsk'] };
    await post({
      user_id: 'u1',
      company_id: 'c',
      campaign: { utm_source: 'news', gclid: 'g%_1' },
      metadata: ada,
    });
    await post({ user_id: 'u2', campaign: { utm_source: 'news', utm_medium: 'mail' } });
    await post({ anonymous_id: 'a1', campaign: { utm_source: 'ads', referring_domain: 'x.org' } });
    const ids = async (query: string) =>
      (await all(query)).map(({ user_id, anonymous_ids }) => user_id ?? anonymous_ids[0]).sort();
    expect(await ids('?utm_source=news')).toEqual(['u1', 'u2']);
    expect(await ids('?utm_source=news&utm_medium=mail')).toEqual(['u2']);
    expect(await ids('?referring_domain=x.org')).toEqual(['a1']);
    expect(await ids('?kind=anonymous')).toEqual(['a1']);
    expect(await ids('?company_id=c')).toEqual(['u1']);
    expect(await ids('?q=builder%20ada@example')).toEqual(['u1']);
    expect(await ids('?q=NORSK')).toEqual(['u1']);
    expect(await ids('?q=g%25_')).toEqual(['u1']);
    expect(await ids('?q=g%25%25')).toEqual([]);
    // Keys are not what a person looks for.
    expect(await ids('?q=email')).toEqual([]);
    expect(await errorOf(await get('/profiles?kind=robot'))).toMatch(/^kind must/);
  });

  it('finds a user by any of the session tokens and anonymous ids, the visitor’s from before among them', async () => {
    const { post, all } = tenant();
    await post({ anonymous_id: 'a', session_token: 'early' });
    expect(await all('?session_token=early')).toMatchObject([{ user_id: null, anonymous_ids: ['a'] }]);
    await post({ user_id: 'u', anonymous_id: 'a', session_token: 'late' });
    for (const query of ['?session_token=early', '?session_token=late', '?anonymous_id=a']) {
      expect(await all(query)).toMatchObject([{ user_id: 'u', session_tokens: ['early', 'late'] }]);
    }
    expect(await all('?session_token=none')).toEqual([]);
  });

  it('leads a token that two users brought to the later one, and lists it with both', async () => {
    const { post, user, all } = tenant();
    await post({ user_id: 'first', session_token: 't' });
    await post({ user_id: 'second', session_token: 't' });
    expect(await all('?session_token=t')).toMatchObject([{ user_id: 'second' }]);
    await post({ user_id: 'first', session_token: 't' });
    expect(await all('?session_token=t')).toMatchObject([{ user_id: 'first' }]);
    expect((await user('second')).session_tokens).toEqual(['t']);
  });

  it('has the reserved fields on the profile where they are texts', async () => {
    const { post, user } = tenant();
    await post({
      user_id: 'u',
      metadata: { email: 'a@b.example', first_name: 'Ada', phone: null, plan: 'pro' },
    });
    const profile = await user('u');
    expect(profile).toMatchObject({ email: 'a@b.example', first_name: 'Ada' });
    expect(profile).not.toHaveProperty('phone');
    expect(profile).not.toHaveProperty('plan');
  });

  it('counts visitors and identified users by source, medium and campaign', async () => {
    const { post, get } = tenant();
    const campaign = { utm_source: 'news', utm_medium: 'mail', utm_campaign: 'spring' };
    for (const id of ['a1', 'a2', 'a3']) await post({ anonymous_id: id, campaign });
    await post({ user_id: 'u1', anonymous_id: 'a1' });
    await post({ anonymous_id: 'a4', campaign: { referring_domain: 'x.org' } });
    await post({ user_id: 'u2' });
    await post({ user_id: 'u3' });
    expect(await (await get('/campaigns')).json()).toEqual({
      campaigns: [
        {
          channel: 'Unassigned',
          source: 'news',
          medium: 'mail',
          campaign: 'spring',
          visitors: 3,
          identified: 1,
        },
        { channel: 'Direct', source: null, medium: null, campaign: null, visitors: 2, identified: 2 },
        {
          channel: 'Referral',
          source: 'x.org',
          medium: 'referral',
          campaign: null,
          visitors: 1,
          identified: 0,
        },
      ],
    });
  });

  it('tells the channel of a profile: that of the metadata, else that of the campaign', async () => {
    const { post, get, user } = tenant();
    const google = { referring_domain: 'www.google.com' };
    for (const n of [1, 2, 3]) await post({ user_id: `g${n}`, campaign: google });
    await post({ user_id: 'partner', campaign: google, metadata: { channel: 'Partner' } });
    // A key has one type for an application.
    const other = tenant();
    await other.post({ user_id: 'odd', metadata: { channel: 5 } });
    expect((await user('g1'))?.channel).toBe('Organic Search');
    expect((await user('partner'))?.channel).toBe('Partner');
    expect((await other.user('odd'))?.channel).toBe('Direct');
    const of = async (query: string): Promise<string[]> => {
      const { profiles } = (await (await get(`/profiles?${query}`)).json()) as {
        profiles: { user_id: string }[];
      };
      return profiles.map(profile => profile.user_id);
    };
    expect(await of('channel=Organic+Search')).toEqual(['g3', 'g2', 'g1']);
    expect(await of('channel=Organic+Search&limit=2')).toEqual(['g3', 'g2']);
    expect(await of('channel=Partner')).toEqual(['partner']);
    expect(await of('channel=Organic+Search&q=g2')).toEqual(['g2']);
    expect(await of('channel=Nothing')).toEqual([]);
    const { campaigns } = (await (await get('/campaigns')).json()) as {
      campaigns: { channel: string; visitors: number }[];
    };
    expect(campaigns.map(({ channel, visitors }) => [channel, visitors]).sort()).toEqual([
      ['Organic Search', 3],
      ['Partner', 1],
    ]);
  });

  it('tells the timeline of a person: updates, touches and actions, newest first, from before the login too', async () => {
    const { post, send, timeline } = tenant();
    const at = (day: number) => `2024-01-0${day}T00:00:00.000Z`;
    await post({
      anonymous_id: 'a',
      session_token: 't',
      modified_time: at(1),
      campaign: { utm_source: 'news' },
    });
    await send('/v1/actions', {
      action_name: 'Looked',
      anonymous_id: 'a',
      request: { uri: '/', time: at(2) },
    });
    await post({ user_id: 'u', anonymous_id: 'a', modified_time: at(3), metadata: { plan: 'pro' } });
    await send('/v1/actions', {
      action_name: 'Bought',
      session_token: 't',
      request: { uri: '/buy', time: at(4) },
    });
    const brief = (await timeline('user_id=u')).map(({ type, time, anonymous_id }) => [
      type,
      time,
      anonymous_id,
    ]);
    expect(brief).toEqual([
      ['action', at(4), null],
      ['update', at(3), null],
      ['action', at(2), 'a'],
      ['update', at(1), 'a'],
    ]);
    expect((await timeline('anonymous_id=a')).length).toBe(4);
    expect((await timeline('user_id=u&limit=1'))[0]?.body).toMatchObject({ action_name: 'Bought' });
  });
});
