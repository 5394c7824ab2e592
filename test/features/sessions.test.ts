// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { decode } from '../../src/storage/codec.ts';
import { kindBrowser, startAnew } from '../client/client-world.ts';

import { openFullPage } from './full-world.ts';

startAnew();

const tokens = ({ to }: ReturnType<typeof openFullPage>) => to('users').map(body => body.session_token);

it('a token goes along with what is said afterwards', async () => {
  const page = openFullPage(kindBrowser());
  page.client.identifySession('t');
  expect(page.sent).toEqual([]);
  await page.client.identifyUser('1');
  await page.client.identifyCompany('c');
  expect(page.sent.map(({ body }) => body.session_token)).toEqual(['t', 't', 't']);
  expect(page.client.getSession()).toBe('t');
});

it('a token of a user identified on this page is told at once', async () => {
  const page = openFullPage(kindBrowser());
  await page.client.identifyUser('1');
  page.client.identifySession('t');
  expect(page.sent.at(-1)?.text).toBe('{"user_id":"1","anonymous_id":"uuid-1","session_token":"t"}');
});

it('is not told again within 24 hours by the same calls on another page', async () => {
  const browser = kindBrowser();
  const visit = async () => {
    const page = openFullPage(browser);
    await page.client.identifyUser('1', { n: 1 });
    page.client.identifySession('t');
    await vi.advanceTimersByTimeAsync(10);
    return tokens(page);
  };
  expect(await visit()).toEqual([undefined, 't']);
  expect(await visit()).toEqual([]);
});

it('a token told before anyone is identified on this page is not the earlier visitor’s', async () => {
  const browser = kindBrowser();
  await openFullPage(browser).client.identifyUser('1');
  const page = openFullPage(browser);
  page.client.identifySession('of 2');
  await page.client.identifyUser('2');
  expect(page.sent.map(({ body }) => [body.user_id, body.session_token])).toEqual([['2', 'of 2']]);
});

it('another user has not the earlier one’s token', async () => {
  const page = openFullPage(kindBrowser());
  page.client.identifySession('t');
  await page.client.identifyUser('1');
  await page.client.identifyUser('2');
  expect(tokens(page)).toEqual(['t', undefined]);
  expect(page.client.getSession()).toBeUndefined();
});

it('reset forgets it', async () => {
  const page = openFullPage(kindBrowser());
  page.client.identifySession('t');
  page.client.reset();
  await page.client.identifyUser('1');
  expect(tokens(page)).toEqual([undefined]);
});

it('is kept in this page’s memory alone', async () => {
  const browser = kindBrowser();
  const { client, jar } = openFullPage(browser);
  await client.identifyUser('1');
  client.identifySession('secret-token');
  await vi.advanceTimersByTimeAsync(10);
  const written = jar.written.map(text => JSON.stringify(decode(text.match(/=([\w-]+)/)?.[1])));
  expect(written.join()).toContain('"userId":"1"');
  expect(written.join() + JSON.stringify(localStorage)).not.toContain('secret-token');
  expect(openFullPage(browser).client.getSession()).toBeUndefined();
});

it.each([[''], [' '], [undefined], [{}]])('the token %o is none', token => {
  const { client } = openFullPage();
  client.identifySession(token as string);
  expect(client.getSession()).toBeUndefined();
  expect(console.warn).toHaveBeenCalledWith('utmost: the session token is invalid; pass another');
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
it.each([
  ['no id', '', {}],
  ['an id that is an object', {}, {}],
  ['no id at all', undefined, {}],
  ['metadata with a cycle', '2', cycle],
  ['metadata with a BigInt', '2', { n: 1n }],
  ['metadata that is a list', '2', [1]],
  ['metadata over 1 MB', '2', { text: 'x'.repeat(1_100_000) }],
])('a call that is dropped leaves the token with its user: %s', async (_, id, metadata) => {
  const page = openFullPage(kindBrowser());
  page.client.identifySession('t');
  await page.client.identifyUser('1');
  const receipt = await page.client.identifyUser(id as string, metadata as object);
  expect(receipt.status).toBe('dropped');
  expect(page.client.getSession()).toBe('t');
  await page.client.identifyUser('1', { again: true });
  expect(tokens(page)).toEqual(['t', 't']);
  page.client.identifySession('u');
  expect(page.sent.at(-1)?.body).toMatchObject({ user_id: '1', session_token: 'u' });
});

it('a call that is dropped makes nobody the user of a token told before', async () => {
  const page = openFullPage(kindBrowser());
  page.client.identifySession('t');
  await page.client.identifyUser('1', [] as object);
  await page.client.identifyUser('2');
  expect(tokens(page)).toEqual(['t']);
});

it('a token given with a call goes, and leaves none of the earlier user’s', async () => {
  const page = openFullPage(kindBrowser());
  await page.client.identifyUser('1');
  page.client.identifySession('t');
  await page.client.identifyUser('2', null, { sessionToken: 'own' });
  expect(tokens(page)).toEqual([undefined, 't', 'own']);
  expect(page.client.getSession()).toBeUndefined();
});
