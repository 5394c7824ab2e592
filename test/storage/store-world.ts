import { afterEach, beforeEach } from 'vitest';
import { createStore } from '../../src/storage/cookies.ts';
import { CookieJar } from './cookie-jar.ts';

const { localStorage } = globalThis;

/** Opens the store of a page. */
export const open = (url = new URL('https://www.example.com/')) =>
  createStore(url, run => {
    tasks.push(run);
    return () => {};
  });

/** What is to run in the next task. */
let tasks: (() => void)[] = [];

/** Takes it out, to be run later than it should. */
export const postponed = () => tasks.splice(0);

export const nextTask = () => {
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
