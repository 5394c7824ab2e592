import jQuery from 'jquery';
import ky from 'ky';
import superagent from 'superagent';
import { client, tellResponse } from './log.js';

const caught = (add, promise, tell) => promise.then(tell, error => add('rejected', error));
const BODY = { id: 7, name: 'Zoë' };

client('ky', {
  'JSON, sent and received': async add => {
    await tellResponse(add, await ky.post('/api/echo', { json: BODY, headers: { 'X-A': '1' } }));
    add('data', await ky.post('/api/echo', { json: BODY }).json());
  },
  'not found': async add => {
    await ky.get('/api/missing', { retry: 0 }).catch(async error => {
      add('rejected', error);
      add('answer', [error.response.status, error.data ?? (await error.response.json())]);
    });
  },
  'tried again': async add => {
    const hooks = { beforeRetry: [({ retryCount }) => add('retry', retryCount)] };
    await caught(add, ky.get('/api/fails', { retry: { limit: 2, delay: () => 20 }, hooks }));
  },
  aborted: async add => {
    const end = new AbortController();
    setTimeout(() => end.abort(), 50);
    await caught(add, ky.get('/api/never', { signal: end.signal }));
  },
  'a timeout': add => caught(add, ky.get('/api/never', { timeout: 100, retry: 0 })),
  'a network error': add => caught(add, ky.get('/api/reset', { retry: 0 })),
  'upload with progress': async add => {
    const seen = [];
    const onUploadProgress = ({ percent, transferredBytes, totalBytes }) =>
      seen.push({ percent, transferredBytes, totalBytes });
    const json = { text: 'x'.repeat(200_000) };
    // Over HTTP/1.1 a browser refuses it, sooner or later.
    await caught(add, ky.post('/api/count', { json, onUploadProgress, retry: 0 }), async response => {
      add('length', (await response.text()).length);
      add('uploaded', seen.at(-1));
    });
  },
});

const tellAgent = ({ status, headers, body, text, type }) => ({ status, headers, body, text, type });
client('superagent', {
  'JSON, sent and received': add =>
    superagent
      .post('/api/echo')
      .set('X-A', '1')
      .send(BODY)
      .then(answer => add('answer', tellAgent(answer))),
  'not found': add =>
    superagent.get('/api/missing').catch(error => {
      add('rejected', error);
      add('answer', tellAgent(error.response));
    }),
  aborted: add =>
    new Promise(resolve => {
      const request = superagent.get('/api/never');
      request.on('abort', () => resolve(add('abort')));
      request.end(error => add('ended', error));
      setTimeout(() => request.abort(), 50);
    }),
  'a timeout': add =>
    superagent
      .get('/api/never')
      .timeout(100)
      .catch(error => add('rejected', error)),
  'a network error': add => superagent.get('/api/reset').catch(error => add('rejected', error)),
});

/** Calls jQuery, and tells its events in their order. */
const ajax = (add, settings, act) =>
  new Promise(resolve => {
    const request = jQuery.ajax({
      ...settings,
      beforeSend: () => add('beforeSend'),
      success: data => add('success', data),
      error: (_, status, error) => add('error', [status, `${error}`]),
      complete(xhr, status) {
        add('complete', [status, xhr.status, xhr.readyState, xhr.getAllResponseHeaders(), xhr.responseText]);
        resolve();
      },
    });
    act?.(request);
  });
client('jQuery', {
  'JSON, sent and received': add =>
    ajax(add, {
      url: '/api/echo',
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(BODY),
    }),
  'a form': add => ajax(add, { url: '/api/echo', method: 'POST', data: BODY }),
  'not found': add => ajax(add, { url: '/api/missing' }),
  aborted: add => ajax(add, { url: '/api/never' }, request => setTimeout(() => request.abort(), 50)),
  'a timeout': add => ajax(add, { url: '/api/never', timeout: 100 }),
  'a network error': add => ajax(add, { url: '/api/reset' }),
});
