import { describe, expect, it } from 'vitest';
import { visitorAddress } from '../../src/relay/address.ts';

const address = (trustProxy: number | string, headers: Record<string, string>, socket?: string) =>
  visitorAddress(new Headers(headers), trustProxy, socket);

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
    ['[2001:db8::1]:5678', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
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
  ])('is none where it is %j', text => {
    expect(address(0, {}, text)).toBeUndefined();
    expect(address('x-real-ip', { 'X-Real-IP': text }, '192.0.2.1')).toBeUndefined();
  });
});
