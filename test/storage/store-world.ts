import { afterEach, beforeEach } from 'vitest';
import { createRecordStore, type RecordStoreOptions } from '../../src/storage/record-store.ts';
import { settled } from '../world.ts';
import { CookieJar } from './cookie-jar.ts';

const { localStorage } = globalThis;

/** Opens the store of a page, of records that bear no prefix unless another one is wanted. */
export const open = (
  url = new URL('https://www.example.com/'),
  options: Partial<RecordStoreOptions> = { prefix: '' },
) =>
  createRecordStore(
    url,
    run => {
      tasks.push(run);
      return () => {};
    },
    options,
  );

/** What is to run in the next task. */
let tasks: (() => void)[] = [];

/** Takes it out, to be run later than it should. */
export const postponed = () => tasks.splice(0);

export const nextTask = async () => {
  await settled();
  for (const run of postponed()) run();
};

/** A browser that knows which names are public suffixes. */
export const browser = (...suffixes: string[]) =>
  new CookieJar(domain => !suffixes.includes(domain ?? '')).install();

export const blocked = () => new CookieJar(() => false).install();

beforeEach(() => {
  localStorage.clear();
  tasks = [];
});
afterEach(() => {
  Reflect.deleteProperty(document, 'cookie');
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: localStorage });
});
