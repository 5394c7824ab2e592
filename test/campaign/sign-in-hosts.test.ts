import { describe, expect, it } from 'vitest';
import { simulateVisits } from '../../src/campaign/simulate.ts';

const decide = (referrer: string, excludeReferrers: string[] = []) =>
  simulateVisits([{ url: 'https://app.example.com/welcome', referrer }], { excludeReferrers });
const rule = (referrer: string, exclude?: string[]) => decide(referrer, exclude).decisions[0]?.rule;

describe('a sign-in or payment host', () => {
  it.each([
    'accounts.google.com',
    'accounts.google.fr',
    'accounts.google.co.uk',
    'accounts.google.com.br',
    'accounts.google.com.tr',
    'accounts.google.co.jp',
    'accounts.google.ch',
    // Colombia's, by its ending.
    'accounts.google.co',
    'accounts.youtube.com',
    'login.microsoftonline.us',
    'login.partner.microsoftonline.cn',
    'login.microsoftonline.de',
    'acme.b2clogin.cn',
    'login.yahoo.co.jp',
    'acme.okta.com.au',
    'pay.amazon.co.uk',
    'pay.amazon.de',
    'www.paypal.com',
    'www.paypal.cn',
    'checkout.stripe.com',
    'accounts.google.de.',
  ])('of any country or cloud is none of the visitor’s origins: %s', host => {
    const { campaign, decisions } = decide(`https://${host}/`);
    expect(decisions[0]).toMatchObject({ rule: 'intermediary', outcome: 'kept' });
    expect(campaign).toBeUndefined();
  });

  it.each([
    'accounts.google.something.example.org',
    'accounts.google.com.evil.org',
    'accounts.google.evil.de',
    'accounts.google.com.evil.de',
    'accounts.google.co.evil.uk',
    'login.microsoftonline.evil.de',
    'login.microsoftonline.com.evil.io',
    'accounts-google.de',
    'notaccounts.google.de',
    'accounts.google',
    'accounts.google.info',
    'accounts.google.xn--p1ai',
    'www.google.de',
    'mail.google.co.in',
    'www.youtube.com',
    'www.okta.com.au',
    'okta.de',
    'paypal.com.shop.org',
    'paypal.museum',
    'de',
  ])('that merely looks like one refers: %s', host => {
    expect(decide(`https://${host}/`).decisions[0]).toMatchObject({ rule: 'referral', outcome: 'new touch' });
  });
});

describe('the site’s own list', () => {
  it('takes a host off the default list with the hosts of its countries', () => {
    for (const host of ['www.paypal.com', 'www.paypal.de'])
      expect(rule(`https://${host}/`, ['!paypal.com'])).toBe('referral');
    expect(rule('https://accounts.google.ro/', ['!paypal.com'])).toBe('intermediary');
  });

  it('adds a host as it stands, without other countries', () => {
    expect(rule('https://sso.partner.com/', ['sso.partner.com'])).toBe('intermediary');
    expect(rule('https://eu.sso.partner.com/', ['sso.partner.com'])).toBe('intermediary');
    expect(rule('https://sso.partner.de/', ['sso.partner.com'])).toBe('referral');
  });

  it('may name one country’s host', () => {
    expect(rule('https://login.bank.de/x', ['login.bank.de'])).toBe('intermediary');
    expect(rule('https://login.bank.com/x', ['login.bank.de'])).toBe('referral');
  });

  it('may name a part of a host, which counts at its path alone', () => {
    const list = ['portal.org/sso'];
    expect(rule('https://portal.org/sso', list)).toBe('intermediary');
    expect(rule('https://portal.org/sso/back?x', list)).toBe('intermediary');
    expect(rule('https://portal.org/ssorry', list)).toBe('referral');
    expect(rule('https://portal.org/', list)).toBe('referral');
  });
});
