import { describe, expect, it } from 'vitest';
import { createRateLimit, isSampled } from '../../src/capture/sample.ts';
import { toSettings } from '../../src/capture/settings.ts';
import { isSignIn, isWanted } from '../../src/capture/wanted.ts';

describe('what is wanted', () => {
  const wanted = (url: string, options = {}) => isWanted(new URL(url), 'example.com', options);
  it.each([
    ['https://example.com/', true],
    ['https://api.example.com:8443/x', true],
    ['https://badexample.com/', false],
    ['https://api.stripe.com/v1', false],
    ['data:text/plain,a', false],
    ['blob:https://example.com/1', false],
    ['https://example.com/login', false],
    ['https://example.com/oauth2/authorize', false],
    ['https://example.com/api/token', false],
    ['https://example.com/api/tokens/list', true],
  ])('by default %s: %s', (url, expected) => {
    expect(wanted(url)).toBe(expected);
  });
  it('includes what is listed, and excludes before that', () => {
    const include = ['partner.com/v2', 'https://other.com/'];
    expect(wanted('https://api.partner.com/v2/x', { include })).toBe(true);
    expect(wanted('https://api.partner.com/v20', { include })).toBe(false);
    expect(wanted('https://other.com/x', { include })).toBe(true);
    expect(wanted('https://third.net/x', { include: ['*'] })).toBe(true);
    expect(wanted('https://example.com/health', { include: ['*'], exclude: ['/health'] })).toBe(false);
    expect(wanted('https://a.example.com/', { exclude: ['a.example.com'] })).toBe(false);
    expect(wanted('https://example.com/login', { exclude: ['!sign-in'] })).toBe(true);
  });
  it('knows where people sign in', () => {
    expect(isSignIn(new URL('https://identitytoolkit.googleapis.com/v1/accounts:x'))).toBe(true);
    expect(isSignIn(new URL('https://example.com/blog'))).toBe(false);
  });
});

describe('how much', () => {
  it('a sampled visitor is always in or out, and one in n is in', () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `user-${index}`);
    const sampled = ids.filter(id => isSampled(id, 4));
    expect(sampled.length).toBeGreaterThan(850);
    expect(sampled.length).toBeLessThan(1150);
    expect(sampled.filter(id => isSampled(id, 4))).toEqual(sampled);
    expect(isSampled('any', 1)).toBe(true);
  });
  it('past the limit of a minute fewer are recorded, and their weights tell all', () => {
    let now = 0;
    const next = createRateLimit(60, () => now);
    const weights = Array.from({ length: 600 }, next);
    expect(weights.slice(0, 60)).toEqual(Array(60).fill(1));
    expect(weights.filter(Boolean).length).toBeLessThan(130);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    expect(Math.abs(sum - 600)).toBeLessThan(600 * 0.2);
    now = 60_000;
    expect(next()).toBe(1);
  });
});

it('options are completed, and refused by a sentence', () => {
  expect(toSettings({ maxBodyBytes: 1e9, sample: 2 })).toMatchObject({ maxBodyBytes: 450_000, sample: 2 });
  for (const options of [
    { skip: 1 },
    { sample: 0 },
    { bodies: 'some' },
    { include: 'x' },
    { fetch: 1 },
    { headers: 'x' },
  ])
    expect(() => toSettings(options as never)).toThrow('utmost: ');
});
