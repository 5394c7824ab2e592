import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Channel, channelOf } from '../../src/channel/channel-of.ts';
import { siteKindOf } from '../../src/channel/site-kind.ts';
import { APPS, SITES } from '../../src/channel/site-lists.ts';

describe('an untagged visit is told by its referrer', () => {
  const HOSTS: [string, Channel][] = [
    ['www.google.com', 'Organic Search'],
    ['google.co.uk', 'Organic Search'],
    ['www.google.com.br', 'Organic Search'],
    ['images.google.de', 'Organic Search'],
    ['de.search.yahoo.com', 'Organic Search'],
    ['search.yahoo.co.jp', 'Organic Search'],
    ['cn.bing.com', 'Organic Search'],
    ['yandex.ru', 'Organic Search'],
    ['ya.ru', 'Organic Search'],
    ['html.duckduckgo.com', 'Organic Search'],
    ['search.brave.com', 'Organic Search'],
    ['www.ecosia.org', 'Organic Search'],
    // Mail and sign-in are no search.
    ['mail.google.com', 'Referral'],
    ['accounts.google.com', 'Referral'],
    ['accounts.google.de', 'Referral'],
    ['docs.google.com', 'Referral'],
    ['mail.yahoo.com', 'Referral'],
    ['login.yahoo.com', 'Referral'],
    ['mail.yandex.ru', 'Referral'],
    ['outlook.live.com', 'Referral'],
    ['e.mail.ru', 'Referral'],
    ['accounts.youtube.com', 'Referral'],
    ['pay.amazon.com', 'Referral'],
    // By labels, not by what the name contains.
    ['google.evil.example', 'Referral'],
    ['notgoogle.com', 'Referral'],
    ['google.com.evil.example', 'Referral'],
    ['not.co', 'Referral'],
    ['l.facebook.com', 'Organic Social'],
    ['lm.facebook.com', 'Organic Social'],
    ['out.reddit.com', 'Organic Social'],
    ['t.co', 'Organic Social'],
    ['www.linkedin.com', 'Organic Social'],
    ['news.ycombinator.com', 'Organic Social'],
    ['m.youtube.com', 'Organic Video'],
    ['youtu.be', 'Organic Video'],
    ['www.amazon.co.jp', 'Organic Shopping'],
    ['smile.amazon.de', 'Organic Shopping'],
    ['aws.amazon.com', 'Referral'],
    ['market.yandex.ru', 'Organic Shopping'],
    ['chatgpt.com', 'AI Assistant'],
    ['www.perplexity.ai', 'AI Assistant'],
    ['gemini.google.com', 'AI Assistant'],
    ['copilot.microsoft.com', 'AI Assistant'],
    ['claude.ai', 'AI Assistant'],
    ['blog.example.org', 'Referral'],
    ['com.google.android.googlequicksearchbox', 'Organic Search'],
    ['com.google.android.gm', 'Referral'],
    ['com.linkedin.android', 'Organic Social'],
    ['com.openai.chatgpt', 'AI Assistant'],
    ['com.example.reader', 'Referral'],
  ];
  test.each(HOSTS)('%s: %s', (host, channel) => {
    expect(channelOf({ referring_domain: host })).toBe(channel);
    expect(channelOf({ referring_domain: host.toUpperCase() })).toBe(channel);
    const scheme = host.startsWith('com.') ? 'android-app' : 'https';
    expect(channelOf({ referrer: `${scheme}://${host}/` })).toBe(channel);
  });

  it('ports, credentials and a last dot make no difference', () => {
    expect(channelOf({ referrer: 'https://u:p@www.google.com:8443/?q' })).toBe('Organic Search');
    expect(channelOf({ referring_domain: 'www.google.com.' })).toBe('Organic Search');
  });

  it('tags go before it, but for what they leave to Google Analytics', () => {
    const referring_domain = 'www.google.com';
    expect(channelOf({ referring_domain, utm_source: 'news', utm_medium: 'email' })).toBe('Email');
    expect(channelOf({ referring_domain, utm_campaign: 'spring' })).toBe('Unassigned');
    // ChatGPT names itself in the links it gives.
    expect(channelOf({ utm_source: 'chatgpt.com' })).toBe('AI Assistant');
    expect(channelOf({ utm_source: 'x', utm_medium: 'ai-assistant' })).toBe('AI Assistant');
  });
});

