import { describe, expect, it, vi } from 'vitest';
import { textOf } from './capture-world.ts';
import { openXhrPage } from './fake-xhr.ts';

/** Sends a request, and lets `act` end it. */
function run(
  act: (xhr: InstanceType<ReturnType<typeof openXhrPage>['Xhr']>) => void,
  verb = 'GET',
  body?: unknown,
) {
  const world = openXhrPage();
  const xhr = new world.Xhr();
  xhr.open(verb, './x');
  xhr.send(body);
  act(xhr);
  return { xhr, ...world };
}

describe('the page’s request', () => {
  it('gets its own parameters, and nothing on its object', () => {
    const { xhr, got } = run(xhr => xhr.answer(), 'POST', 'body');
    expect(got).toEqual([
      ['open', 'POST', './x'],
      ['send', 'body'],
    ]);
    expect(Object.keys(xhr)).not.toContain('onreadystatechange');
  });

  it('throws the page’s own error, once, where a name or value cannot be made a text', () => {
    const { Xhr } = openXhrPage();
    const xhr = new Xhr();
    xhr.open('GET', '/x');
    const reason = new Error('mine');
    const fail = vi.fn(() => {
      throw reason;
    });
    expect(() => xhr.setRequestHeader('x-a', { toString: fail })).toThrow(reason);
    expect(() => xhr.setRequestHeader({ toString: fail }, 'a')).toThrow(reason);
    expect(fail).toHaveBeenCalledTimes(2);
    let asked = 0;
    const once = {
      toString() {
        if (asked++) throw new Error('twice');
        return 'v';
      },
    };
    expect(() => xhr.setRequestHeader('x-b', once)).not.toThrow();
  });

  it('throws what the browser throws for a header before `open`, and is told without it', () => {
    const { Xhr, calls } = openXhrPage();
    const xhr = new Xhr();
    expect(() => xhr.setRequestHeader('a', '1')).toThrow('not open');
    xhr.open('GET', '/x');
    xhr.send();
    expect(() => xhr.setRequestHeader.call(undefined as never, 'a', '1')).toThrow();
    expect(calls[0]?.requestHeaders).toEqual({});
  });

  it('is made even where our own code fails', () => {
    const { Xhr, got } = openXhrPage({
      begin() {
        throw new Error('ours');
      },
    });
    const xhr = new Xhr();
    xhr.open('GET', '/x');
    xhr.send();
    xhr.answer();
    expect(got).toHaveLength(2);
  });
});

describe('what is told', () => {
  it.each([
    ['./y', 'https://example.com/app/y'],
    ['?q', 'https://example.com/app/?q'],
    ['//cdn.x/y', 'https://cdn.x/y'],
    [new URL('https://a.b/c'), 'https://a.b/c'],
  ])('the address %s', (url, expected) => {
    const { Xhr, calls } = openXhrPage();
    const xhr = new Xhr();
    xhr.open('get', url);
    xhr.send();
    expect([calls[0]?.url, calls[0]?.verb]).toEqual([expected, 'GET']);
  });

  it('the same header twice, combined', () => {
    const { Xhr, calls } = openXhrPage();
    const xhr = new Xhr();
    xhr.open('GET', '/x');
    xhr.setRequestHeader('X-A', '1');
    xhr.setRequestHeader('x-a', '2');
    xhr.send();
    expect(calls[0]?.requestHeaders).toEqual({ 'x-a': '1, 2' });
  });

  it.each<[string, 'error' | 'timeout', string]>([
    ['a network error', 'error', 'network'],
    ['a timeout', 'timeout', 'timeout'],
  ])('%s, without a status', (_, type, error) => {
    const { finished } = run(xhr => xhr.fail(type));
    expect(finished).toMatchObject([{ error }]);
    expect(finished[0]?.status).toBeUndefined();
  });

  it('an abort, with the status if the headers had come', () => {
    expect(run(xhr => xhr.abort()).finished).toMatchObject([{ error: 'abort' }]);
    const { finished } = run(xhr => {
      xhr.begin();
      xhr.abort();
    });
    expect(finished).toMatchObject([{ error: 'abort', status: 200 }]);
  });

  it('a request that its own handler aborts once it is done, with its status and body', () => {
    const { Xhr, finished } = openXhrPage();
    const xhr = new Xhr();
    // Before `open`, and so before our listener in a browser without an order of capturing listeners.
    xhr.addEventListener('readystatechange', () => xhr.readyState === 4 && xhr.status && xhr.abort());
    xhr.open('GET', '/x');
    xhr.send();
    xhr.answer();
    expect(finished).toMatchObject([{ status: 200, error: undefined }]);
    expect(textOf(finished[0]?.responseBody?.bytes)).toBe('{"a":1}');
  });

  it('one object that is opened twice, as two calls', () => {
    const { xhr, finished } = run(xhr => xhr.open('GET', '/second'));
    xhr.send();
    xhr.answer();
    expect(finished.map(({ url, error }) => [url, error])).toEqual([
      ['https://example.com/app/x', 'abort'],
      ['https://example.com/second', undefined],
    ]);
  });

  it('a synchronous request that throws', () => {
    const { Xhr, finished } = openXhrPage();
    const xhr = new Xhr();
    xhr.sendError = new DOMException('', 'NetworkError');
    xhr.open('GET', '/x');
    expect(() => xhr.send()).toThrow(xhr.sendError);
    expect(finished).toMatchObject([{ error: 'network' }]);
  });

  it('a second `send`, which throws: nothing', () => {
    const { finished } = run(xhr => {
      xhr.sendError = new DOMException('', 'InvalidStateError');
      expect(() => xhr.send()).toThrow();
      xhr.answer();
    });
    expect(finished).toMatchObject([{ status: 200 }]);
  });
});

describe('the body of an answer', () => {
  it.each<[responseType: string, response: unknown, expected: unknown]>([
    ['', '{"a":1}', '{"a":1}'],
    ['text', 'text', 'text'],
    ['json', { a: 1 }, '{"a":1}'],
    ['json', null, undefined],
    ['arraybuffer', new ArrayBuffer(3), { size: 3 }],
    ['blob', new Blob(['abc']), { size: 3 }],
    ['document', { [Symbol.toStringTag]: 'XMLDocument' }, undefined],
  ])('of responseType %s is taken in the way that its type allows', (responseType, response, expected) => {
    const { finished } = run(xhr => {
      xhr.responseType = responseType;
      xhr.answer({ response });
    });
    const body = finished[0]?.responseBody;
    expect(body?.bytes ? textOf(body.bytes) : body).toEqual(expected);
  });

  it('that is too large by its length is not read', () => {
    const read = vi.fn();
    const { finished } = run(xhr => {
      Object.defineProperty(xhr, 'response', { get: read, set() {} });
      xhr.answer({ headers: 'content-type: text/plain\r\ncontent-length: 1001\r\n' });
    });
    expect([read.mock.calls, finished[0]?.responseBody]).toEqual([[], undefined]);
  });
});
