// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { renewCookies } from '../../src/server/renew-cookies.ts';
import { kindBrowser, startAnew } from '../client/client-world.ts';
import { openFullPage } from '../features/full-world.ts';
import { settled } from '../world.ts';
import { RECORDS, toCookie, toHeader } from './cookies.ts';

startAnew();

const DAYS_400 = 34_560_000; // seconds
const ATTRIBUTES = `; Domain=example.com; Path=/; Max-Age=${DAYS_400}; SameSite=Lax; Secure`;
/** What keeps pages from writing the records anew, half as long. */
const MARK = `${toCookie('renewed', {})}${ATTRIBUTES.replace(`${DAYS_400}`, `${DAYS_400 / 2}`)}`;
const namesOf = (lines: string[]) => lines.map(line => line.split('=')[0]);

describe('the records of a visitor', () => {
  it('are set again for 400 days, with the values they have', () => {
    expect(renewCookies(`theme=dark; ${toHeader(RECORDS)}; cart=1`)).toEqual([
      toCookie('id', RECORDS.id) + ATTRIBUTES,
      toCookie('campaign', RECORDS.campaign) + ATTRIBUTES,
      MARK,
    ]);
  });

  it('are those that a page writes, and the page finds them again', async () => {
    const browser = kindBrowser();
    const { client } = openFullPage(browser, { url: 'https://www.example.com/?utm_source=a' });
    await client.identifyUser('7');
    await client.identifyCompany('acme');
    client.identifySession('token');
    await settled();
    await vi.advanceTimersByTimeAsync(5000);
    const lines = renewCookies(document.cookie, { domain: 'example.com' });
    expect(namesOf(lines)).toEqual(['utmost_id', 'utmost_campaign', 'utmost_renewed']);
    const before = document.cookie;
    for (const line of lines.slice(0, 2)) document.cookie = line;
    expect(document.cookie).toBe(before);
  });

  it('are set again where they live: on the host alone, without a domain', () => {
    const header = toHeader({ id: { ...RECORDS.id, domain: '' } });
    expect(renewCookies(header)).toEqual([
      `${header}; Path=/; Max-Age=${DAYS_400}; SameSite=Lax; Secure`,
      MARK.replace(' Domain=example.com;', ''),
    ]);
  });

  it('are set again as the options say', () => {
    const header = toHeader({ id: RECORDS.id }, 'b_');
    const options = { persistenceKeyPrefix: 'b_', secure: false, cookieExpiration: 30 };
    expect(renewCookies(header, options)).toEqual([
      `${header}; Domain=example.com; Path=/; Max-Age=2592000; SameSite=Lax`,
      `${toCookie('renewed', {}, 'b_')}; Domain=example.com; Path=/; Max-Age=1296000; SameSite=Lax`,
    ]);
    expect(renewCookies(header, { ...options, sameSite: 'None' })[0]).toBe(
      `${header}; Domain=example.com; Path=/; Max-Age=2592000; SameSite=None; Secure`,
    );
    expect(renewCookies(header, { ...options, cookieExpiration: 1000 })[0]).toContain(`Max-Age=${DAYS_400};`);
  });

  it.each(['example.com', '.Example.com'])('are set again on the domain that the site names: %s', domain => {
    expect(renewCookies(toHeader(RECORDS), { domain })).toHaveLength(3);
  });

  it('of an older script, which does not name its domain, are set again on the one the site names', () => {
    const header = toHeader({ id: { anonymousId: 'anon' } });
    expect(renewCookies(header)).toEqual([]);
    expect(renewCookies(header, { domain: 'example.com' })).toEqual([header + ATTRIBUTES, MARK]);
  });
});

