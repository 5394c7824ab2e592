import { client, sleep, tellResponse, ticksOf } from './log.js';

const BODY = JSON.stringify({ id: 7, name: 'Zoë' });
const JSON_TYPE = { 'Content-Type': 'application/json' };
const upload = () =>
  new ReadableStream({
    async start(controller) {
      for (const part of ['one ', 'two ', 'three']) {
        await sleep(30);
        controller.enqueue(new TextEncoder().encode(part));
      }
      controller.close();
    },
  });

client('fetch', {
  async 'JSON, sent and received'(add) {
    const promise = fetch('/api/echo', { method: 'POST', headers: JSON_TYPE, body: BODY });
    add('called', [promise.constructor === Promise, Object.keys(promise), fetch.name, fetch.length]);
    await tellResponse(add, await promise);
  },
  async 'a Request object, used once'(add) {
    const request = new Request('/api/echo?request', { method: 'POST', headers: JSON_TYPE, body: BODY });
    const promise = fetch(request, { headers: { ...JSON_TYPE, 'X-Later': '1' } });
    add('used', request.bodyUsed);
    await tellResponse(add, await promise);
    await fetch(request).catch(error => add('again', error));
  },
  async 'not found'(add) {
    await tellResponse(add, await fetch('/api/missing'));
  },
  async aborted(add) {
    const end = new AbortController();
    setTimeout(() => end.abort(), 50);
    await fetch('/api/never', { signal: end.signal }).catch(error => {
      add('rejected', error);
      add('the reason itself', error === end.signal.reason);
    });
  },
  async 'aborted before the start'(add) {
    const promise = fetch('/api/never', { signal: AbortSignal.abort(new RangeError('own reason')) });
    add('microtasks', await ticksOf(promise));
    await promise.catch(error => add('rejected', error));
  },
  async 'aborted while its body comes'(add) {
    const end = new AbortController();
    const response = await fetch('/api/slow', { signal: end.signal });
    const reader = response.body.getReader();
    add('first', (await reader.read()).value.length);
    end.abort();
    await reader.read().catch(error => add('rejected', error));
  },
  async 'a timeout'(add) {
    await fetch('/api/never', { signal: AbortSignal.timeout(100) }).catch(error => add('rejected', error));
  },
  async 'a network error'(add) {
    const promise = fetch('/api/reset');
    const order = [];
    promise.catch(() => order.push('first'));
    promise.catch(() => order.push('second'));
    await promise.catch(error => add('rejected', error));
    add('order', order);
  },
  async 'parameters that are none'(add) {
    for (const parameters of [[], ['http://'], ['/api/json', { method: 'G T' }], ['/api/json', null]]) {
      const promise = fetch(...parameters);
      await promise.then(
        ({ status }) => add('status', status),
        error => add('rejected', error),
      );
    }
    add('on another object', await fetch.call(undefined, '/api/json').then(({ status }) => status));
    try {
      await fetch.call({}, '/api/json');
    } catch (error) {
      add('on a wrong object', error);
    }
  },
  async 'a body read chunk by chunk, and cloned'(add) {
    const response = await fetch('/api/slow');
    const copy = response.clone();
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read())
      add('part', part.value.length);
    add('copy', (await copy.text()).length);
  },
  async 'a body that breaks off'(add) {
    const response = await fetch('/api/cut');
    await response.text().catch(error => add('rejected', error));
    add('body used', response.bodyUsed);
  },
  async 'a stream that is sent'(add) {
    const body = upload();
    const promise = fetch('/api/echo', { method: 'POST', body, duplex: 'half', headers: JSON_TYPE });
    add('locked', body.locked);
    await promise.then(
      response => tellResponse(add, response),
      error => add('rejected', error),
    );
  },
  async 'answers that a page may not see'(add) {
    await tellResponse(add, await fetch('/api/moved', { redirect: 'manual' }));
    await fetch('/api/moved', { redirect: 'error' }).catch(error => add('rejected', error));
    await tellResponse(add, await fetch('/api/moved'));
  },
  async 'calls side by side'(add) {
    const calls = ['/api/json?first', '/api/missing', '/api/json?last'].map(async url => {
      const { status } = await fetch(url);
      return status;
    });
    add('statuses', await Promise.all(calls));
  },
});

client('WebAssembly', {
  async compileStreaming(add) {
    const module = await WebAssembly.compileStreaming(fetch('/api/module.wasm'));
    add('exports', WebAssembly.Module.exports(module));
    const { instance } = await WebAssembly.instantiateStreaming(fetch('/api/module.wasm'));
    add('answer', instance.exports.answer());
  },
  async 'of another type'(add) {
    await WebAssembly.compileStreaming(fetch('/api/json')).catch(error => add('rejected', error));
  },
  async 'not found'(add) {
    await WebAssembly.compileStreaming(fetch('/api/missing')).catch(error => add('rejected', error));
  },
  async 'a network error'(add) {
    await WebAssembly.compileStreaming(fetch('/api/reset')).catch(error => add('rejected', error));
  },
});

client('EventSource', {
  'three messages': add =>
    new Promise(resolve => {
      const source = new EventSource('/api/events');
      source.onopen = () => add('open', source.readyState);
      source.onmessage = ({ data, lastEventId }) => {
        add('message', [data, lastEventId]);
        if (lastEventId === '3') resolve(source.close());
      };
    }),
  'not found': add =>
    new Promise(resolve => {
      const source = new EventSource('/api/missing');
      source.onerror = () => resolve(add('error', source.readyState));
    }),
  async 'read by fetch'(add) {
    const end = new AbortController();
    const response = await fetch('/api/events', { signal: end.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('id: 3')) text += (await reader.read()).value;
    add('text', text);
    end.abort();
    await reader.read().catch(error => add('rejected', error));
  },
});
