import { describe, expect, it } from 'vitest';
import { clientIp } from '../../src/server/client-ip.ts';

const address = (trustProxy: number | string, headers: Record<string, string>, socket?: string) =>
  clientIp(new Headers(headers), trustProxy, socket);

const forwarded = (list: string) => ({ 'X-Forwarded-For': list });

describe('the visitor’s address', () => {
  it('is the connection’s, and no header’s, where no proxy is trusted', () => {
    const headers = {
      ...forwarded('203.0.113.9'),
      'CF-Connecting-IP': '203.0.113.9',
      Forwarded: 'for=203.0.113.9',
    };
    expect(address(0, headers, '192.0.2.1')).toBe('192.0.2.1');
    expect(address(0, headers)).toBeUndefined();
  });

  it.each([
    [1, '203.0.113.9', '203.0.113.9'],
    [1, '10.0.0.1, 203.0.113.9', '203.0.113.9'],
    [2, '203.0.113.9, 10.0.0.1', '203.0.113.9'],
    [2, '8.8.8.8, 203.0.113.9,10.0.0.1', '203.0.113.9'],
    [3, '203.0.113.9, 10.0.0.1', '203.0.113.9'],
  ])(
    'behind %i proxies, with the list %j, is %s: what a visitor adds on the left counts for nothing',
    (hops, list, expected) => {
      expect(address(hops, forwarded(list), '127.0.0.1')).toBe(expected);
    },
  );

  it('is the connection’s where a request came past the proxies', () => {
    expect(address(1, {}, '203.0.113.9')).toBe('203.0.113.9');
    expect(address('cf-connecting-ip', forwarded('8.8.8.8'), '203.0.113.9')).toBe('203.0.113.9');
  });

  it('is in the named header alone', () => {
    const headers = { ...forwarded('8.8.8.8'), 'CF-Connecting-IP': '2001:db8::9' };
    expect(address('cf-connecting-ip', headers, '192.0.2.1')).toBe('2001:db8::9');
  });

  it.each([
    ['192.0.2.1:5678', '192.0.2.1'],
    ['192.0.2.1:_web-1', '192.0.2.1'],
    ['[2001:db8::1]:_p', '2001:db8::1'],
    ['[2001:db8::1]:5678', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['::ffff:0909:0909', '9.9.9.9'],
    ['::ffff:9:9', '0.9.0.9'],
    ['0:0:0:0:0:ffff:9.9.9.9', '9.9.9.9'],
    ['0000:0000:0000:0000:0000:FFFF:0102:ff04', '1.2.255.4'],
    ['0::ffff:1.2.3.4', '1.2.3.4'],
    ['[::ffff:1.2.3.4]:443', '1.2.3.4'],
    ['::ffff:1.2.3.4%eth0', '1.2.3.4'],
    ['::ffff:0:1.2.3.4', '::ffff:0:1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1:2:3:4:5'],
    ['64:ff9b::192.0.2.128', '64:ff9b::192.0.2.128'],
    ['2001:db8::ffff:1.2.3.4', '2001:db8::ffff:1.2.3.4'],
    ['255.249.199.0', '255.249.199.0'],
    ['9.99.100.200', '9.99.100.200'],
    ['250.1.2.3', '250.1.2.3'],
    [' 192.0.2.1 ', '192.0.2.1'],
  ])('as %j is %s', (socket, expected) => {
    expect(address(0, {}, socket)).toBe(expected);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '260.1.1.1',
    '1.2.3.4.5',
    '01.02.03.04',
    '1.2.3.00',
    '0x1.2.3.4',
    '::ffff:01.2.3.4',
    '1.2.3.4:_',
    'unix:',
    ',',
    '192.0.2.9,',
    'x1.2.3.4:5',
    '1.2.3.4:5x',
    '[::1',
    'x[::1]',
    '[::1]:80x',
    '::1]/[',
    'g::1',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '2001:db8::1/64',
    '::1.2.3.256',
    '1:2',
    'abc',
    '192.0.2.1, 8.8.8.8',
    '<script>',
  ])('is never %j: then it is the connection’s, and none where that is no better', text => {
    expect(address(0, {}, text)).toBeUndefined();
    for (const [trustProxy, headers] of [
      ['x-real-ip', { 'X-Real-IP': text }],
      ['cf-connecting-ip', { 'CF-Connecting-IP': text }],
    ] as const) {
      expect(address(trustProxy, headers, '192.0.2.1')).toBe('192.0.2.1');
      expect(address(trustProxy, headers, text)).toBeUndefined();
    }
  });

  it.each([
    [1, '8.8.8.8, unknown', '192.0.2.1'],
    [1, '8.8.8.8, ', '192.0.2.1'],
    [1, '8.8.8.8,', '192.0.2.1'],
    [1, ',,', '192.0.2.1'],
    [1, '8.8.8.8, 01.02.03.04', '192.0.2.1'],
    [2, '8.8.8.8, unknown, 203.0.113.9', '203.0.113.9'],
    [2, '8.8.8.8, , 203.0.113.9', '203.0.113.9'],
    [2, '8.8.8.8, _a, _b', '192.0.2.1'],
    [3, 'unknown, 203.0.113.9', '203.0.113.9'],
  ])('behind %i proxies that say %j is %s: never what is further left', (hops, list, expected) => {
    expect(address(hops, forwarded(list), '192.0.2.1')).toBe(expected);
  });

  it('is the connection’s where the header of one address comes twice', () => {
    const headers = new Headers([
      ['CF-Connecting-IP', '8.8.8.8'],
      ['CF-Connecting-IP', '203.0.113.9'],
    ]);
    expect(clientIp(headers, 'cf-connecting-ip', '192.0.2.1')).toBe('192.0.2.1');
  });
});

describe('the visitor’s address by Forwarded', () => {
  it.each([
    [1, 'for=203.0.113.9', '203.0.113.9'],
    [1, 'For="203.0.113.9:4711"', '203.0.113.9'],
    [1, 'proto=https; FOR="[2001:db8::9]:4711" ;by=10.0.0.1', '2001:db8::9'],
    [1, 'for=8.8.8.8, for=203.0.113.9;host="a,b;c"', '203.0.113.9'],
    [2, 'for=8.8.8.8,for=203.0.113.9,for=10.0.0.1', '203.0.113.9'],
    [3, 'for=203.0.113.9, for=10.0.0.1', '203.0.113.9'],
    [1, 'for="[::ffff:cb00:7109]"', '203.0.113.9'],
    [2, 'for=8.8.8.8, for=unknown, for=203.0.113.9', '203.0.113.9'],
    [1, 'for=8.8.8.8, for=unknown', '192.0.2.1'],
    [1, 'for=8.8.8.8, for=_hidden', '192.0.2.1'],
    [1, 'for=8.8.8.8, for="_gazonk:_port"', '192.0.2.1'],
    [1, 'for=8.8.8.8, by=10.0.0.1', '192.0.2.1'],
    [1, 'for=8.8.8.8,', '192.0.2.1'],
    [1, 'for=8.8.8.8;', '8.8.8.8'],
    [1, '203.0.113.9', '192.0.2.1'],
    [1, 'for', '192.0.2.1'],
  ])('behind %i proxies that say %j is %s', (hops, header, expected) => {
    expect(address(hops, { Forwarded: header }, '192.0.2.1')).toBe(expected);
  });

  it.each(['for=8.8.8.8;by="', 'for="8.8.8.8', 'for=8.8.8.8, for="', '"', 'for="8.8.8.8\\', ';;="=,'])(
    'is the proxy’s word, though a visitor begins with %j',
    begun => {
      for (const own of ['for=203.0.113.9', 'for="203.0.113.9"', 'by="a";for="203.0.113.9:1"'])
        expect(address(1, { Forwarded: `${begun}, ${own}` }, '192.0.2.1')).toBe('203.0.113.9');
    },
  );

  it('counts only where no proxy speaks X-Forwarded-For, which a visitor’s own Forwarded would get past', () => {
    const headers = { Forwarded: 'for=8.8.8.8', ...forwarded('203.0.113.9') };
    expect(address(1, headers, '192.0.2.1')).toBe('203.0.113.9');
    expect(address(1, { ...headers, ...forwarded('unknown') }, '192.0.2.1')).toBe('192.0.2.1');
  });

  it('counts nothing where another header is trusted', () => {
    expect(address('x-real-ip', { Forwarded: 'for=8.8.8.8' }, '192.0.2.1')).toBe('192.0.2.1');
  });

  it('takes no time over a header that is as long as one can be', () => {
    const begin = performance.now();
    address(2, { Forwarded: '",;='.repeat(16_000), ...forwarded('') }, '192.0.2.1');
    address(2, forwarded('[, '.repeat(16_000)), '192.0.2.1');
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
