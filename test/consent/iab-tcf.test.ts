// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followTcf, type TcfOptions } from '../../src/consent/iab-tcf.ts';
import { ConsentPlatform } from './consent-platform.ts';

let platform: ConsentPlatform;
let choices: string[] = [];
let stop = () => {};
const follow = (options?: TcfOptions) => {
  stop = followTcf(choice => choices.push(choice), options);
};
const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

beforeEach(() => {
  vi.useFakeTimers();
  choices = [];
  platform = new ConsentPlatform();
});
afterEach(() => {
  stop();
  platform.uninstall();
});

describe('a visitor', () => {
  beforeEach(() => {
    platform.installStub();
    platform.load();
    follow();
  });

  it('who is being asked has made no choice', () => {
    platform.tell('cmpuishown', ALL);
    expect(choices).toEqual([]);
  });

  it.each([
    [ALL, 'granted'],
    [[1, 8], 'granted'],
    [[1], 'denied'],
    [[8], 'denied'],
    [[], 'denied'],
  ])('who consents to the purposes %j has it %s', (purposes, choice) => {
    platform.tell('cmpuishown', []);
    platform.tell('useractioncomplete', purposes);
    expect(choices).toEqual([choice]);
  });

  it('who chose on an earlier page is not asked again', () => {
    platform.tell('tcloaded', ALL);
    expect(choices).toEqual(['granted']);
  });

  it('who withdraws later is heard', () => {
    platform.tell('tcloaded', ALL);
    platform.tell('cmpuishown', ALL);
    platform.tell('useractioncomplete', []);
    expect(choices).toEqual(['granted', 'denied']);
  });

  it('who says the same again is heard once', () => {
    for (let time = 0; time < 3; time++) platform.tell('useractioncomplete', ALL);
    expect(choices).toEqual(['granted']);
  });
});

describe('what has to be consented to', () => {
  it.each<[TcfOptions, string]>([
    [{ vendor: 755 }, 'granted'],
    [{ vendor: 756 }, 'denied'],
    [{ purposes: [7], vendor: 755 }, 'denied'],
    [{ purposes: [], vendor: 755 }, 'granted'],
    [{ purposes: [1], vendor: undefined }, 'granted'],
    // A refusal that is told as such, and not by its absence.
    [{ purposes: [2] }, 'denied'],
  ])('with %j: %s', (options, choice) => {
    platform.load();
    follow(options);
    platform.tell('tcloaded', [1, 8], [755]);
    expect(choices).toEqual([choice]);
  });
});

describe('a platform', () => {
  it('for which the GDPR does not apply asks nobody', () => {
    platform.load(false);
    follow();
    expect(choices).toEqual(['granted']);
  });

  it('that does not know yet whether the GDPR applies is waited for', () => {
    platform.load(undefined);
    follow();
    expect(choices).toEqual([]);
  });

  it('that is still a stub is heard when it has loaded', () => {
    platform.installStub();
    follow();
    platform.load(true);
    platform.tell('tcloaded', ALL);
    expect(choices).toEqual(['granted']);
  });

  it('that comes late is found', () => {
    follow();
    vi.advanceTimersByTime(29_000);
    platform.load(true);
    vi.advanceTimersByTime(1000);
    platform.tell('tcloaded', ALL);
    expect(choices).toEqual(['granted']);
  });

  it('that never comes is not waited for beyond 30 seconds, and the console says so', () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    follow();
    vi.advanceTimersByTime(29_999);
    expect(warned).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      'utmost: this page has no __tcfapi; load your consent platform first.',
    );
    expect(vi.getTimerCount()).toBe(0);
    expect(choices).toEqual([]);
    warned.mockRestore();
  });

  it('that refuses the listener, or breaks, changes nothing', () => {
    const page = window as unknown as { __tcfapi: unknown };
    for (const data of [null, { gdprApplies: false }]) {
      page.__tcfapi = (_: string, __: number, callback: (data: unknown, success: boolean) => void) =>
        callback(data, false);
      follow();
    }
    page.__tcfapi = () => {
      throw new Error('broken');
    };
    follow();
    expect(choices).toEqual([]);
  });
});

it.each([{}, { purpose: {}, vendor: {} }])('a choice that names nothing consents to nothing: %j', data => {
  const page = window as unknown as { __tcfapi: unknown };
  page.__tcfapi = (_: string, __: number, callback: (data: unknown, success: boolean) => void) =>
    callback({ eventStatus: 'tcloaded', ...data }, true);
  follow();
  follow({ purposes: [], vendor: 755 });
  expect(choices).toEqual(['denied', 'denied']);
});

describe('after the stop', () => {
  it('the platform has no listener of ours', () => {
    platform.load(true);
    follow();
    expect(platform.listeners.size).toBe(1);
    stop();
    expect(platform.listeners.size).toBe(0);
    platform.tell('useractioncomplete', ALL);
    expect(choices).toEqual([]);
  });

  it('it has none either where it was still a stub', () => {
    platform.installStub();
    follow();
    stop();
    platform.load(false);
    expect([platform.listeners.size, choices]).toEqual([0, []]);
  });

  it('nobody looks for one any more', () => {
    follow();
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
