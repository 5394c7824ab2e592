// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onLeaving } from '../../src/browser/navigation.ts';
import { loadDepartedHost, saveDepartedHost } from '../../src/storage/departed-host.ts';

let stop = new AbortController();
let told: string[] = [];
const listen = () => onLeaving(url => told.push(url), stop.signal);

beforeEach(() => {
  stop = new AbortController();
  told = [];
  document.body.innerHTML =
    '<a href="https://idp.org/login"><b>Log in</b></a><form action="https://pay.org/now"><button>Pay</button></form><p>text</p>';
  document.addEventListener('click', event => event.preventDefault(), { signal: stop.signal });
  document.addEventListener('submit', event => event.preventDefault(), { signal: stop.signal });
});
afterEach(() => {
  stop.abort();
  Reflect.deleteProperty(window, 'navigation');
});

it('the Navigation API tells where the tab is sent, by whatever means', () => {
  const navigation = Object.assign(window, { navigation: new EventTarget() }).navigation;
  listen();
  const event = Object.assign(new Event('navigate'), { destination: { url: 'https://idp.org/' } });
  navigation.dispatchEvent(event);
  expect(told).toEqual(['https://idp.org/']);
  stop.abort();
  navigation.dispatchEvent(event);
  expect(told).toHaveLength(1);
});

describe('where there is no Navigation API', () => {
  it('a click within a link tells its address, and a click elsewhere tells none', () => {
    listen();
    document.querySelector('b')?.click();
    document.querySelector('p')?.click();
    expect(told.filter(url => url.startsWith('https:'))).toEqual(['https://idp.org/login']);
  });

  it('a form that is sent tells its address', () => {
    listen();
    document.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    expect(told).toEqual(['https://pay.org/now']);
  });

  it('nothing is told once the signal is aborted', () => {
    listen();
    stop.abort();
    document.querySelector('b')?.dispatchEvent(new Event('click', { bubbles: true, cancelable: true }));
    expect(told).toEqual([]);
  });
});

it('the host a tab was sent to is remembered until it is too long ago', () => {
  saveDepartedHost('idp.org', 1000);
  expect([loadDepartedHost(999), loadDepartedHost(1000)]).toEqual(['idp.org', undefined]);
});

it('no memory of it, or a strange one, is none', () => {
  sessionStorage.clear();
  expect(loadDepartedHost(0)).toBeUndefined();
  sessionStorage.setItem('utmost_away', 'junk');
  expect(loadDepartedHost(0)).toBeUndefined();
});