describe('nothing is renewed', () => {
  const header = toHeader(RECORDS);
  it.each([
    ['without a header', undefined, {}],
    ['without a header, in the words of Headers', null, {}],
    ['without a visitor', 'theme=dark', {}],
    ['without an id', toHeader({ campaign: RECORDS.campaign }), { domain: 'example.com' }],
    ['after a refusal', `${header}; ${toCookie('consent', { choice: 'denied' })}`, {}],
    ['where the site says that nobody may be tracked', header, { consent: 'denied' } as const],
    ['before the visitor has agreed', header, { consent: 'pending' } as const],
    ['on another domain than the page’s', header, { domain: 'www.example.com' }],
    ['on what is no domain', toHeader({ id: { anonymousId: 'a' } }), { domain: 'example.com; HttpOnly' }],
    ['on the domain of a record that is none', toHeader({ id: { anonymousId: 'a', domain: 'a.b; x' } }), {}],
    ['for a time that is none', header, { cookieExpiration: Number.NaN }],
    ['for a policy that is none', header, { sameSite: 'x; Domain=evil.com' as 'Lax' }],
  ])('%s', (_, header, options) => {
    expect(renewCookies(header, options)).toEqual([]);
  });

  it('but after consent is renewed, and the choice itself keeps its age', () => {
    const agreed = `${header}; ${toCookie('consent', { choice: 'granted' })}`;
    expect(namesOf(renewCookies(agreed, { consent: 'pending' }))).not.toContain('utmost_consent');
    expect(renewCookies(agreed, { consent: 'pending' })).toHaveLength(3);
  });
});

describe('a tampered value', () => {
  const { first } = RECORDS.campaign;
  it.each([
    ['id', 'x'],
    ['id', []],
    ['id', { ...RECORDS.id, anonymousId: undefined }],
    ['id', { ...RECORDS.id, anonymousId: '[object Object]' }],
    ['id', { ...RECORDS.id, userId: {} }],
    ['id', { ...RECORDS.id, companyId: 'x'.repeat(513) }],
    ['id', { ...RECORDS.id, domain: 1 }],
    ['id', { ...RECORDS.id, more: 'x'.repeat(1500) }],
    ['id', { ...RECORDS.id, v: 2 }],
    ['campaign', { first: 'x' }],
    ['campaign', { first, last: { campaign: {}, at: 'now' } }],
    ['campaign', { first: { ...first, campaign: { utm_source: {} } } }],
    ['campaign', { first: { ...first, clickIds: { fbclid: 1 } } }],
    ['campaign', { first: { ...first, rule: {} } }],
    ['campaign', { first, count: 'x' }],
  ])('of %s is left alone: %j', (name, record) => {
    expect(namesOf(renewCookies(toHeader({ ...RECORDS, [name]: record })))).not.toContain(`utmost_${name}`);
  });

  it('that stands beside the page’s own is no reason to choose one of the two', () => {
    const other = toCookie('id', { ...RECORDS.id, anonymousId: 'other' });
    expect(renewCookies(`${other}; ${toHeader(RECORDS)}`)).toEqual([]);
    expect(renewCookies(`${toHeader(RECORDS)}; ${toHeader(RECORDS)}`)).toHaveLength(3);
  });
});

it('never throws, and sets nothing of the visitor that the request did not bring', () => {
  const cookie = fc
    .tuple(fc.constantFrom('id', 'campaign', 'renewed', 'state', 'consent'), fc.jsonValue())
    .map(([name, record]) => toCookie(name, record));
  const part = fc.oneof(cookie, fc.constant(toHeader(RECORDS)), fc.string(), fc.constant('utmost_id=\r\nx'));
  fc.assert(
    fc.property(fc.array(part), fc.constantFrom('; ', ';', ', '), (parts, separator) => {
      const header = parts.join(separator);
      for (const line of renewCookies(header, { domain: 'example.com' })) {
        expect(line).toMatch(/^utmost_(id|campaign|renewed)=[\w-]+; Domain=example\.com; Path=\/; /);
        if (line !== MARK) expect(header).toContain(line.split(';')[0]);
      }
    }),
  );
  for (const header of [1, {}, [], ['utmost_id=1']]) expect(renewCookies(header as never)).toEqual([]);
});
