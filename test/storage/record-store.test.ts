// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/storage/codec.ts';
import { readRaw } from '../../src/storage/cookie-store.ts';
import { settled } from '../world.ts';
import { browser, nextTask, open, postponed } from './store-world.ts';

/** Seconds. */
const DAY = 24 * 60 * 60;
const maxAge = (attributes: string) => Number(attributes.match(/max-age=([^;]+)/)?.[1]);

describe('a saved record', () => {
  it('stands in one cookie on the registrable domain, and comes back', async () => {
    const jar = browser('com');
    const store = open(undefined, {});
    store.save('id', { anonymousId: 'ü' });
    await nextTask();
    expect(jar.cookies).toHaveLength(1);
    expect(decode(jar.value('utmost_id', 'example.com'))).toEqual({
      anonymousId: 'ü',
      domain: 'example.com',
    });
    expect(store.load('id')).toEqual({ anonymousId: 'ü' });
  });

  it('is Lax, path-wide, kept for 365 days, and Secure only on https', async () => {
    const jar = browser();
    open().save('a', {});
    await nextTask();
    const [{ attributes = '' } = {}] = jar.cookies;
    expect(attributes).toMatch(/samesite=lax/i);
    expect(attributes).toMatch(/path=\/(;|$)/i);
    expect(attributes).toMatch(/secure/i);
    expect(maxAge(attributes)).toBe(365 * DAY);

    open(new URL('http://www.example.org/')).save('b', {});
    await nextTask();
    expect(jar.cookies[1]?.attributes).not.toMatch(/secure/i);
  });

  it('never makes a cookie of more than 1500 characters', async () => {
    const jar = browser();
    open().save('utmost_campaign', { a: 'x'.repeat(512), b: '🌊'.repeat(256), c: 'y'.repeat(512) });
    await nextTask();
    const [{ name = '', value = '' } = {}] = jar.cookies;
    expect(name.length + 1 + value.length).toBeLessThanOrEqual(1500);
    expect(value.length).toBeGreaterThan(1200);
  });

  it('is read anew each time: another tab may have written it', async () => {
    browser();
    const [mine, other] = [open(), open()];
    mine.save('a', { by: 'me' });
    await nextTask();
    other.save('a', { by: 'other' });
    await nextTask();
    expect(mine.load('a')).toEqual({ by: 'other' });
  });

  it('is there for the next line of the same task', () => {
    browser();
    const store = open();
    store.save('a', { b: 1 });
    expect(store.load('a')).toEqual({ b: 1 });
  });

  it('never writes over what another tab wrote before it was read back', async () => {
    browser();
    const [mine, other] = [open(), open()];
    await nextTask();
    mine.save('a', { by: 'me' });
    await settled();
    // A tab in the background: its timers are a second late, or a minute.
    const late = postponed();
    other.save('a', { by: 'other' });
    await nextTask();
    for (const run of late) run();
    expect(open().load('a')).toEqual({ by: 'other' });
  });

  it('is written once a task, at its end, as it was saved last', async () => {
    const jar = browser();
    const store = open();
    store.site();
    const writes = jar.written.length;
    store.save('a', { n: 1 });
    store.save('a', { n: 2 });
    expect(jar.written).toHaveLength(writes);
    await settled();
    expect(jar.written).toHaveLength(writes + 1);
    expect(decode(jar.value('a', 'example.com'))).toEqual({ n: 2 });
  });

  it('is written again by another microtask of the same task', async () => {
    const jar = browser();
    const store = open();
    store.save('a', { n: 1 });
    await settled();
    store.save('a', { n: 2 });
    await settled();
    expect(decode(jar.value('a', 'example.com'))).toEqual({ n: 2 });
    await nextTask();
    expect(store.load('a')).toEqual({ n: 2 });
  });

  it('costs one look at the cookies a task, however often it is used', async () => {
    const jar = browser();
    const store = open();
    // Looking for the domain is a look of its own, once a page.
    store.site();
    const looks = jar.looks;
    for (let n = 0; n < 5; n++) {
      store.save('a', { n });
      store.load('a');
      store.load('b');
    }
    expect(jar.looks - looks).toBeLessThanOrEqual(1);
    await nextTask();
    expect(jar.looks - looks).toBeLessThanOrEqual(3);
  });

  it('is not hidden by a host-only cookie of the same name', async () => {
    const jar = browser();
    jar.write(`a=${encode({ old: 1 })}`);
    const store = open();
    store.save('a', { new: 1 });
    await nextTask();
    expect(store.load('a')).toEqual({ new: 1 });
    expect(jar.cookies.map(({ domain }) => domain)).toEqual(['example.com']);
  });

  it.each(['garbage', '', encode({}).slice(2)])('that is %j is as none', value => {
    const jar = browser();
    jar.write(`a=${value}`);
    expect(open().load('a')).toBeUndefined();
  });
});

it('the shared cookie wins over localStorage', () => {
  const jar = browser();
  localStorage.setItem('a', encode({ by: 'an old page' }));
  jar.write(`a=${encode({ by: 'a sibling subdomain' })};domain=example.com`);
  expect(open().load('a')).toEqual({ by: 'a sibling subdomain' });
});

it('readRaw reads what another script wrote, decoded, from cookie or localStorage', () => {
  const jar = browser();
  jar.write(`theirs=${encodeURIComponent('{"a":"ü"}')}`);
  localStorage.setItem('other', 'plain');
  expect(readRaw('theirs')).toBe('{"a":"ü"}');
  expect(readRaw('other')).toBe('plain');
  expect(readRaw('none')).toBeNull();
});

