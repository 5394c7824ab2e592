// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onUrlChange } from '../../src/browser/navigation.ts';

let stop = new AbortController();
let told: string[] = [];
const { pushState, replaceState } = history;

const listen = () => onUrlChange(() => told.push(location.pathname + location.hash), stop.signal);

beforeEach(() => {
  history.replaceState(null, '', '/');
  stop = new AbortController();
  told = [];
});
afterEach(() => {
  stop.abort();
  Reflect.deleteProperty(window, 'navigation');
  Object.assign(history, { pushState, replaceState });
});

describe('where there is a Navigation API', () => {
  const navigate = (navigation: EventTarget, navigationType: string) =>
    navigation.dispatchEvent(Object.assign(new Event('currententrychange'), { navigationType }));
  const install = () => Object.assign(window, { navigation: new EventTarget() }).navigation;

  it.each(['push', 'replace', 'reload'])('%s is told', type => {
    const navigation = install();
    listen();
    navigate(navigation, type);
    expect(told).toHaveLength(1);
  });

  it('a step through the history is not', () => {
    const navigation = install();
    listen();
    navigate(navigation, 'traverse');
    expect(told).toEqual([]);
  });

  it('the history stays untouched', () => {
    install();
    const before = history.pushState;
    listen();
    expect(history.pushState).toBe(before);
  });

  it('nothing is told after the abort', () => {
    const navigation = install();
    listen();
    stop.abort();
    navigate(navigation, 'push');
    expect(told).toEqual([]);
  });
});

describe('where there is none', () => {
  it('pushState and replaceState are told, when the address is already the new one', () => {
    listen();
    history.pushState({ a: 1 }, '', '/one');
    history.replaceState(null, '', '/two#x');
    expect(told).toEqual(['/one', '/two#x']);
  });

  it('a change of the hash is told', () => {
    listen();
    window.dispatchEvent(new Event('hashchange'));
    expect(told).toHaveLength(1);
  });

  it('all arguments reach the page’s own history', () => {
    listen();
    history.pushState({ a: 1 }, '', '/state');
    expect(history.state).toEqual({ a: 1 });
  });

  it('a call the browser refuses throws as ever, and is not told', () => {
    const refuse = () => {
      throw new DOMException('other origin', 'SecurityError');
    };
    history.pushState = refuse;
    listen();
    expect(() => history.pushState(null, '', 'https://evil.org/')).toThrow('other origin');
    expect(told).toEqual([]);
  });

  it('the abort puts the page’s own functions back', () => {
    const before = [history.pushState, history.replaceState];
    listen();
    stop.abort();
    expect([history.pushState, history.replaceState]).toEqual(before);
    history.pushState(null, '', '/after');
    window.dispatchEvent(new Event('hashchange'));
    expect(told).toEqual([]);
  });

  it('another wrapper, around ours or within it, goes on working through the abort', () => {
    const heard: string[] = [];
    const wrap = (name: string) => {
      const original = history.pushState;
      history.pushState = function (...parameters) {
        heard.push(name);
        original.apply(this, parameters);
      };
      return history.pushState;
    };
    wrap('inner');
    listen();
    const outer = wrap('outer');
    history.pushState(null, '', '/one');
    expect([heard, told]).toEqual([['outer', 'inner'], ['/one']]);

    stop.abort();
    expect(history.pushState).toBe(outer);
    history.pushState(null, '', '/two');
    expect(heard).toEqual(['outer', 'inner', 'outer', 'inner']);
    expect(told).toEqual(['/one']);
    expect(location.pathname).toBe('/two');
  });
});
