import { describe, expect, it } from 'vitest';
import { isReadable, readBody } from '../../src/capture/body.ts';
import { parseHeaders } from '../../src/capture/patch-xhr.ts';
import { toCallError } from '../../src/capture/read-body.ts';
import { settingsOf, textOf } from './capture-world.ts';

describe('a body', () => {
  const form = new FormData();
  form.append('a', '1');
  form.append('a', '2');
  form.append('f', new File(['abc'], 'f.txt'));
  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, {}],
    ['an empty text', '', ''],
    ['a form', form, '{"a":["1","2"],"f":{"name":"f.txt","size":3}}'],
    ['parameters', new URLSearchParams('a=1'), 'a=1'],
    ['a blob', new Blob(['abc']), { size: 3 }],
    ['a buffer', new ArrayBuffer(4), { size: 4 }],
    ['a view', new Uint8Array([1, 2]).subarray(1), { size: 1 }],
    ['a stream', new ReadableStream(), { isTruncated: true }],
    ['a long text', 'x'.repeat(20), 'x'.repeat(9)],
    ['an object with a text of its own', { toString: () => 'own' }, 'own'],
  ])('is taken of %s', (_, value, expected) => {
    const { bytes, ...body } = readBody(value, settingsOf({ maxBodyBytes: form === value ? 100 : 8 })) ?? {};
    expect(bytes ? textOf(bytes) : body).toEqual(expected);
  });
  it('of bytes is a copy, and a stream stays unlocked', () => {
    const bytes = new Uint8Array([1, 2]);
    const body = readBody(bytes, settingsOf({ bodies: 'all' }));
    bytes[0] = 9;
    expect(body?.bytes).toEqual(new Uint8Array([1, 2]));
    const stream = new ReadableStream();
    readBody(stream, settingsOf());
    expect(stream.locked).toBe(false);
  });

  it.each([
    ['application/json', undefined, true],
    ['application/problem+json', '10', true],
    ['text/html', undefined, true],
    ['application/json', '101', false],
    ['text/event-stream', undefined, false],
    ['application/x-ndjson', undefined, false],
    ['application/stream+json', undefined, false],
    ['multipart/x-mixed-replace', undefined, false],
    ['application/grpc-web+proto', undefined, false],
    ['video/mp4', undefined, false],
    ['application/wasm', undefined, false],
  ])('of type %s and length %s may be read: %s', (type, length, expected) => {
    const headers = { 'content-type': type, ...(length && { 'content-length': length }) };
    expect(isReadable(headers, settingsOf())).toBe(expected);
    expect(isReadable(headers, settingsOf({ bodies: 'all' }))).toBe(expected);
  });
  it('of bytes is read only if they are wanted', () => {
    expect(
      (['json', 'all'] as const).map(bodies =>
        isReadable({ 'content-type': 'image/png' }, settingsOf({ bodies })),
      ),
    ).toEqual([false, true]);
  });
});

it('an error is told by what the page gets', () => {
  const aborted = AbortSignal.abort('mine');
  expect(toCallError(new DOMException('', 'AbortError'))).toBe('abort');
  expect(toCallError(new DOMException('', 'TimeoutError'))).toBe('timeout');
  expect(toCallError(new TypeError('Failed to fetch'))).toBe('network');
  expect(toCallError('mine', aborted)).toBe('abort');
});

it('the headers of an answer: lower case, empty ones, several of one name, folded lines', () => {
  expect(parseHeaders('A: 1\r\nb:\r\na: 2\r\nc: x\r\n y\r\n', globalThis)).toEqual({
    a: '1, 2',
    b: '',
    c: 'x y',
  });
  expect(parseHeaders('', globalThis)).toEqual({});
});