it('nothing is written before something has to be', () => {
  const jar = browser();
  expect(open().load('a')).toBeUndefined();
  expect(jar.written).toEqual([]);
});

describe('a store of other options', () => {
  it('keeps its cookies to the domains it is given, under its own prefix', async () => {
    const jar = browser();
    const store = open(undefined, { prefix: 'mine_', cookieDomains: [undefined] });
    store.save('a', { b: 1 });
    await nextTask();
    expect(jar.cookies.map(({ name, domain }) => [name, domain])).toEqual([['mine_a', undefined]]);
    expect(open().load('a')).toBeUndefined();
  });

  it('gives them the attributes it is told', async () => {
    const jar = browser();
    open(undefined, { prefix: '', expires: 1, sameSite: 'None' }).save('a', {});
    await nextTask();
    const [{ attributes = '' } = {}] = jar.cookies;
    expect(attributes).toMatch(/samesite=none/i);
    expect(maxAge(attributes)).toBe(DAY);
  });

  it('without a domain has localStorage alone', async () => {
    const jar = browser();
    open(undefined, { prefix: '', cookieDomains: [] }).save('a', { b: 1 });
    await nextTask();
    expect(jar.written).toEqual([]);
    expect(open().load('a')).toEqual({ b: 1 });
  });
});

describe('a visitor who was here before', () => {
  const known = async (...suffixes: string[]) => {
    const jar = browser(...suffixes);
    open(undefined, {}).save('id', { anonymousId: 'a' });
    await nextTask();
    return Object.assign(jar, { looks: 0, written: [] as string[] });
  };

  it('costs one look and one write: the record says on which domain it lives', async () => {
    const jar = await known('com');
    const store = open(undefined, {});
    expect(store.site()).toBe('example.com');
    store.save('campaign', { count: 1 });
    expect(store.load('campaign')).toEqual({ count: 1 });
    await settled();
    expect(store.load('campaign')).toEqual({ count: 1 });
    await nextTask();
    expect([jar.looks, jar.written.length]).toEqual([1, 1]);
    expect(jar.value('utmost_campaign', 'example.com')).toBeDefined();
  });

  it('is read anew in the next task, where another tab may have written', async () => {
    await known();
    const [mine, other] = [open(undefined, {}), open(undefined, {})];
    mine.save('a', { by: 'me' });
    await nextTask();
    other.save('a', { by: 'other' });
    await nextTask();
    expect(mine.load('a')).toEqual({ by: 'other' });
  });

  it.each([
    ['another site’s domain', 'example.org'],
    ['no text', 7],
    ['a public suffix', 'com'],
    ['the host alone, where there is a domain to share', ''],
  ])('is looked for where the record says %s', async (_, domain) => {
    const jar = browser('com');
    jar.write(`utmost_id=${encode({ anonymousId: 'a', domain })};domain=example.com`);
    expect(open(undefined, {}).site()).toBe('example.com');
  });

  it('of a host without a domain to share costs no more', async () => {
    const jar = browser();
    const local = new URL('http://localhost/');
    open(local, {}).save('id', { anonymousId: 'a' });
    await nextTask();
    Object.assign(jar, { looks: 0, written: [] });
    const store = open(local, {});
    expect(store.site()).toBe('localhost');
    store.save('campaign', { count: 1 });
    await nextTask();
    expect([jar.looks, jar.written.length]).toEqual([1, 1]);
  });
});

describe('the mark of an empty outbox', () => {
  it('stands in a cookie of the host alone, for an hour', async () => {
    const jar = browser();
    open().markEmpty();
    const [{ name, domain, attributes = '' } = {}] = jar.cookies;
    expect([name, domain, maxAge(attributes)]).toEqual(['outbox', undefined, 60 * 60]);
    expect(open().isOutboxEmpty()).toBe(true);
  });

  it('of another port or scheme is none: each origin has an outbox of its own', async () => {
    browser();
    open(new URL('http://localhost:3000/')).markEmpty();
    const isEmpty = (url: string) => open(new URL(url)).isOutboxEmpty();
    expect(isEmpty('http://localhost:3000/')).toBe(true);
    expect([isEmpty('http://localhost:4000/'), isEmpty('https://localhost:3000/')]).toEqual([false, false]);
  });

  it('is taken away by what a page puts there, and nothing is written where there is none', async () => {
    const jar = browser();
    open().markFilled();
    expect(jar.written).toEqual([]);
    open().markEmpty();
    await nextTask();
    open().markFilled();
    expect(open().isOutboxEmpty()).toBe(false);
  });

  it('is put back without a look by the page that took it away, if no other has put something there since', async () => {
    browser();
    open().markEmpty();
    await nextTask();
    const [one, other] = [open(), open()];
    one.markFilled();
    await nextTask();
    expect(one.tryMarkEmpty()).toBe(true);
    expect(open().isOutboxEmpty()).toBe(true);
    await nextTask();
    one.markFilled();
    await nextTask();
    other.markFilled();
    await nextTask();
    expect([one.tryMarkEmpty(), other.tryMarkEmpty()]).toEqual([false, false]);
    expect(open().isOutboxEmpty()).toBe(false);
  });

  it('is not put back by a page that did not know whether the outbox was empty', () => {
    browser();
    const store = open();
    store.markFilled();
    expect(store.tryMarkEmpty()).toBe(false);
  });
});
