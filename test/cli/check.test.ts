import { describe, expect, it } from 'vitest';
import { checkLinks } from '../../src/cli/check.ts';
import type { Fetch } from '../../src/cli/redirects.ts';

/** A network of redirects. Any other address is a page. */
const network =
  (routes: Record<string, string>, opened: string[] = []): Fetch =>
  async url => {
    opened.push(url);
    const location = routes[url];
    return new Response(null, location === undefined ? {} : { status: 302, headers: { location } });
  };

const check = (url: string, routes: Record<string, string> = {}) =>
  checkLinks([{ url }], { fetch: network(routes) }).then(([link]) => link);

describe('a checked link', () => {
  it.each([
    ['http://a.example/?gclid=x', 'https://a.example/?gclid=x', 'https://a.example/?gclid=x'],
    ['https://a.example/x/y?gclid=x#z', '../p?gclid=x', 'https://a.example/p?gclid=x#z'],
    ['https://a.example/?gclid=x#z', '//b.example/?gclid=x#', 'https://b.example/?gclid=x#'],
    ['https://a.example/?gclid=x#z', '?gclid=x#top', 'https://a.example/?gclid=x#top'],
  ])('%s goes by %s to %s', async (url, location, end) => {
    const link = await check(url, { [url]: location });
    expect(link?.hops.map(hop => hop.url)).toEqual([url, end]);
    expect(link?.faults).toEqual([]);
  });

  it('is credited by the rules of the page', async () => {
    expect((await check('https://a.example/?msclkid=x&utm_id=7'))?.credit).toEqual({
      rule: 'campaign',
      reason: expect.any(String),
      campaign: {},
      clickIds: { msclkid: 'x', utm_id: '7' },
    });
    expect((await check('https://a.example/?UTM_Source=a&utm_medium=b'))?.credit?.campaign).toEqual({
      utm_source: 'a',
      utm_medium: 'b',
    });
  });

  it('is told of a fault once, at its first address', async () => {
    const link = await check('https://a.example/?utm_source=a&utm_medium=', {
      'https://a.example/?utm_source=a&utm_medium=': '/p?utm_source=a&utm_medium=&utm_term={keyword}',
    });
    expect(link?.faults.map(({ code, hop }) => [code, hop])).toEqual([
      ['empty', 0],
      ['placeholder', 1],
    ]);
  });

  it('is no reason for more than six requests at once', async () => {
    let [now, most] = [0, 0];
    const fetch: Fetch = async () => {
      most = Math.max(most, ++now);
      await new Promise(resolve => setTimeout(resolve, 1));
      now--;
      return new Response();
    };
    const links = Array.from({ length: 40 }, (_, n) => ({ url: `https://a.example/${n}?gclid=x` }));
    const checked = await checkLinks(links, { fetch });
    expect(checked.map(({ url }) => ({ url }))).toEqual(links);
    expect(most).toBe(6);
  });
});