describe('the click id of an ad', () => {
  test.each<[object, Channel]>([
    [{ gclid: 'x' }, 'Paid Search'],
    [{ gclid: 'x', referring_domain: 'news.example' }, 'Paid Search'],
    [{ gclid: 'x', utm_source: 'news', utm_medium: 'email' }, 'Paid Search'],
    [{ gclid: 'x', utm_campaign: 'shopping-de' }, 'Paid Shopping'],
    [{ gclid: 'x', utm_source: 'youtube', utm_medium: 'cpc' }, 'Paid Video'],
    [{ gclid: 'x', utm_medium: 'display' }, 'Display'],
    [{ wbraid: 'x' }, 'Paid Search'],
    [{ msclkid: 'x' }, 'Paid Search'],
    [{ ttclid: 'x', referring_domain: 'www.tiktok.com' }, 'Paid Social'],
    [{ li_fat_id: 'x', utm_medium: 'social' }, 'Paid Social'],
    [{ dclid: 'x' }, 'Display'],
    // On every link that Facebook shows, paid for or not.
    [{ fbclid: 'x', referring_domain: 'l.facebook.com' }, 'Organic Social'],
    [{ gclid: '' }, 'Direct'],
  ])('%o: %s', (campaign, channel) => {
    expect(channelOf(campaign as { gclid: string })).toBe(channel);
  });

  it('counts where paidClickIds names it', () => {
    const google = { gclid: 'x', referring_domain: 'www.google.com' };
    expect(channelOf(google, { paidClickIds: [] })).toBe('Organic Search');
    expect(channelOf({ irclid: 'x' })).toBe('Direct');
    expect(channelOf({ irclid: 'x' }, { paidClickIds: ['irclid'] })).toBe('Paid Other');
    expect(channelOf({ irclid: 'x', utm_source: 'bing' }, { paidClickIds: ['irclid'] })).toBe('Paid Search');
    expect(channelOf({ toString: 'x' }, { paidClickIds: ['toString'] })).toBe('Paid Other');
  });
});

it('every site of the lists is of its kind, also as a host with www', () => {
  for (const [kind, names] of Object.entries(SITES))
    for (const name of names) {
      expect(`${name} ${siteKindOf(name)}`).toBe(`${name} ${kind}`);
      const host = name.includes('.') ? `www.${name}` : `www.${name}.com`;
      expect(`${host} ${siteKindOf(host)}`).toBe(`${host} ${kind}`);
    }
  for (const [app, site] of Object.entries(APPS)) expect(siteKindOf(site), app).toBeDefined();
});

it('has an answer to anything', () => {
  const hostile = {
    get utm_source(): string {
      throw new Error('mine');
    },
  };
  for (const campaign of [undefined, null, {}, [], 'x', 5, hostile, { utm_source: 5, referrer: {} }])
    expect(channelOf(campaign as Record<string, unknown>)).toBe('Direct');
  const options = [
    undefined,
    null,
    {},
    { paidClickIds: null },
    { paidClickIds: 'gclid' },
    { paidClickIds: [{}] },
  ];
  for (const given of options) expect(channelOf({ utm_medium: 'email' }, given as object)).toBe('Email');
  const field = fc.oneof(fc.string(), fc.webUrl(), fc.anything());
  const names = ['utm_source', 'utm_medium', 'utm_campaign', 'referrer', 'referring_domain', 'gclid'];
  const campaigns = fc.record(Object.fromEntries(names.map(name => [name, field])), { requiredKeys: [] });
  fc.assert(
    fc.property(campaigns, campaign => {
      expect(channelOf(campaign)).toMatch(/^[A-Z]/);
    }),
  );
});

it('no value holds it up', () => {
  const start = performance.now();
  for (const long of ['a'.repeat(100_000), 'shop'.repeat(25_000), '.'.repeat(2000), 'cp'.repeat(50_000)])
    channelOf({ utm_source: long.slice(0, 2000), utm_medium: long, utm_campaign: long, referrer: long });
  expect(performance.now() - start).toBeLessThan(2000);
});
