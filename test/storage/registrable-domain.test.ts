// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { domainCandidates } from '../../src/storage/registrable-domain.ts';
import { blocked, browser, nextTask, open } from './store-world.ts';

describe('candidates for the registrable domain', () => {
  it.each([
    ['example.com', ['example.com']],
    ['a.b.example.co.uk', ['co.uk', 'example.co.uk', 'b.example.co.uk', 'a.b.example.co.uk']],
    ['localhost', []],
    ['', []],
    ['127.0.0.1', []],
    ['[::1]', []],
    ['1.example.com', ['example.com', '1.example.com']],
  ])('%j has %j', (host, candidates) => expect(domainCandidates(host)).toEqual(candidates));
});

describe('the registrable domain', () => {
  it.each([
    ['www.example.com', 'example.com'],
    ['a.b.example.co.uk', 'example.co.uk'],
    ['foo.github.io', 'foo.github.io'],
    ['app.foo.io', 'foo.io'],
    ['x.police.uk', 'x.police.uk'],
  ])('of %s is the shortest the browser takes a cookie on: %s', (host, site) => {
    const jar = browser('co.uk', 'github.io', 'police.uk');
    expect(open(new URL(`https://${host}/`)).site()).toBe(site);
    expect(jar.cookies).toEqual([]);
  });

  it.each([
    ['http://localhost:3000/', 'localhost'],
    ['http://127.0.0.1/', '127.0.0.1'],
    ['http://[::1]/', '[::1]'],
  ])('of %s is the host itself, and its cookies are its own', async (url, site) => {
    const jar = browser();
    const store = open(new URL(url));
    store.save('a', { b: 1 });
    await nextTask();
    expect(store.site()).toBe(site);
    expect(jar.cookies.map(({ domain }) => domain)).toEqual([undefined]);
    expect(store.load('a')).toEqual({ b: 1 });
  });

  it('is guessed without www where no cookie is taken', () => {
    blocked();
    expect(open().site()).toBe('example.com');
  });
});
