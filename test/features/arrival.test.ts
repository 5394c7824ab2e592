// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { takeIncoming } from '../../src/features/cross-domain/incoming.ts';
import { makeToken } from '../../src/features/cross-domain/token.ts';

const NOW = 1_790_000_000_000;
const SETTINGS = { domains: ['example.com', 'shop.test'], parameter: '_utmost' };
const VISITOR = { anonymousId: 'of-the-shop' };

const token = (id = 'of-the-site', at = NOW, domain = 'shop.test') => makeToken(id, at, domain);
/** A page of the shop, come from the site. */
const land = (url: string, referrer = 'https://www.example.com/') => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
  Object.defineProperty(document, 'referrer', { value: referrer, configurable: true });
};
const arrive = (now = NOW) => takeIncoming(SETTINGS, () => now);

beforeEach(() => localStorage.clear());

describe('the address', () => {
  it('loses the token and nothing else', () => {
    land(`https://www.shop.test/a?b=%zz&c=+&_utmost=${token()}#/route?x=1`);
    history.replaceState({ scroll: 7 }, '', location.href);
    expect(arrive().url).toBe('https://www.shop.test/a?b=%zz&c=+#/route?x=1');
    expect(location.href).toBe('https://www.shop.test/a?b=%zz&c=+#/route?x=1');
    expect(history.state).toEqual({ scroll: 7 });
  });

  it('loses a token that is no good, too', () => {
    land('https://www.shop.test/?_utmost=junk');
    expect(arrive().adopt(VISITOR)).toBe(VISITOR);
    expect(location.href).toBe('https://www.shop.test/');
  });

  it('is not touched where there is no token', () => {
    land('https://www.shop.test/?a=1');
    const replaced = vi.spyOn(history, 'replaceState');
    expect(arrive()).toMatchObject({ url: 'https://www.shop.test/?a=1' });
    expect(replaced).not.toHaveBeenCalled();
    replaced.mockRestore();
  });

  it('of a frame that may not change it is told without the token all the same', () => {
    land(`https://www.shop.test/?_utmost=${token()}`);
    const refuse = vi.spyOn(history, 'replaceState').mockImplementation(() => {
      throw new DOMException('sandboxed', 'SecurityError');
    });
    const { url, adopt } = arrive();
    expect([url, adopt(VISITOR).anonymousId]).toEqual(['https://www.shop.test/', 'of-the-site']);
    refuse.mockRestore();
  });
});

describe('the identity', () => {
  it('takes the id the visitor had on the other site, and keeps the rest', () => {
    land(`https://www.shop.test/?_utmost=${token()}`);
    expect(arrive().adopt({ ...VISITOR, companyId: 'c' })).toEqual({
      anonymousId: 'of-the-site',
      companyId: 'c',
    });
  });

  it('of an identified user stays as it is', () => {
    land(`https://www.shop.test/?_utmost=${token()}`);
    const user = { ...VISITOR, userId: 'ada' };
    expect(arrive().adopt(user)).toBe(user);
  });

  it.each([
    ['an old token', token('x', NOW - 120_000)],
    ['one for another domain', token('x', NOW, 'bank.test')],
  ])('%s changes nothing', (_, text) => {
    land(`https://www.shop.test/?_utmost=${text}`);
    expect(arrive().adopt(VISITOR)).toBe(VISITOR);
  });

  it('of a visitor who consents late is that of their arrival', () => {
    land(`https://www.shop.test/?_utmost=${token()}`);
    let now = NOW;
    const { adopt } = takeIncoming(SETTINGS, () => now);
    now += 3_600_000;
    expect(adopt(VISITOR).anonymousId).toBe('of-the-site');
  });
});

describe('where the visitor came from', () => {
  it.each(['', 'https://www.example.com/', 'https://shop.test/moved', 'https://www.shop.test/'])(
    'by %j a token is good',
    referrer => {
      land(`https://www.shop.test/?_utmost=${token()}`, referrer);
      expect(arrive().adopt(VISITOR).anonymousId).toBe('of-the-site');
    },
  );

  it.each(['https://forum.org/', 'https://example.com.evil.org/', 'android-app://com.chat/'])(
    'by %j it is not',
    referrer => {
      land(`https://www.shop.test/?_utmost=${token()}`, referrer);
      expect(arrive().adopt(VISITOR)).toBe(VISITOR);
    },
  );
});

describe('a second use', () => {
  const again = (text: string, now = NOW) => {
    land(`https://www.shop.test/?_utmost=${text}`);
    return arrive(now).adopt(VISITOR).anonymousId;
  };

  it('of a token changes nothing, as long as it would be good', () => {
    expect(again(token())).toBe('of-the-site');
    expect(again(token(), NOW + 1)).toBe('of-the-shop');
    expect(again(token(), NOW + 119_999)).toBe('of-the-shop');
    expect(again(token('other'), NOW + 119_999)).toBe('other');
  });

  it('nothing is stored of a token before it is used', () => {
    land(`https://www.shop.test/?_utmost=${token()}`);
    const { adopt } = arrive();
    expect(localStorage.length).toBe(0);
    adopt({ ...VISITOR, userId: 'ada' });
    expect(localStorage.length).toBe(0);
    adopt(VISITOR);
    expect(localStorage.length).toBe(1);
  });

  it('what is remembered has an end, and tells no id', () => {
    for (let index = 0; index < 100; index++) again(token(`visitor-${index}`));
    const kept = localStorage.getItem('utmost_arrived') ?? '';
    expect(kept.split(' ')).toHaveLength(50);
    expect(kept).not.toContain('visitor');
    again(token('late', NOW + 200_000), NOW + 200_000);
    expect(localStorage.getItem('utmost_arrived')?.split(' ')).toHaveLength(1);
  });

  it('junk in the memory is no memory', () => {
    localStorage.setItem('utmost_arrived', ' x NaN.y {} ');
    expect(again(token())).toBe('of-the-site');
    expect(again(token())).toBe('of-the-shop');
  });

  it('is not known where storage is blocked, and nothing throws', () => {
    const blocked = new Proxy({} as Storage, {
      get() {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
    vi.stubGlobal('localStorage', blocked);
    expect([again(token()), again(token())]).toEqual(['of-the-site', 'of-the-site']);
  });
});
