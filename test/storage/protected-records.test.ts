// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { encode } from '../../src/storage/codec.ts';
import { browser, nextTask, open } from './store-world.ts';

/** Writes a cookie as the answer of a server does. */
const answer = (jar: ReturnType<typeof browser>, record: object) =>
  jar.write(`a=${encode(record)};domain=example.com`);

async function pageWith(record: object) {
  const jar = browser();
  const store = open();
  store.save('a', record);
  await nextTask();
  return { jar, store };
}

it('what a page writes while a request is under way survives an answer that sets the cookie back', async () => {
  const { jar, store } = await pageWith({ user: 'ada' });
  const restore = store.protect(['a']);
  store.save('a', { user: 'bob' });
  await nextTask();
  answer(jar, { user: 'ada' });
  restore();
  expect(store.load('a')).toEqual({ user: 'bob' });
});

it('what it had saved and not written yet when the request began survives as well', async () => {
  const { jar, store } = await pageWith({ user: 'ada' });
  store.save('a', { user: 'bob' });
  const restore = store.protect(['a']);
  await nextTask();
  answer(jar, { user: 'ada' });
  restore();
  expect(store.load('a')).toEqual({ user: 'bob' });
});

it('nothing is written where this page has changed nothing: it would shorten what the answer has renewed', async () => {
  const { jar, store } = await pageWith({ user: 'ada' });
  const restore = store.protect(['a', 'b']);
  answer(jar, { user: 'ada' });
  jar.written.length = 0;
  restore();
  expect(jar.written).toEqual([]);
});

it('what another tab has written meanwhile stays', async () => {
  const { jar, store } = await pageWith({ user: 'ada' });
  answer(jar, { user: 'eve' });
  await nextTask();
  const restore = store.protect(['a']);
  answer(jar, { user: 'eve' });
  restore();
  expect(store.load('a')).toEqual({ user: 'eve' });

  const again = store.protect(['a']);
  store.save('a', { user: 'bob' });
  await nextTask();
  answer(jar, { user: 'mallory' });
  again();
  expect(store.load('a')).toEqual({ user: 'mallory' });
});
