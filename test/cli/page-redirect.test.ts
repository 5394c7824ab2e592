import { describe, expect, it } from 'vitest';
import { readPageRedirect, readRefresh } from '../../src/cli/page-redirect.ts';

describe('a refresh', () => {
  it.each([
    ['0;url=/next', '/next'],
    ['0; URL = "/next page"', '/next page'],
    ["5,url='/next'x", '/next'],
    ['0.5; url=https://a.example/?x=1;y=2', 'https://a.example/?x=1;y=2'],
    [' 3 /next', '/next'],
    ['0;url=/next"', '/next"'],
  ])('%j leads to %s', (content, to) => {
    expect(readRefresh(content)).toBe(to);
  });

  it.each(['', '5', '0;', '300;url=/same', 'url=/next', 'x;url=/next', '0x;url=/next'])(
    '%j leads nowhere',
    content => {
      expect(readRefresh(content)).toBeUndefined();
    },
  );
});

describe('a page', () => {
  it.each([
    '<meta http-equiv="refresh" content="0;url=/next?a=1&amp;b=2">',
    '<body><META CONTENT="0;url=/next?a=1&b=2" HTTP-EQUIV=Refresh>',
  ])('%s leads on', html => {
    expect(readPageRedirect(html).refresh).toBe('/next?a=1&b=2');
  });

  it.each([
    '<noscript><meta http-equiv="refresh" content="0;url=/next"></noscript>',
    '<!-- <meta http-equiv="refresh" content="0;url=/next"> -->',
    '<template><meta http-equiv="refresh" content="0;url=/next"></template>',
    '<script>"<meta http-equiv=refresh content=0;url=/next>"</script>',
  ])('%s stays', html => {
    expect(readPageRedirect(html).refresh).toBeUndefined();
  });

  it.each([
    ['location.replace("/next")', true],
    ['window.location = "/next"', true],
    ['top.location.href="/next"', true],
    ['document.location.assign(x)', true],
    ['if (location == "/x") run()', false],
    ['log(location.href)', false],
    ['setLocation = 1', false],
  ])('whose script is %s seems to lead on: %s', (script, is) => {
    expect(readPageRedirect(`<p>Please wait</p><script>${script}</script>`).hasScript).toBe(is);
  });

  it('with a text of its own is not taken for one that leads on', () => {
    const html = `<script>button.onclick = () => { location.href = '/cart' }</script>${'<p>Shoes for all. </p>'.repeat(50)}`;
    expect(readPageRedirect(html).hasScript).toBe(false);
  });
});
