import { expect, it } from 'vitest';
import { textOf } from './capture-world.ts';
import { openXhrPage } from './fake-xhr.ts';

type Xhr = InstanceType<ReturnType<typeof openXhrPage>['Xhr']>;

/** Sends a request of XMLHttpRequest, and lets `act` answer it. */
function send(act: (xhr: Xhr) => void, body?: unknown, prepare = (_: Xhr) => {}) {
  const world = openXhrPage();
  const xhr = new world.Xhr();
  // Before `open`, as a page may: its listeners come before ours then.
  prepare(xhr);
  xhr.open('POST', '/x');
  xhr.send(body);
  act(xhr);
  return world.finished[0];
}
const requestOf = (body: unknown) => textOf(send(xhr => xhr.answer(), body)?.requestBody?.bytes);

const XHR: Record<string, () => unknown> = {
  'an answer of any responseType is no error': () => {
    const told = send(
      xhr => xhr.answer({ response: { a: 1 } }),
      '',
      xhr => {
        xhr.responseType = 'json';
      },
    );
    expect(textOf(told?.responseBody?.bytes)).toBe('{"a":1}');
  },
  'the address may be a URL object': () => {
    const { Xhr, calls } = openXhrPage();
    const xhr = new Xhr();
    xhr.open('GET', new URL('https://a.b/c'));
    xhr.send();
    expect(calls[0]?.url).toBe('https://a.b/c');
  },
  'addresses are resolved as by the browser': () => {
    const { Xhr, calls } = openXhrPage();
    const xhr = new Xhr();
    xhr.open('GET', '//cdn.x/y');
    xhr.send();
    expect(calls[0]?.url).toBe('https://cdn.x/y');
  },
  'one object opened twice is two calls': () => {
    const { Xhr, finished } = openXhrPage();
    const xhr = new Xhr();
    for (const path of ['/first', '/second']) {
      xhr.open('GET', path);
      xhr.send();
    }
    xhr.answer();
    expect(finished.map(({ error, status }) => [error, status])).toEqual([
      ['abort', undefined],
      [undefined, 200],
    ]);
  },
  'a header before open throws the native error, and twice the same is combined': () => {
    const { Xhr, calls } = openXhrPage();
    const xhr = new Xhr();
    expect(() => xhr.setRequestHeader('a', '0')).toThrow('not open');
    xhr.open('GET', '/x');
    xhr.setRequestHeader('A', '1');
    xhr.setRequestHeader('a', '2');
    xhr.send();
    expect(calls[0]?.requestHeaders).toEqual({ a: '1, 2' });
  },
  'a document is left out': () => {
    const response = { [Symbol.toStringTag]: 'XMLDocument' };
    const told = send(
      xhr => xhr.answer({ response }),
      '',
      xhr => {
        xhr.responseType = 'document';
      },
    );
    expect(told?.responseBody).toBeUndefined();
  },
  'a synchronous request that throws is told, and a second send is nothing': () => {
    const { Xhr, finished } = openXhrPage();
    const xhr = new Xhr();
    xhr.open('GET', '/x');
    xhr.sendError = new DOMException('', 'NetworkError');
    expect(() => xhr.send()).toThrow(xhr.sendError);
    expect(finished).toMatchObject([{ error: 'network' }]);
    xhr.sendError = undefined;
    xhr.open('GET', '/y');
    xhr.send();
    xhr.sendError = new DOMException('', 'InvalidStateError');
    expect(() => xhr.send()).toThrow();
    xhr.answer();
    expect(finished).toMatchObject([{ error: 'network' }, { status: 200 }]);
  },
  'a synchronous request is told in its own task': () => {
    expect(send(xhr => xhr.answer())?.status).toBe(200);
  },
  'a request that its handler aborts once it is done has its answer': () => {
    const told = send(
      xhr => xhr.answer(),
      '',
      xhr =>
        xhr.addEventListener('readystatechange', () => xhr.readyState === 4 && xhr.status && xhr.abort()),
    );
    expect([told?.status, told?.error]).toEqual([200, undefined]);
  },
  'no handler of the page is replaced': () => {
    const handler = () => {};
    send(
      xhr => expect((xhr as { onreadystatechange?: unknown }).onreadystatechange).toBe(handler),
      '',
      xhr => Object.assign(xhr, { onreadystatechange: handler }),
    );
  },
  'errors, timeouts and aborts are told apart, without a response': () => {
    const told = [
      send(xhr => xhr.fail('error')),
      send(xhr => xhr.fail('timeout')),
      send(xhr => xhr.abort()),
    ].map(event => [event?.error, event?.status]);
    expect(told).toEqual([
      ['network', undefined],
      ['timeout', undefined],
      ['abort', undefined],
    ]);
  },
  'headers of an answer: lower case, an empty value, several lines': () => {
    const headers = 'A: 1\r\nb:\r\na: 2\r\nc: x\r\n y\r\n';
    expect(send(xhr => xhr.answer({ headers }))?.responseHeaders).toEqual({ a: '1, 2', b: '', c: 'x y' });
  },
  'a form is told by names, of files name and size; parameters as text; bytes by size': () => {
    const form = new FormData();
    form.append('a', '1');
    form.append('f', new File(['abc'], 'f.txt'));
    expect(requestOf(form)).toBe('{"a":"1","f":{"name":"f.txt","size":3}}');
    expect(requestOf(new URLSearchParams('a=1'))).toBe('a=1');
    expect(send(xhr => xhr.answer(), new Blob(['abc']))?.requestBody).toEqual({ size: 3 });
    expect(send(xhr => xhr.answer(), new Uint8Array(3))?.requestBody).toEqual({ size: 3 });
  },
};

it.each(Object.entries(XHR))('%s', (_, check) => {
  check();
});
